//! Dispatching, and the moves that belong to no later slice.

use chrono::NaiveDate;
use entity::id::AssignmentId;
use entity::stored::{AssignmentState, CampaignMove, ExemptionClass, Move, Role};
use entity::{assignment, assignment_event, campaign, dispatch, exemption_request, issue};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde_json::json;

use super::deadline::Deadlines;
use super::queries::{self, Found};
use super::workflow::next;
use crate::audit;
use crate::campaign::phase::{self, Phase};
use crate::campaign::{commands as campaigns, queries as campaign_queries};
use crate::clock;
use crate::ctx::Ctx;
use crate::error::{Error, Problems, Refusal, Result};
use crate::programme;
use crate::tally;

/// What a dispatch would do: shown before it is done.
#[derive(Clone, Debug)]
pub struct DryRun {
    /// The campaign.
    pub campaign: campaign::Model,
    /// The issues that go out.
    pub issues: Vec<issue::Model>,
    /// Rows that would be created.
    pub rows: usize,
    /// The dates.
    pub deadlines: Deadlines,
    /// Whether it was done already: then it does nothing.
    pub done: Option<dispatch::Model>,
}

/// Tells what a dispatch would do now.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase` where nothing was certified.
pub async fn dry_run(tx: &DatabaseTransaction, ctx: &Ctx, slug: &str) -> Result<DryRun> {
    ctx.require_any(&[Role::Approver, Role::Organiser])?;
    let found = campaign_queries::campaign(tx, slug).await?;
    let done = dispatch::Entity::find_by_campaign_id(found.id).one(tx).await?;
    if done.is_none() {
        phase::next(Phase::of(&found, ctx.now), CampaignMove::Dispatch)?;
    }
    let issues = tally::queries::issues(tx, found.id).await?;
    let calendar = programme::queries::calendar(tx).await?;
    let at = done.as_ref().map_or(ctx.now, |d| d.at);
    let deadlines = Deadlines::of(&found, &calendar, at);
    Ok(DryRun { rows: issues.len() * found.units.0.len(), campaign: found, issues, deadlines, done })
}

/// Sends every issue to every unit of the campaign: all rows or none. Done again it changes nothing and says what stands.
///
/// # Errors
/// `NotFound` for anybody but an approver; `dispatch.author` where the approver wrote the campaign.
pub async fn dispatch(tx: &DatabaseTransaction, ctx: &Ctx, slug: &str) -> Result<dispatch::Model> {
    let approver = ctx.require(Role::Approver)?.id;
    let plan = dry_run(tx, ctx, slug).await?;
    if let Some(done) = plan.done {
        return Ok(done);
    }
    if plan.campaign.author_id == Some(approver) {
        return Err(Error::Forbidden(Refusal::new("dispatch.author")));
    }
    let (due_at, acknowledge_due_at) = (plan.deadlines.due_at(), plan.deadlines.acknowledge_due_at());
    let act = dispatch::ActiveModel {
        campaign_id: Set(plan.campaign.id),
        at: Set(ctx.now),
        due_at: Set(due_at),
        acknowledge_due_at: Set(acknowledge_due_at),
        approver_id: Set(approver),
        rows: Set(i32::try_from(plan.rows).unwrap_or(i32::MAX)),
        ..Default::default()
    };
    let act = act.insert(tx).await?;
    let rows: Vec<assignment::ActiveModel> = plan
        .issues
        .iter()
        .flat_map(|issue| plan.campaign.units.0.iter().map(move |unit| (issue, unit)))
        .map(|(issue, unit)| assignment::ActiveModel {
            issue_id: Set(issue.id),
            province: Set(unit.clone()),
            campaign_id: Set(plan.campaign.id),
            dispatch_id: Set(act.id),
            state: Set(AssignmentState::Dispatched),
            moved_at: Set(ctx.now),
            due_at: Set(due_at),
            returned: Set(false),
            department: Set(String::new()),
            reporter_id: Set(None),
            covered: Set(0),
            coverable: Set(0),
            moves: Set(1),
            ..Default::default()
        })
        .collect();
    for chunk in rows.chunks(200) {
        assignment::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx).await?;
    }
    let made = assignment::Entity::find().filter(assignment::COLUMN.dispatch_id.eq(act.id)).all(tx).await?;
    let events: Vec<assignment_event::ActiveModel> = made
        .iter()
        .map(|row| assignment_event::ActiveModel {
            assignment_id: Set(row.id),
            seq: Set(1),
            act: Set(Move::Dispatch),
            from_state: Set(None),
            to_state: Set(AssignmentState::Dispatched),
            at: Set(ctx.now),
            effective_on: Set(None),
            actor_id: Set(Some(approver)),
            role: Set(Role::Approver),
            office: Set(ctx.office()),
            on_behalf_of: Set(None),
            reason: Set(String::new()),
            detail: Set(json!({ "due_on": plan.deadlines.due_on })),
            system_at: Set(clock::stamp()),
            ..Default::default()
        })
        .collect();
    for chunk in events.chunks(200) {
        assignment_event::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx).await?;
    }
    campaigns::advance_checked(tx, ctx, &plan.campaign, CampaignMove::Dispatch).await?;
    Ok(act)
}

