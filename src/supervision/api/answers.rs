//! What the calls of this slice answer. Rates are text, half up to one decimal; 0 of 0 is a dash.

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::{AssignmentState, ExemptionClass, Move, Outcome, Role};
use poem_openapi::Object;

use crate::programme::calendar::Calendar;
use crate::supervision::figures::{Count, Line, Standing, Timing, percent};
use crate::supervision::queries::AsOf;
use crate::supervision::queries::one::One;

/// The figures as of a day.
#[derive(Debug, Object)]
pub struct DashboardAnswer {
    /// The day in China.
    pub as_of: NaiveDate,
    /// All together.
    pub total: Figures,
    /// By campaign, the first one first.
    pub campaigns: Vec<CampaignFigures>,
    /// By issue, in the order of dispatch and rank.
    pub issues: Vec<GroupFigures>,
    /// By province, in official order.
    pub provinces: Vec<GroupFigures>,
    /// By supervision team.
    pub teams: Vec<GroupFigures>,
}

/// Counts and rates of some assignments.
#[derive(Debug, Object)]
pub struct Figures {
    /// Dispatched by then: the denominator.
    pub assignments: i64,
    /// Signed by the province, checked or not.
    pub resolved: i64,
    /// Confirmed by a supervision team.
    pub verified: i64,
    /// Found not to apply; stays in `assignments`.
    pub exempt: i64,
    /// Open, and past the deadline.
    pub overdue: i64,
    /// `resolved` of `assignments`, in percent: `59.5`.
    pub resolved_rate: String,
    /// `verified` of `assignments`, in percent.
    pub verified_rate: String,
    /// `assignments` less `exempt`.
    pub applicable: i64,
    /// `resolved` of `applicable`, in percent.
    pub resolved_rate_applicable: String,
    /// `verified` of `applicable`, in percent.
    pub verified_rate_applicable: String,
    /// How many in each state.
    pub states: States,
}

/// How many assignments in each state.
#[derive(Debug, Object)]
pub struct States {
    /// Sent to the province, not yet acknowledged.
    pub dispatched: i64,
    /// Sent back by the province; awaits a ruling.
    pub returned: i64,
    /// Acknowledged, with a responsible department.
    pub acknowledged: i64,
    /// Planned and being worked on.
    pub in_progress: i64,
    /// Claimed by the department, not signed by the province.
    pub reported: i64,
    /// Signed by the province.
    pub resolved: i64,
    /// Checked by the supervision team.
    pub verified: i64,
    /// To be done again.
    pub rework: i64,
    /// Not to be done.
    pub exempt: i64,
}

/// The figures of one group.
#[derive(Debug, Object)]
pub struct GroupFigures {
    /// Code of the issue, province or team; slug of the campaign.
    pub code: String,
    /// Counts and rates.
    #[oai(flatten)]
    pub figures: Figures,
    /// Rank by `resolved_rate` among its like; equal rates share one. None where everything is exempt.
    pub rank: Option<i64>,
}

/// The figures of one campaign.
#[derive(Debug, Object)]
pub struct CampaignFigures {
    /// The figures.
    #[oai(flatten)]
    pub group: GroupFigures,
    /// Day of dispatch.
    pub dispatched_on: NaiveDate,
    /// Last day for fixes.
    pub due_on: NaiveDate,
    /// Days since dispatch.
    pub days_since_dispatch: i64,
}

impl Figures {
    /// From counts.
    pub fn of(count: &Count) -> Self {
        use AssignmentState as S;
        let (all, applicable) = (count.assignments(), count.applicable());
        Self {
            assignments: all,
            resolved: count.resolved(),
            verified: count.verified(),
            exempt: count.exempt(),
            overdue: count.overdue,
            resolved_rate: percent(count.resolved(), all),
            verified_rate: percent(count.verified(), all),
            applicable,
            resolved_rate_applicable: percent(count.resolved(), applicable),
            verified_rate_applicable: percent(count.verified(), applicable),
            states: States {
                dispatched: count.of(S::Dispatched),
                returned: count.of(S::Returned),
                acknowledged: count.of(S::Acknowledged),
                in_progress: count.of(S::InProgress),
                reported: count.of(S::Reported),
                resolved: count.of(S::Resolved),
                verified: count.of(S::Verified),
                rework: count.of(S::Rework),
                exempt: count.of(S::Exempt),
            },
        }
    }
}

impl GroupFigures {
    /// From a line.
    pub fn of(line: &Line) -> Self {
        Self { code: line.code.clone(), figures: Figures::of(&line.count), rank: line.rank }
    }
}

/// A page of assignments.
#[derive(Debug, Object)]
pub struct AssignmentPage {
    /// The day in China.
    pub as_of: NaiveDate,
    /// How many there are.
    pub total: u64,
    /// This page, from 1.
    pub page: u64,
    /// How many pages there are.
    pub pages: u64,
    /// Fifty at most.
    pub assignments: Vec<AssignmentShort>,
}

/// One assignment as of a day.
#[derive(Debug, Object)]
pub struct AssignmentShort {
    /// Slug of the campaign.
    pub campaign: String,
    /// Code of the issue.
    pub issue: String,
    /// Code of the province.
    pub province: String,
    /// Code of the supervision team that checks the province; empty where none does.
    pub team: String,
    /// Where it stood.
    pub state: AssignmentState,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Last day for the fix.
    pub due_on: NaiveDate,
    /// Whether it was open and past the deadline.
    pub overdue: bool,
    /// Working days past the deadline; none where it is not overdue.
    pub working_days_late: Option<u32>,
    /// Counties, windows or hospitals that the claim covers, while it is reported.
    pub covered: Option<i64>,
    /// Out of how many.
    pub coverable: Option<i64>,
}

impl AssignmentShort {
    /// From a row as it stood.
    pub fn of(row: &Standing, as_of: AsOf, calendar: &Calendar) -> Self {
        let timing = row.timing(as_of.day, as_of.instant, calendar);
        Self {
            campaign: row.campaign.clone(),
            issue: row.issue.clone(),
            province: row.province.clone(),
            team: row.team.clone(),
            state: row.state,
            since: row.since,
            due_on: row.due_on(),
            overdue: row.is_overdue(as_of.instant),
            working_days_late: match timing {
                Timing::Overdue(days) => Some(days),
                Timing::DueSoon(_) | Timing::Quiet => None,
            },
            covered: row.coverage.map(|c| c.0),
            coverable: row.coverage.map(|c| c.1),
        }
    }
}

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
            report: one.report.as_ref().map(|report| ReportAnswer {
                at: report.at,
                before: report.before.clone(),
                after: report.after.clone(),
                effective_on: report.effective_on,
                covered: report.covered,
                coverable: report.coverable,
                evidence: one
                    .evidence
                    .iter()
                    .map(|e| EvidenceAnswer {
                        media: e.media.clone(),
                        size: e.size,
                        at: e.at,
                        sha256: e.sha256.clone(),
                    })
                    .collect(),
            }),
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
