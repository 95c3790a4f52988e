//! Commands of the province on a fix: plan, evidence, report, withdrawal, signature, sending back.

use chrono::{NaiveDate, TimeDelta};
use entity::id::{AssignmentId, EvidenceId};
use entity::stored::{Move, TermKind};
use entity::{assignment, evidence, plan, report};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

use super::claim::{Claim, Coverage};
use super::evidence::Stored;
use super::queries;
use crate::base::access::Act;
use crate::base::clock::day_of;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::base::rate_limit::Limit;
use crate::dispatch::commands::{MoveDetail, transition};
use crate::dispatch::permission::{Permitted, not_yours};
use crate::dispatch::queries::{LoadedAssignment, lock};
use crate::dispatch::workflow::Hand;
use crate::report::evidence::quota::Quota;
use crate::{audit, programme};

/// A plan that is to be filed.
#[derive(Clone, Debug, Default)]
pub struct NewPlan {
    /// Code of the root cause.
    pub root_cause: String,
    /// Code of the remedy.
    pub remedy: String,
    /// Cause and remedy in this province, in words; may be empty.
    pub description: String,
    /// Milestones of the plan: day and work that will be done by then.
    pub milestones: Vec<(NaiveDate, String)>,
}

/// A report that is to be filed.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// Situation before the change.
    pub before: String,
    /// Change that was made.
    pub after: String,
    /// Day since which the fix works.
    pub effective_on: NaiveDate,
    /// Number of counties, windows or hospitals that the fix covers.
    pub covered: i32,
    /// Number of counties, windows or hospitals in all.
    pub coverable: i32,
    /// SHA-256 of the evidence files, hexadecimal, each uploaded for this assignment.
    pub evidence: Vec<String>,
}

/// Rate limit of evidence uploads per account: 600 at once, then one every 6 seconds.
pub const FILES: Limit = Limit { name: "evidence_account", burst: 600, refill: TimeDelta::seconds(6) };
/// Rate limit of reports per account: 120 at once, then one every 30 seconds.
pub const REPORTS: Limit = Limit { name: "report_account", burst: 120, refill: TimeDelta::seconds(30) };

/// Largest number of milestones of a plan and of files of a report.
const MAX_ITEMS: usize = 20;
/// Largest size of all evidence of one assignment, in bytes.
const MAX_ASSIGNMENT_BYTES: i64 = 400 << 20;

/// Files a plan, which starts the work.
///
/// # Errors
/// As [`transition`]; `Invalid`.
pub async fn file_plan(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    permitted: Permitted<'_>,
    new: NewPlan,
) -> Result<assignment::Model> {
    let permitted = permitted.only(&[Move::Plan])?;
    let found = permitted.assignment();
    let mut problems = Problems::default();
    let has = async |kind, code: &str| -> Result<bool> {
        Ok(programme::queries::terms(tx, kind).await?.iter().any(|t| t.code == code))
    };
    problems.check(has(TermKind::RootCause, &new.root_cause).await?, "root_cause", "plan.root_cause");
    problems.check(has(TermKind::Remedy, &new.remedy).await?, "remedy", "plan.remedy");
    let description = problems.optional_text("description", &new.description, 2000);
    problems.check(!new.milestones.is_empty(), "milestones", "plan.no_milestone");
    problems.check(new.milestones.len() <= MAX_ITEMS, "milestones", "plan.many_milestones");
    let milestones: Vec<serde_json::Value> = new
        .milestones
        .iter()
        .map(|(day, text)| {
            problems.of_our_time("milestones", *day);
            json!({ "day": day, "text": problems.text("milestones", text, 200) })
        })
        .collect();
    problems.finish()?;
    let row = plan::ActiveModel {
        assignment_id: Set(found.assignment.id),
        at: Set(ctx.now),
        root_cause: Set(new.root_cause.clone()),
        remedy: Set(new.remedy.clone()),
        description: Set(description.clone()),
        milestones: Set(json!(milestones)),
        author_id: Set(ctx.staff()?.id),
        ..Default::default()
    };
    plan::Entity::insert(row).exec_without_returning(tx).await?;
    let detail = json!({ "root_cause": new.root_cause, "remedy": new.remedy, "description": description, "milestones": milestones });
    transition(tx, ctx, permitted, MoveDetail { detail, ..MoveDetail::default() }, |_| ()).await
}

/// Checks whether the reader may add evidence to an assignment: the reader works on the assignment, and the assignment is open.
///
/// # Errors
/// `assignment.not_yours`; `assignment.wrong_state`.
pub fn may_add_evidence(ctx: &Ctx, found: &LoadedAssignment) -> Result<entity::id::AccountId> {
    let author = works_on(ctx, found)?;
    let state = found.assignment.state;
    if state.is_open() {
        Ok(author)
    } else {
        Err(Error::Conflict(Refusal::new("assignment.wrong_state").with("state", state.code())))
    }
}

