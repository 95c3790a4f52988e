//! The dispatch, and the moves that belong to no later slice. Every move, also the moves of `report` and `verification`, goes
//! through [`allowed`](super::permission::allowed) and [`transition`].

mod acknowledging;
mod exempting;
mod returning;
mod sending;

use chrono::NaiveDate;
use entity::stored::AssignmentState;
use entity::{assignment, assignment_event};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

pub use acknowledging::{MAX_ROWS, Taken, Taking, acknowledge, acknowledge_all};
pub use exempting::{exempt, refuse_exemption, request_exemption};
pub use returning::{return_row, rule};
pub use sending::dispatch;

use super::permission::{Permitted, stale};
use super::queries::LoadedAssignment;
use crate::audit;
use crate::base::clock;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Result};

/// Facts that a move adds to its event.
#[derive(Clone, Debug, Default)]
pub struct MoveDetail {
    /// Reason, basis, ruling or finding of the move.
    pub reason: String,
    /// Public facts of the move, as a JSON object.
    pub detail: serde_json::Value,
    /// Day since which the fix works.
    pub effective_on: Option<NaiveDate>,
    /// State that the move leads to, where the table leaves a choice (a ruling).
    pub to: Option<AssignmentState>,
}

/// Makes one permitted move: sets the state if the stored state and version are unchanged (compare-and-set), and appends the
/// event. The caller may change further columns of the row by `change`.
///
/// # Errors
/// `assignment.stale` where another move came first.
pub async fn transition(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    permitted: Permitted<'_>,
    entry: MoveDetail,
    change: impl FnOnce(&mut assignment::ActiveModel),
) -> Result<assignment::Model> {
    let (found, act, capacity) = (permitted.assignment(), permitted.act(), permitted.capacity());
    let row = &found.assignment;
    let to = entry.to.unwrap_or(permitted.to());
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
        role: Set(capacity.role),
        office: Set(ctx.office()),
        on_behalf_of: Set(capacity.lent.map(|lent| lent.by)),
        reason: Set(entry.reason),
        detail: Set(if entry.detail.is_null() { json!({}) } else { entry.detail }),
        system_at: Set(clock::stamp()),
        ..Default::default()
    };
    assignment_event::Entity::insert(event).exec_without_returning(tx).await?;
    let mut states = json!({ "from": row.state, "to": to });
    if let Some(lent) = capacity.lent {
        states["on_behalf_of"] = json!(lent.login);
    }
    note(tx, ctx, found, act.code(), states).await?;
    assignment::Entity::find_by_id(row.id).one(tx).await?.ok_or(Error::NotFound("assignment"))
}

/// Records an act on an assignment in the audit trail.
async fn note(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &LoadedAssignment,
    act: &str,
    detail: serde_json::Value,
) -> Result<()> {
    let object = format!("{}/{}", found.issue.code, found.assignment.province);
    audit::record(tx, ctx, &format!("assignment.{act}"), &object, detail).await
}
