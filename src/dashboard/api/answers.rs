//! What the calls of this slice answer. Rates are text, half up to one decimal; 0 of 0 is a dash.

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::AssignmentState;
use poem_openapi::Object;

use crate::dashboard::figures::{AssignmentAsOf, Count, GroupFigure, percent};
use crate::dashboard::queries::AsOf;
use crate::dispatch::deadline::Due;
use crate::programme::calendar::Calendar;

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
    pub fn of(line: &GroupFigure) -> Self {
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
    pub fn of(row: &AssignmentAsOf, as_of: AsOf, calendar: &Calendar) -> Self {
        let due = row.due(as_of.day, as_of.instant, calendar);
        Self {
            campaign: row.campaign.clone(),
            issue: row.issue.clone(),
            province: row.province.clone(),
            team: row.team.clone(),
            state: row.state,
            since: row.since,
            due_on: row.due_on(),
            overdue: row.is_overdue(as_of.instant),
            working_days_late: due.filter(Due::is_overdue).map(|due| due.days),
            covered: row.coverage.map(|c| c.0),
            coverable: row.coverage.map(|c| c.1),
        }
    }
}