/// Records a stored file as evidence for the report that will name it.
///
/// # Errors
/// As [`may_add_evidence`]; `evidence.full`; `report.much_evidence`; as [`Quota::admits`].
pub async fn add_evidence(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &LoadedAssignment,
    room: Quota,
    file: Stored,
) -> Result<evidence::Model> {
    let author = may_add_evidence(ctx, found)?;
    lock(tx, found).await?;
    let standing =
        evidence::Entity::find().filter(evidence::COLUMN.assignment_id.eq(found.assignment.id)).all(tx).await?;
    if let Some(same) = standing.iter().find(|e| e.sha256 == file.sha256 && e.report_id.is_none()) {
        return Ok(same.clone());
    }
    if standing.iter().map(|e| e.size).sum::<i64>() + file.size > MAX_ASSIGNMENT_BYTES {
        return Err(Error::field(
            "evidence",
            Refusal::new("evidence.full").with("megabytes", MAX_ASSIGNMENT_BYTES >> 20),
        ));
    }
    if standing.iter().filter(|e| e.report_id.is_none()).count() >= MAX_ITEMS {
        return Err(Error::field("evidence", Refusal::new("report.much_evidence")));
    }
    programme::queries::hold(tx, &found.assignment.province).await?;
    room.admits(queries::used(tx, &found.assignment.province).await?, file.size)?;
    let row = evidence::ActiveModel {
        assignment_id: Set(found.assignment.id),
        report_id: Set(None),
        sha256: Set(file.sha256),
        name: Set(file.name),
        media: Set(file.media),
        size: Set(file.size),
        at: Set(ctx.now),
        author_id: Set(author),
        ..Default::default()
    };
    let made = row.insert(tx).await?;
    note(tx, ctx, found, "report.add_evidence", &made.sha256).await?;
    Ok(made)
}

/// Records in the audit trail that somebody downloads a file.
///
/// # Errors
/// A store that fails.
pub async fn note_reading(tx: &DatabaseTransaction, ctx: &Ctx, found: &LoadedAssignment, sha256: &str) -> Result<()> {
    note(tx, ctx, found, "report.read_evidence", sha256).await
}

async fn note(tx: &DatabaseTransaction, ctx: &Ctx, found: &LoadedAssignment, act: &str, sha256: &str) -> Result<()> {
    let object = format!("{}/{}", found.issue.code, found.assignment.province);
    audit::record(tx, ctx, act, &object, json!({ "sha256": sha256 })).await
}

/// Removes a file that no report names yet.
///
/// # Errors
/// `NotFound`; `assignment.not_yours`.
pub async fn drop_evidence(tx: &DatabaseTransaction, ctx: &Ctx, found: &LoadedAssignment, sha256: &str) -> Result<()> {
    works_on(ctx, found)?;
    let dropped = evidence::Entity::delete_many()
        .filter(evidence::COLUMN.assignment_id.eq(found.assignment.id))
        .filter(evidence::COLUMN.sha256.eq(sha256))
        .filter(evidence::COLUMN.report_id.is_null())
        .exec(tx)
        .await?;
    if dropped.rows_affected == 0 {
        return Err(Error::NotFound("evidence"));
    }
    note(tx, ctx, found, "report.drop_evidence", sha256).await
}