/// What a move adds to its event.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Reason, basis, ruling or finding.
    pub reason: String,
    /// Public facts.
    pub detail: serde_json::Value,
    /// Since when the fix works.
    pub effective_on: Option<NaiveDate>,
    /// Where the move leads, where the table leaves a choice (a ruling).
    pub to: Option<AssignmentState>,
}

/// Makes one move: checks the table and the hand, sets the state where it still is what it was, appends the event. The
/// caller may change further columns of the row by `change`.
///
/// `seen` is the number of moves that the form was made from; where given, another's move in between is refused.
///
/// # Errors
/// `NotFound` where the assignment does not concern the actor; `assignment.wrong_state`; `assignment.stale`;
/// `assignment.not_yours` where the province is one's own and the move is somebody else's, `assignment.own_report` where
/// the reporter would sign.
pub async fn transition(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &Found,
    act: Move,
    seen: Option<i32>,
    entry: Entry,
    change: impl FnOnce(&mut assignment::ActiveModel),
) -> Result<assignment::Model> {
    let staff = ctx.staff()?;
    let row = &found.assignment;
    if seen.is_some_and(|seen| seen != row.moves) {
        let refusal =
            Refusal::new("assignment.stale").with("state", row.state.code()).with("at", row.moved_at.to_rfc3339());
        return Err(Error::Conflict(refusal));
    }
    let (hand, to) = next(row.state, act)?;
    let Some(role) = hand.role_of(staff, row, found.team.as_deref()) else {
        let own = act == Move::Signature && row.reporter_id == Some(staff.id);
        return Err(Error::Forbidden(Refusal::new(if own { "assignment.own_report" } else { "assignment.not_yours" })));
    };
    let to = entry.to.unwrap_or(to);
    let mut changed = assignment::ActiveModel {
        state: Set(to),
        moved_at: Set(ctx.now),
        moves: Set(row.moves + 1),
        ..Default::default()
    };
    change(&mut changed);
    let updated = assignment::Entity::update_many()
        .set(changed)
        .filter(assignment::COLUMN.id.eq(row.id))
        .filter(assignment::COLUMN.moves.eq(row.moves))
        .filter(assignment::COLUMN.state.eq(row.state))
        .exec(tx)
        .await?;
    if updated.rows_affected != 1 {
        return Err(Error::Conflict(Refusal::new("assignment.stale").with("state", row.state.code()).with("at", "")));
    }
    let event = assignment_event::ActiveModel {
        assignment_id: Set(row.id),
        seq: Set(row.moves + 1),
        act: Set(act),
        from_state: Set(Some(row.state)),
        to_state: Set(to),
        at: Set(ctx.now),
        effective_on: Set(entry.effective_on),
        actor_id: Set(Some(staff.id)),
        role: Set(role),
        office: Set(staff.office.clone()),
        on_behalf_of: Set(None),
        reason: Set(entry.reason),
        detail: Set(if entry.detail.is_null() { json!({}) } else { entry.detail }),
        system_at: Set(clock::stamp()),
        ..Default::default()
    };
    assignment_event::Entity::insert(event).exec_without_returning(tx).await?;
    let object = format!("{}/{}", found.issue.code, row.province);
    audit::record(tx, ctx, &format!("assignment.{act}"), &object, json!({ "from": row.state, "to": to })).await?;
    assignment::Entity::find_by_id(row.id).one(tx).await?.ok_or(Error::NotFound("assignment"))
}

/// The province takes the row and names the responsible department.
///
/// # Errors
/// As [`transition`]; `Invalid` without a department.
pub async fn acknowledge(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &Found,
    seen: Option<i32>,
    department: &str,
) -> Result<assignment::Model> {
    let mut problems = Problems::default();
    let department = problems.text("department", department, 60);
    problems.finish()?;
    let entry = Entry { detail: json!({ "department": department }), ..Entry::default() };
    transition(tx, ctx, found, Move::Acknowledgement, seen, entry, |row| row.department = Set(department)).await
}

