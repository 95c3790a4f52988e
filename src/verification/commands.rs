//! The decision of a team leader about a fix.

use entity::stored::{Move, Outcome};
use entity::{assignment, verification};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use serde_json::json;

use crate::base::ctx::Ctx;
use crate::base::error::{Error, Problems, Result};
use crate::dispatch::commands::{MoveDetail, transition};
use crate::dispatch::permission::Permitted;
use crate::report::commands::end_claim;

/// A check that is to be filed.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// Test that was made.
    pub test: String,
    /// Findings of the test.
    pub findings: String,
}

/// Files the check of a team leader: the fix holds, needs rework, or no longer holds.
///
/// # Errors
/// As [`transition`]; `Invalid` without findings, or without a test for a fix that holds.
pub async fn decide(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    permitted: Permitted<'_>,
    check: &Check,
) -> Result<assignment::Model> {
    let outcome = outcome_of(permitted.act())?;
    let found = permitted.assignment();
    let mut problems = Problems::default();
    // A rejection rests on its findings; a confirmation must name the test.
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
    let entry =
        MoveDetail { reason: findings, detail: json!({ "test": test, "team": found.team }), ..MoveDetail::default() };
    if outcome == Outcome::Verified {
        transition(tx, ctx, permitted, entry, |_| ()).await
    } else {
        end_claim(tx, ctx, permitted, entry).await
    }
}

/// The outcome that a move of a team leader states.
fn outcome_of(act: Move) -> Result<Outcome> {
    match act {
        Move::Verification => Ok(Outcome::Verified),
        Move::Rejection => Ok(Outcome::Rejected),
        Move::Relapse => Ok(Outcome::Relapsed),
        other => Err(Error::Internal(format!("{other} is no check"))),
    }
}