/// Files a report: the claim of a fix, with evidence.
///
/// # Errors
/// As [`transition`]; `Invalid`.
pub async fn file_report(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    permitted: Permitted<'_>,
    new: NewReport,
) -> Result<assignment::Model> {
    let permitted = permitted.only(&[Move::Report])?;
    let found = permitted.assignment();
    let lender = permitted.lender();
    let author = works_on(ctx, found)?;
    let mut problems = Problems::default();
    let before = problems.text("before", &new.before, 2000);
    let after = problems.text("after", &new.after, 2000);
    problems.of_our_time("effective_on", new.effective_on);
    problems.check(new.effective_on <= day_of(ctx.now), "effective_on", "report.effective_later");
    problems.check((1..=100_000).contains(&new.coverable), "coverable", "report.coverable");
    problems.check((0..=new.coverable).contains(&new.covered), "covered", "report.covered");
    problems.check(!new.evidence.is_empty(), "evidence", "report.no_evidence");
    problems.check(new.evidence.len() <= MAX_ITEMS, "evidence", "report.much_evidence");
    problems.finish()?;
    let files = drafts(tx, found.assignment.id, &new.evidence).await?;
    let row = report::ActiveModel {
        assignment_id: Set(found.assignment.id),
        at: Set(ctx.now),
        before: Set(before.clone()),
        after: Set(after.clone()),
        effective_on: Set(new.effective_on),
        covered: Set(new.covered),
        coverable: Set(new.coverable),
        author_id: Set(author),
        withdrawn_at: Set(None),
        ..Default::default()
    };
    let filed = row.insert(tx).await?;
    evidence::Entity::update_many()
        .set(evidence::ActiveModel { report_id: Set(Some(filed.id)), ..Default::default() })
        .filter(evidence::COLUMN.id.is_in(files.iter().map(|f| f.0)))
        .exec(tx)
        .await?;
    let claim = Claim {
        before,
        after,
        coverage: Coverage { covered: new.covered, coverable: new.coverable },
        evidence: files.into_iter().map(|(_, sha256)| sha256).collect(),
    };
    let detail = serde_json::to_value(claim).map_err(|e| Error::Internal(e.to_string()))?;
    let entry = MoveDetail { detail, effective_on: Some(new.effective_on), ..MoveDetail::default() };
    transition(tx, ctx, permitted, entry, |row| {
        row.reporter_id = Set(Some(author));
        row.reporter_for = Set(lender);
        row.covered = Set(new.covered);
        row.coverable = Set(new.coverable);
    })
    .await
}

/// The coordinator, who is not the reporter, signs the report: the programme's own "resolved".
///
/// # Errors
/// As [`transition`]; `report.partial` for coverage under 100 %.
pub async fn sign(tx: &DatabaseTransaction, ctx: &Ctx, permitted: Permitted<'_>) -> Result<assignment::Model> {
    let permitted = permitted.only(&[Move::Signature])?;
    let found = permitted.assignment();
    let row = &found.assignment;
    if row.covered != row.coverable {
        let refusal = Refusal::new("report.partial").with("covered", row.covered).with("coverable", row.coverable);
        return Err(Error::Conflict(refusal));
    }
    transition(tx, ctx, permitted, MoveDetail::default(), |_| ()).await
}

/// Ends the claim before verification: the reporter withdraws it ([`Move::Withdrawal`]), or the coordinator sends it back to
/// the department ([`Move::SendingBack`]).
///
/// # Errors
/// As [`transition`]; `Invalid` without a reason.
pub async fn take_back(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    permitted: Permitted<'_>,
    reason: &str,
) -> Result<assignment::Model> {
    let permitted = permitted.only(&[Move::Withdrawal, Move::SendingBack])?;
    let mut problems = Problems::default();
    let reason = problems.text("reason", reason, 2000);
    problems.finish()?;
    end_claim(tx, ctx, permitted, MoveDetail { reason, ..MoveDetail::default() }).await
}

/// Ends the standing claim by a move. The report is marked as withdrawn, and the assignment has no reporter any more, neither
/// in the person's own right nor for a lender.
///
/// # Errors
/// As [`transition`].
pub async fn end_claim(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    permitted: Permitted<'_>,
    entry: MoveDetail,
) -> Result<assignment::Model> {
    report::Entity::update_many()
        .set(report::ActiveModel { withdrawn_at: Set(Some(ctx.now)), ..Default::default() })
        .filter(report::COLUMN.assignment_id.eq(permitted.assignment().id()))
        .filter(report::COLUMN.withdrawn_at.is_null())
        .exec(tx)
        .await?;
    transition(tx, ctx, permitted, entry, |row| {
        row.reporter_id = Set(None);
        row.reporter_for = Set(None);
    })
    .await
}

fn works_on(ctx: &Ctx, found: &LoadedAssignment) -> Result<entity::id::AccountId> {
    let staff = ctx.staff()?;
    let province = &found.assignment.province;
    if staff.may_in(Act::Handle, province) { Ok(staff.id) } else { Err(not_yours(Hand::CoordinatorOrHandler)) }
}

/// The uploaded files with these hashes that no report names yet.
async fn drafts(tx: &DatabaseTransaction, id: AssignmentId, hashes: &[String]) -> Result<Vec<(EvidenceId, String)>> {
    let rows = evidence::Entity::find()
        .filter(evidence::COLUMN.assignment_id.eq(id))
        .filter(evidence::COLUMN.report_id.is_null())
        .filter(evidence::COLUMN.sha256.is_in(hashes))
        .all(tx)
        .await?;
    match hashes.iter().find(|h| !rows.iter().any(|r| r.sha256 == **h)) {
        Some(absent) => {
            let shown: String = absent.chars().take(12).collect();
            Err(Error::field("evidence", Refusal::new("report.unknown_evidence").with("hash", shown)))
        }
        None => Ok(rows.into_iter().map(|r| (r.id, r.sha256)).collect()),
    }
}
