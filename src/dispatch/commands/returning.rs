//! Returns: the province sends an assignment back once as not its own, and the organiser rules on the return.

use entity::assignment;
use entity::stored::{AssignmentState, Move};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};

use super::{MoveDetail, transition};
use crate::base::clock::last_day;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::dispatch::permission::Permitted;

/// The province sends the assignment back as not its own: once, and within the acknowledgement limit. The deadline is not
/// extended.
///
/// # Errors
/// As [`transition`]; `assignment.returned_before`; `assignment.return_late`.
pub async fn return_row(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    permitted: Permitted<'_>,
    basis: &str,
) -> Result<assignment::Model> {
    let permitted = permitted.only(&[Move::Return])?;
    let found = permitted.assignment();
    if found.assignment.returned {
        return Err(Error::conflict("assignment.returned_before"));
    }
    let limit = found.dispatch.acknowledge_due_at;
    if ctx.now >= limit {
        let refusal = Refusal::new("assignment.return_late").with("day", last_day(limit));
        return Err(Error::Conflict(refusal));
    }
    let mut problems = Problems::default();
    let basis = problems.text("basis", basis, 2000);
    problems.finish()?;
    let entry = MoveDetail { reason: basis, ..MoveDetail::default() };
    transition(tx, ctx, permitted, entry, |row| row.returned = Set(true)).await
}

/// The organiser decides a return: the assignment goes back to the province, or is exempt. The ruling is binding.
///
/// # Errors
/// As [`transition`].
pub async fn rule(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    permitted: Permitted<'_>,
    ruling: &str,
    exempt: bool,
) -> Result<assignment::Model> {
    let permitted = permitted.only(&[Move::Ruling])?;
    let mut problems = Problems::default();
    let ruling = problems.text("ruling", ruling, 2000);
    problems.finish()?;
    let to = if exempt { AssignmentState::Exempt } else { AssignmentState::Dispatched };
    let entry = MoveDetail { reason: ruling, to: Some(to), ..MoveDetail::default() };
    transition(tx, ctx, permitted, entry, |_| ()).await
}
