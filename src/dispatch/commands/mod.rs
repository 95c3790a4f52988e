//! Dispatching, and the moves that belong to no later slice. Every move, also those of `report` and `supervision`, goes
//! through [`transition`].

mod acknowledging;
mod exempting;
mod returning;
mod sending;

use chrono::NaiveDate;
use entity::stored::{AssignmentState, Move, Role};
use entity::{assignment, assignment_event};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

pub use acknowledging::{MOST_ROWS, Taken, Taking, acknowledge, acknowledge_all};
pub use exempting::{exempt, refuse_exemption, request_exemption};
pub use returning::{return_row, rule};
pub use sending::{DryRun, dispatch, dry_run};

use super::queries::{self, Found};
use super::workflow::{Hand, next};
use crate::ctx::Ctx;
use crate::error::{Error, Refusal, Result};
use crate::{audit, clock, identity};

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

/// Whether the table and the hand allow a move now: the role in which it is made, and where it leads.
///
/// `seen` is the number of moves that the form was made from; where given, another's move in between is refused.
///
/// # Errors
/// `assignment.stale`; `assignment.wrong_state`; `assignment.not_yours` where the assignment concerns the actor and the
/// move is somebody else's; `assignment.own_report` where the reporter would sign.
pub async fn allowed(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    found: &Found,
    act: Move,
    seen: Option<i32>,
) -> Result<(Role, AssignmentState)> {
    let staff = ctx.staff()?;
    let row = &found.assignment;
    if seen.is_some_and(|seen| seen != row.moves) {
        return Err(stale(db, found).await?);
    }
    let (hand, to) = next(row.state, act)?;
    if let Some(role) = hand.role_of(staff, row, found.team.as_deref()) {
        return Ok((role, to));
    }
    let own = hand == Hand::CoordinatorNotReporter
        && row.reporter_id == Some(staff.id)
        && staff.holds_in(Role::ProvinceCoordinator, &row.province);
    if own { Err(own_report(db, found).await?) } else { Err(not_yours(hand)) }
}

/// Makes one move: checks the table and the hand, sets the state where it still is what it was, appends the event. The
/// caller may change further columns of the row by `change`.
///
/// # Errors
/// As [`allowed`].
pub async fn transition(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &Found,
    act: Move,
    seen: Option<i32>,
    entry: Entry,
    change: impl FnOnce(&mut assignment::ActiveModel),
) -> Result<assignment::Model> {
    let (role, to) = allowed(tx, ctx, found, act, seen).await?;
    let row = &found.assignment;
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
        return Err(stale(tx, found).await?);
    }
    let event = assignment_event::ActiveModel {
        assignment_id: Set(row.id),
        seq: Set(row.moves + 1),
        act: Set(act),
        from_state: Set(Some(row.state)),
        to_state: Set(to),
        at: Set(ctx.now),
        effective_on: Set(entry.effective_on),
        actor_id: Set(ctx.account()),
        role: Set(role),
        office: Set(ctx.office()),
        on_behalf_of: Set(None),
        reason: Set(entry.reason),
        detail: Set(if entry.detail.is_null() { json!({}) } else { entry.detail }),
        system_at: Set(clock::stamp()),
        ..Default::default()
    };
    assignment_event::Entity::insert(event).exec_without_returning(tx).await?;
    let states = json!({ "from": row.state, "to": to });
    note(tx, ctx, found, act.code(), states).await?;
    assignment::Entity::find_by_id(row.id).one(tx).await?.ok_or(Error::NotFound("assignment"))
}

/// Puts an act on an assignment into the audit trail.
async fn note(tx: &DatabaseTransaction, ctx: &Ctx, found: &Found, act: &str, detail: serde_json::Value) -> Result<()> {
    let object = format!("{}/{}", found.issue.code, found.assignment.province);
    audit::record(tx, ctx, &format!("assignment.{act}"), &object, detail).await
}

/// The move is somebody else's; says whose.
#[must_use]
pub fn not_yours(hand: Hand) -> Error {
    Error::Forbidden(Refusal::new("assignment.not_yours").with("hand", hand.code()))
}

/// Somebody moved it meanwhile; says which office, what and when.
async fn stale(db: &impl ConnectionTrait, found: &Found) -> Result<Error> {
    let events = queries::events(db, found.assignment.id, None).await?;
    let mut refusal = Refusal::new("assignment.stale");
    if let Some(last) = events.last() {
        let at = last.at.with_timezone(&clock::CHINA);
        refusal = refusal
            .with("state", last.to_state.code())
            .with("act", last.act.code())
            .with("office", &last.office)
            .with("at", at.format("%Y-%m-%d %H:%M"));
    }
    Ok(Error::Conflict(refusal))
}

/// The reporter would sign; says how many others of the province can.
async fn own_report(db: &impl ConnectionTrait, found: &Found) -> Result<Error> {
    let row = &found.assignment;
    let role = Role::ProvinceCoordinator;
    let holders = identity::queries::holders(db, role, &row.province).await?;
    let others = holders.iter().filter(|a| row.reporter_id != Some(a.id));
    let refusal = Refusal::new("assignment.own_report").with("count", others.count());
    Ok(Error::Forbidden(refusal))
}