/// The province sends the row back as not its own: once, within the acknowledgement limit; the clock runs on.
///
/// # Errors
/// As [`transition`]; `assignment.returned_before`; `assignment.return_late`.
pub async fn return_row(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &Found,
    seen: Option<i32>,
    basis: &str,
) -> Result<assignment::Model> {
    let mut problems = Problems::default();
    let basis = problems.text("basis", basis, 2000);
    problems.finish()?;
    if found.assignment.returned {
        return Err(Error::conflict("assignment.returned_before"));
    }
    if ctx.now >= found.dispatch.acknowledge_due_at {
        let day = clock::day_of(found.dispatch.acknowledge_due_at - chrono::TimeDelta::microseconds(1));
        return Err(Error::Conflict(Refusal::new("assignment.return_late").with("day", day)));
    }
    let entry = Entry { reason: basis, ..Entry::default() };
    transition(tx, ctx, found, Move::Return, seen, entry, |row| row.returned = Set(true)).await
}

/// The organiser decides a return: the row goes back to the province, or is exempt. The ruling binds.
///
/// # Errors
/// As [`transition`].
pub async fn rule(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &Found,
    seen: Option<i32>,
    ruling: &str,
    exempt: bool,
) -> Result<assignment::Model> {
    let mut problems = Problems::default();
    let ruling = problems.text("ruling", ruling, 2000);
    problems.finish()?;
    let to = if exempt { AssignmentState::Exempt } else { AssignmentState::Dispatched };
    let entry = Entry { reason: ruling, to: Some(to), ..Entry::default() };
    transition(tx, ctx, found, Move::Ruling, seen, entry, |_| ()).await
}

/// The province asks that an open row be exempted. No move: a fact with a date, until the organiser decides.
///
/// # Errors
/// `NotFound`; `assignment.not_yours`; `assignment.wrong_state`; `exemption.asked` where a request is open.
pub async fn request_exemption(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &Found,
    class: ExemptionClass,
    basis: &str,
) -> Result<()> {
    let staff = ctx.staff()?;
    let mut problems = Problems::default();
    let basis = problems.text("basis", basis, 2000);
    problems.finish()?;
    if !staff.holds_in(Role::ProvinceCoordinator, &found.assignment.province) {
        return Err(Error::Forbidden(Refusal::new("assignment.not_yours")));
    }
    if !found.assignment.state.is_open() {
        return Err(Error::Conflict(
            Refusal::new("assignment.wrong_state").with("state", found.assignment.state.code()),
        ));
    }
    if queries::open_exemption_request(tx, found.assignment.id).await?.is_some() {
        return Err(Error::conflict("exemption.asked"));
    }
    let request = exemption_request::ActiveModel {
        assignment_id: Set(found.assignment.id),
        at: Set(ctx.now),
        class: Set(class),
        basis: Set(basis),
        author_id: Set(staff.id),
        decided_at: Set(None),
        refusal: Set(String::new()),
        ..Default::default()
    };
    exemption_request::Entity::insert(request).exec_without_returning(tx).await?;
    let object = format!("{}/{}", found.issue.code, found.assignment.province);
    audit::record(tx, ctx, "assignment.exemption-request", &object, json!({ "class": class })).await
}

/// The organiser exempts a row that the province asked to be exempted. The row stays in every denominator.
///
/// # Errors
/// As [`transition`]; `exemption.not_asked`.
pub async fn exempt(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &Found,
    seen: Option<i32>,
    basis: &str,
) -> Result<assignment::Model> {
    let mut problems = Problems::default();
    let basis = problems.text("basis", basis, 2000);
    problems.finish()?;
    let request = decide_request(tx, ctx, found.assignment.id, "").await?;
    let entry = Entry { reason: basis, detail: json!({ "class": request.class }), ..Entry::default() };
    transition(tx, ctx, found, Move::Exemption, seen, entry, |_| ()).await
}

/// The organiser refuses an exemption; the row stays as it is.
///
/// # Errors
/// `NotFound`; `exemption.not_asked`; `Invalid` without a reason.
pub async fn refuse_exemption(tx: &DatabaseTransaction, ctx: &Ctx, found: &Found, reason: &str) -> Result<()> {
    ctx.require(Role::Organiser)?;
    let mut problems = Problems::default();
    let reason = problems.text("basis", reason, 2000);
    problems.finish()?;
    decide_request(tx, ctx, found.assignment.id, &reason).await?;
    let object = format!("{}/{}", found.issue.code, found.assignment.province);
    audit::record(tx, ctx, "assignment.exemption-refusal", &object, json!({})).await
}

async fn decide_request(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    id: AssignmentId,
    refusal: &str,
) -> Result<exemption_request::Model> {
    let request = queries::open_exemption_request(tx, id).await?.ok_or(Error::conflict("exemption.not_asked"))?;
    let mut row = request.into_active_model();
    row.decided_at = Set(Some(ctx.now));
    row.refusal = Set(refusal.to_owned());
    Ok(row.update(tx).await?)
}
