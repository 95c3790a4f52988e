//! Acknowledgement: the province takes assignments and names the responsible departments, one by one or many at once.

use std::collections::{BTreeMap, BTreeSet};

use entity::assignment;
use entity::stored::Move;
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use serde_json::json;

use super::{MoveDetail, transition};
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::dispatch::permission::{Permitted, allowed};
use crate::dispatch::queries;

/// Largest number of assignments in one bulk acknowledgement.
pub const MAX_ROWS: usize = 200;

/// One assignment to be acknowledged among many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taking {
    /// Code of the issue.
    pub issue: String,
    /// Code of the province, six digits.
    pub province: String,
    /// Responsible department of the province.
    pub department: String,
    /// Number of moves that the request was made from; none where the request carries none.
    pub expected_version: Option<i32>,
}

/// The outcome for one assignment, or the outcome that it would have.
#[derive(Debug)]
pub struct Taken {
    /// Assignment and department as requested.
    pub asked: Taking,
    /// The assignment after the move, or unchanged for a dry run; else the refusal.
    pub outcome: Result<assignment::Model>,
}

/// The province takes the assignment and names the responsible department.
///
/// # Errors
/// As [`transition`]; `Invalid` without a department.
pub async fn acknowledge(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    permitted: Permitted<'_>,
    department: &str,
) -> Result<assignment::Model> {
    let permitted = permitted.only(&[Move::Acknowledgement])?;
    let department = named(department)?;
    let entry = MoveDetail { detail: json!({ "department": department }), ..MoveDetail::default() };
    transition(tx, ctx, permitted, entry, |row| row.department = Set(department)).await
}

/// Acknowledges every assignment that can be acknowledged; the others stay as they are, each with its reason. An assignment
/// that is requested twice counts once. With `dry_run` nothing is written, and the result tells what would happen.
///
/// # Errors
/// `NotFound` for anybody but a province coordinator; `assignment.many_rows`; a store that fails.
pub async fn acknowledge_all(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    rows: Vec<Taking>,
    dry_run: bool,
) -> Result<Vec<Taken>> {
    ctx.require(Act::Coordinate)?;
    if rows.len() > MAX_ROWS {
        let refusal = Refusal::new("assignment.many_rows").with("most", MAX_ROWS);
        return Err(Error::field("rows", refusal));
    }
    let mut taken = Vec::new();
    let mut names = BTreeSet::new();
    let rows: Vec<Taking> =
        rows.into_iter().filter(|asked| names.insert((asked.issue.clone(), asked.province.clone()))).collect();
    if !dry_run {
        hold_all(tx, ctx, &rows).await?;
    }
    for asked in rows {
        let outcome = match take(tx, ctx, &asked, dry_run).await {
            Err(error @ (Error::Database(_) | Error::Internal(_))) => return Err(error),
            outcome => outcome,
        };
        taken.push(Taken { asked, outcome });
    }
    Ok(taken)
}

/// Locks all assignments before the first is acknowledged, in the order of their keys. Otherwise two transactions could wait
/// for each other (deadlock).
async fn hold_all(tx: &DatabaseTransaction, ctx: &Ctx, rows: &[Taking]) -> Result<()> {
    let mut held = BTreeMap::new();
    for asked in rows {
        match queries::for_staff(tx, ctx, &asked.issue, &asked.province).await {
            Ok(found) => drop(held.insert(found.assignment.id, found)),
            Err(error @ (Error::Database(_) | Error::Internal(_))) => return Err(error),
            // The refusal is reported when the turn of this assignment comes.
            Err(_) => {}
        }
    }
    for found in held.values() {
        queries::lock(tx, found).await?;
    }
    Ok(())
}

async fn take(tx: &DatabaseTransaction, ctx: &Ctx, asked: &Taking, dry_run: bool) -> Result<assignment::Model> {
    let found = queries::for_staff(tx, ctx, &asked.issue, &asked.province).await?;
    let permitted = allowed(tx, ctx, &found, Move::Acknowledgement, asked.expected_version).await?;
    if !dry_run {
        return acknowledge(tx, ctx, permitted, &asked.department).await;
    }
    named(&asked.department)?;
    Ok(found.assignment)
}

/// The name of the department in its stored form.
fn named(department: &str) -> Result<String> {
    let mut problems = Problems::default();
    let department = problems.line("department", department, 60);
    problems.finish()?;
    Ok(department)
}
