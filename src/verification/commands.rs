//! What a team leader decides.

use entity::assignment;
use entity::stored::{Move, Outcome};
use entity::verification;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use serde_json::json;

use crate::base::ctx::Ctx;
use crate::base::error::{Problems, Result};
use crate::dispatch::commands::{MoveDetail, allowed, transition};
use crate::dispatch::queries::LoadedAssignment;
use crate::report::commands::void_reports;

/// A check as it is filed.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// What was tried.
    pub test: String,
    /// What was seen.
    pub findings: String,
}

/// The fix holds.
///
/// # Errors
/// As [`transition`]; `Invalid`.
pub async fn verify(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &LoadedAssignment,
    seen: Option<i32>,
    check: &Check,
) -> Result<assignment::Model> {
    decide(tx, ctx, found, seen, check, Move::Verification, Outcome::Verified).await
}

/// The fix does not hold: to be done again.
///
/// # Errors
/// As [`transition`]; `Invalid`.
pub async fn reject(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &LoadedAssignment,
    seen: Option<i32>,
    check: &Check,
) -> Result<assignment::Model> {
    decide(tx, ctx, found, seen, check, Move::Rejection, Outcome::Rejected).await
}

/// A fix that was confirmed no longer holds.
///
/// # Errors
/// As [`transition`]; `Invalid`.
pub async fn relapse(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &LoadedAssignment,
    seen: Option<i32>,
    check: &Check,
) -> Result<assignment::Model> {
    decide(tx, ctx, found, seen, check, Move::Relapse, Outcome::Relapsed).await
}

async fn decide(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &LoadedAssignment,
    seen: Option<i32>,
    check: &Check,
    act: Move,
    outcome: Outcome,
) -> Result<assignment::Model> {
    allowed(tx, ctx, found, act, seen).await?;
    let mut problems = Problems::default();
    // A rejection stands on its finding; a confirmation must say what was tried.
    let test = if outcome == Outcome::Verified {
        problems.text("test", &check.test, 2000)
    } else {
        problems.optional_text("test", &check.test, 2000)
    };
    let findings = problems.text("findings", &check.findings, 2000);
    problems.finish()?;
    let row = verification::ActiveModel {
        assignment_id: Set(found.assignment.id),
        at: Set(ctx.now),
        team: Set(found.team.clone().unwrap_or_default()),
        outcome: Set(outcome),
        test: Set(test.clone()),
        findings: Set(findings.clone()),
        leader_id: Set(ctx.staff()?.id),
        ..Default::default()
    };
    verification::Entity::insert(row).exec_without_returning(tx).await?;
    if outcome != Outcome::Verified {
        void_reports(tx, ctx, found.assignment.id).await?;
    }
    let entry =
        MoveDetail { reason: findings, detail: json!({ "test": test, "team": found.team }), ..MoveDetail::default() };
    transition(tx, ctx, found, act, seen, entry, |row| {
        if outcome != Outcome::Verified {
            row.reporter_id = Set(None);
        }
    })
    .await
}
