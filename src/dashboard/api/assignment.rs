//! Answer of the call for one assignment: its state on a day, and its public history with every claim that a check refused.

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::{AssignmentState, ExemptionClass, Move, Outcome, Role};
use poem_openapi::Object;

use super::answers::AssignmentShort;
use crate::dashboard::queries::AsOf;
use crate::dashboard::queries::assignment_history::{Claim, One};
use crate::programme::calendar::Calendar;

/// One assignment with its public history.
#[derive(Debug, Object)]
pub struct AssignmentFull {
    /// Day for which the answer holds, in China.
    pub as_of: NaiveDate,
    /// State of the assignment on that day.
    #[oai(flatten)]
    pub standing: AssignmentShort,
    /// Department that the province named in the acknowledgement; empty before.
    pub department: String,
    /// Claim that stood on that day, if any.
    pub report: Option<ReportAnswer>,
    /// Signed claims that no longer stood, the newest first: those that failed a check, and those that relapsed after a check.
    pub failed_reports: Vec<FailedReport>,
    /// Checks up to that day, oldest first.
    pub checks: Vec<CheckAnswer>,
    /// Requests for exemption up to that day, oldest first.
    pub exemption_requests: Vec<RequestAnswer>,
    /// Moves up to that day, oldest first.
    pub events: Vec<EventAnswer>,
}

/// A claim of a fix.
#[derive(Debug, Object)]
pub struct ReportAnswer {
    /// Instant at which the report was filed, programme time.
    pub at: DateTime<Utc>,
    /// Description of the situation before the fix.
    pub before: String,
    /// Description of the situation after the fix.
    pub after: String,
    /// Day from which the fix works, as the report says.
    pub effective_on: NaiveDate,
    /// Number of counties, windows or hospitals that the fix covers.
    pub covered: i32,
    /// Number of counties, windows or hospitals in all.
    pub coverable: i32,
    /// Evidence files of the report.
    pub evidence: Vec<EvidenceAnswer>,
}

/// A signed claim that no longer stands.
#[derive(Debug, Object)]
pub struct FailedReport {
    /// Report that made the claim.
    #[oai(flatten)]
    pub report: ReportAnswer,
    /// Instant at which a supervision team confirmed the claim, programme time; none where no team did.
    pub verified_at: Option<DateTime<Utc>>,
    /// Instant at which a team found that the claim is not true, programme time.
    pub failed_at: DateTime<Utc>,
    /// Move that ended the claim: `rejection`, or `relapse` after a confirmation.
    pub act: Move,
    /// Code of the supervision team that ended the claim.
    pub team: String,
    /// Findings of the team, in words.
    pub findings: String,
}

/// One evidence file. The file and its name may contain personal data and are not public.
#[derive(Debug, Object)]
pub struct EvidenceAnswer {
    /// Media type of the file, determined from its content.
    pub media: String,
    /// Size of the file in bytes.
    pub size: i64,
    /// Instant of the upload, programme time.
    pub at: DateTime<Utc>,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// A check by a supervision team.
#[derive(Debug, Object)]
pub struct CheckAnswer {
    /// Instant of the check, programme time.
    pub at: DateTime<Utc>,
    /// Code of the supervision team that checked.
    pub team: String,
    /// Outcome of the check.
    pub outcome: Outcome,
    /// Test that the team made, in words.
    pub test: String,
    /// Findings of the team, in words.
    pub findings: String,
}

/// A request for exemption.
#[derive(Debug, Object)]
pub struct RequestAnswer {
    /// Instant of the request, programme time.
    pub at: DateTime<Utc>,
    /// Class of the reason for the request.
    pub class: ExemptionClass,
    /// Reason for the request, in words.
    pub basis: String,
    /// Instant of the decision, programme time; none where the request was open on that day.
    pub decided_at: Option<DateTime<Utc>>,
    /// Reason for the refusal; empty where the request was granted or is open.
    pub refusal: String,
}

/// One move of the assignment.
#[derive(Debug, Object)]
pub struct EventAnswer {
    /// Instant at which the move was recorded, programme time.
    pub at: DateTime<Utc>,
    /// Kind of the move.
    pub act: Move,
    /// State before the move; none for the dispatch.
    pub from: Option<AssignmentState>,
    /// State after the move.
    pub to: AssignmentState,
    /// Role in which somebody made the move.
    pub role: Role,
    /// Office for which somebody made the move.
    pub office: String,
    /// Day from which the fix works, as a report says; none for other moves.
    pub effective_on: Option<NaiveDate>,
    /// Reason, basis, ruling or finding that the move states.
    pub reason: String,
}

impl AssignmentFull {
    /// The published form of an assignment's history; none before the dispatch.
    pub fn of(one: &One, as_of: AsOf, calendar: &Calendar) -> Option<Self> {
        let standing = one.standing.as_ref()?;
        Some(Self {
            as_of: as_of.day,
            standing: AssignmentShort::of(standing, as_of, calendar),
            department: one.department().unwrap_or_default().to_owned(),
            report: one.claim.as_ref().map(ReportAnswer::of),
            failed_reports: one.failed.iter().filter_map(FailedReport::of).collect(),
            checks: one
                .checks
                .iter()
                .map(|c| CheckAnswer {
                    at: c.at,
                    team: c.team.clone(),
                    outcome: c.outcome,
                    test: c.test.clone(),
                    findings: c.findings.clone(),
                })
                .collect(),
            exemption_requests: one
                .requests
                .iter()
                .map(|r| {
                    let decided_at = r.decided_at.filter(|at| *at < as_of.instant);
                    RequestAnswer {
                        at: r.at,
                        class: r.class,
                        basis: r.basis.clone(),
                        refusal: decided_at.map(|_| r.refusal.clone()).unwrap_or_default(),
                        decided_at,
                    }
                })
                .collect(),
            events: one
                .events
                .iter()
                .map(|e| EventAnswer {
                    at: e.at,
                    act: e.act,
                    from: e.from_state,
                    to: e.to_state,
                    role: e.role,
                    office: e.office.clone(),
                    effective_on: e.effective_on,
                    reason: e.reason.clone(),
                })
                .collect(),
        })
    }
}

impl ReportAnswer {
    fn of(claim: &Claim) -> Self {
        let report = &claim.report;
        let evidence = claim.evidence.iter();
        Self {
            at: report.at,
            before: report.before.clone(),
            after: report.after.clone(),
            effective_on: report.effective_on,
            covered: report.covered,
            coverable: report.coverable,
            evidence: evidence
                .map(|e| EvidenceAnswer { media: e.media.clone(), size: e.size, at: e.at, sha256: e.sha256.clone() })
                .collect(),
        }
    }
}

impl FailedReport {
    /// The published form of a failed claim; none for a claim that stands.
    fn of(claim: &Claim) -> Option<Self> {
        let end = claim.end.as_ref()?;
        Some(Self {
            report: ReportAnswer::of(claim),
            verified_at: claim.verified_at,
            failed_at: end.at,
            act: end.act,
            team: claim.failed_by().to_owned(),
            findings: end.reason.clone(),
        })
    }
}
