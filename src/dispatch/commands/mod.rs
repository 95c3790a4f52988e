//! The dispatch, and the moves that belong to no later slice. Every move, also the moves of `report` and `verification`, goes
//! through [`allowed`] and [`transition`].

mod acknowledging;
mod exempting;
mod returning;
mod sending;

use chrono::NaiveDate;
use entity::id::AccountId;
use entity::stored::{AssignmentState, Move};
use entity::{assignment, assignment_event};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

pub use acknowledging::{MAX_ROWS, Taken, Taking, acknowledge, acknowledge_all};
pub use exempting::{exempt, may_request_exemption, refuse_exemption, request_exemption};
pub use returning::{return_row, rule};
pub use sending::{DryRun, dispatch, dry_run};

use super::people;
use super::queries::{self, LoadedAssignment};
use super::workflow::{Bar, Hand, next};
use crate::audit;
use crate::base::access::Capacity;
use crate::base::clock;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};

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

/// A move that the table and the rules about persons allow now. Only [`allowed`] makes a value, and [`transition`] consumes the
/// value: no move is made without permission, and permission is asked once.
pub struct Permitted<'a> {
    found: &'a LoadedAssignment,
    act: Move,
    capacity: Capacity<'a>,
    to: AssignmentState,
}

impl Permitted<'_> {
    /// The lender of the role, where the move is made in a lent role.
    #[must_use]
    pub fn lender(&self) -> Option<AccountId> {
        self.capacity.lent.map(|lent| lent.by)
    }

    /// The move that is permitted.
    #[must_use]
    pub const fn act(&self) -> Move {
        self.act
    }
}

impl<'a> Permitted<'a> {
    /// The permission, where it is for one of the given moves: the permission for one move does not serve for another.
    ///
    /// # Errors
    /// `Internal` for any other move, which is a mistake of the caller.
    pub fn only(self, acts: &[Move]) -> Result<Self> {
        if acts.contains(&self.act) {
            Ok(self)
        } else {
            Err(Error::Internal(format!("permission for {} used for {acts:?}", self.act)))
        }
    }

    /// The assignment that the move changes.
    #[must_use]
    pub const fn assignment(&self) -> &'a LoadedAssignment {
        self.found
    }
}

/// Checks whether the table and the rules about persons allow a move now.
///
/// `expected_version` is the number of moves that the form or call was made from (optimistic lock). Where the number is given,
/// the move is refused after a move in between.
///
/// # Errors
/// `assignment.stale`; `assignment.wrong_state`; `assignment.not_yours` where the assignment is within the actor's reach and
/// the move is somebody else's; `assignment.own_report` where the reporter would sign; `assignment.own_work` and
/// `assignment.own_province` where somebody would judge the person's own work or home province.
pub async fn allowed<'a>(
    db: &impl ConnectionTrait,
    ctx: &'a Ctx,
    found: &'a LoadedAssignment,
    act: Move,
    expected_version: Option<i32>,
) -> Result<Permitted<'a>> {
    let staff = ctx.staff()?;
    let row = &found.assignment;
    if expected_version.is_some_and(|version| version != row.moves) {
        return Err(stale(db, found).await?);
    }
    let (hand, to) = next(row.state, act)?;
    if let Some(capacity) = hand.capacity_of(staff, &found.case()) {
        return Ok(Permitted { found, act, capacity, to });
    }
    let bar = staff.capacities(hand.act(), &row.province).find_map(|c| hand.bar(staff, c, &found.case()));
    Err(match bar {
        None | Some(Bar::NotReporter) => not_yours(hand),
        Some(Bar::OwnReport) => own_report(db, ctx, found, act).await?,
        Some(Bar::OwnWork) => Error::Forbidden(Refusal::new("assignment.own_work")),
        Some(Bar::OwnProvince) => Error::Forbidden(Refusal::new("assignment.own_province")),
    })
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
    let Permitted { found, act, capacity, to } = permitted;
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

/// Refusal of a move that is somebody else's; names the hand that can make the move.
#[must_use]
pub fn not_yours(hand: Hand) -> Error {
    Error::Forbidden(Refusal::new("assignment.not_yours").with("hand", hand.code()))
}

/// Refusal of a move from an old version; names office, move, state and time of the latest move.
async fn stale(db: &impl ConnectionTrait, found: &LoadedAssignment) -> Result<Error> {
    let events = queries::events(db, found, None).await?;
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

/// Refusal of a signature by the reporter; gives the number of others in the province who can sign.
async fn own_report(db: &impl ConnectionTrait, ctx: &Ctx, found: &LoadedAssignment, act: Move) -> Result<Error> {
    let others = people::hands(db, found, act, ctx.now).await?;
    let refusal = Refusal::new("assignment.own_report").with("count", others.len());
    Ok(Error::Forbidden(refusal))
}
