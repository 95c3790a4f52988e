//! The dispatch of a campaign's issues to the provinces: previewed first, made once, all rows or none.

use entity::stored::{AssignmentState, CampaignMove, Move, Role};
use entity::{assignment, assignment_event, dispatch};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, TryInsertResult};
use serde_json::json;

use crate::base::access::Act;
use crate::base::clock;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};
use crate::campaign::{commands as campaigns, queries as campaign_queries};
use crate::dispatch::dry_run::dry_run;
use crate::dispatch::queries;

/// Sends every issue to every province of the campaign: all rows or none. The command is idempotent: a second dispatch changes
/// nothing and returns the first one. `expected` is the version of the dry run that the signer read (optimistic lock).
///
/// # Errors
/// `NotFound` for anybody but an approver; `dispatch.author` where the approver wrote the campaign; `dispatch.changed` where the
/// dispatch would not be the expected version.
pub async fn dispatch(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    slug: &str,
    expected: Option<&str>,
) -> Result<dispatch::Model> {
    let approver = ctx.require(Act::Dispatch)?.id;
    let plan = dry_run(tx, ctx, slug).await?;
    if let Some(done) = plan.done {
        return Ok(done);
    }
    if campaign_queries::own_hands(tx, &plan.campaign).await?.contains(&approver) {
        return Err(Error::Forbidden(Refusal::new("dispatch.author")));
    }
    if expected.is_some_and(|read| read != plan.version()) {
        return Err(Error::conflict("dispatch.changed"));
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
    // Of two simultaneous approvers, the second waits for the commit of the first and finds the first dispatch.
    let inserted =
        dispatch::Entity::insert(act).on_conflict_do_nothing_on([dispatch::Column::CampaignId]).exec(tx).await?;
    let standing = queries::dispatch(tx, plan.campaign.id).await?.ok_or(Error::NotFound("dispatch"))?;
    if !matches!(inserted, TryInsertResult::Inserted(_)) {
        return Ok(standing);
    }
    let act = standing;
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
