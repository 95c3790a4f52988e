//! What the call for one assignment answers: where it stood, and its public history with every claim that a check refused.

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
    /// The day in China.
    pub as_of: NaiveDate,
    /// Where it stood.
    #[oai(flatten)]
    pub standing: AssignmentShort,
    /// The department that the province named; empty before.
    pub department: String,
    /// The claim that stood.
    pub report: Option<ReportAnswer>,
    /// The signed claims that no longer stood, the newest first: those that failed a check, and those that relapsed after one.
    pub failed_reports: Vec<FailedReport>,
    /// The checks by then, oldest first.
    pub checks: Vec<CheckAnswer>,
    /// The requests for exemption by then, oldest first.
    pub exemption_requests: Vec<RequestAnswer>,
    /// The moves by then, oldest first.
    pub events: Vec<EventAnswer>,
}

/// A claim of a fix.
#[derive(Debug, Object)]
pub struct ReportAnswer {
    /// When it was filed.
    pub at: DateTime<Utc>,
    /// How it was.
    pub before: String,
    /// What changed.
    pub after: String,
    /// Since when it works.
    pub effective_on: NaiveDate,
    /// Counties, windows or hospitals covered.
    pub covered: i32,
    /// Out of how many.
    pub coverable: i32,
    /// What proves it.
    pub evidence: Vec<EvidenceAnswer>,
}

/// A signed claim that no longer stands.
#[derive(Debug, Object)]
pub struct FailedReport {
    /// What was claimed.
    #[oai(flatten)]
    pub report: ReportAnswer,
    /// When a supervision team confirmed it; none where none did.
    pub verified_at: Option<DateTime<Utc>>,
    /// When it was found not to hold.
    pub failed_at: DateTime<Utc>,
    /// How: `rejection`, or `relapse` after it was confirmed.
    pub act: Move,
    /// Code of the team that found it.
    pub team: String,
    /// What was seen.
    pub findings: String,
}

/// One file that proves something. The file and its name may hold personal data and are not public.
#[derive(Debug, Object)]
pub struct EvidenceAnswer {
    /// Media type by content.
    pub media: String,
    /// Bytes.
    pub size: i64,
    /// When it was uploaded.
    pub at: DateTime<Utc>,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
}

/// A check by a supervision team.
#[derive(Debug, Object)]
pub struct CheckAnswer {
    /// When.
    pub at: DateTime<Utc>,
    /// Code of the team.
    pub team: String,
    /// What was found.
    pub outcome: Outcome,
    /// What was tried.
    pub test: String,
    /// What was seen.
    pub findings: String,
}

/// A request for exemption.
#[derive(Debug, Object)]
pub struct RequestAnswer {
    /// When.
    pub at: DateTime<Utc>,
    /// Why, by class.
    pub class: ExemptionClass,
    /// Why, in words.
    pub basis: String,
    /// When it was decided, if by then.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was refused; empty where it was granted or is open.
    pub refusal: String,
}

/// One move.
#[derive(Debug, Object)]
pub struct EventAnswer {
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// What.
    pub act: Move,
    /// From which state; none for the dispatch.
    pub from: Option<AssignmentState>,
    /// To which state.
    pub to: AssignmentState,
    /// In which role.
    pub role: Role,
    /// For which office.
    pub office: String,
    /// Since when the fix works, as a report says.
    pub effective_on: Option<NaiveDate>,
    /// Reason, basis, ruling or finding.
    pub reason: String,
}

impl AssignmentFull {
    /// From a story; nothing before the dispatch.
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
    /// Nothing for a claim that stands.
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
