//! Answers of the calls for figures and for lists of assignments. A rate is text, rounded half up to one decimal; the rate of
//! 0 of 0 is a dash.

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::AssignmentState;
use poem_openapi::Object;

use crate::dashboard::figures::{AssignmentAsOf, Count, GroupFigure, percent};
use crate::dashboard::queries::{AsOf, TeamFigure};
use crate::dispatch::deadline::Due;
use crate::programme::calendar::Calendar;

/// The figures as of a day.
#[derive(Debug, Object)]
pub struct DashboardAnswer {
    /// Day for which the answer holds, in China.
    pub as_of: NaiveDate,
    /// Figures of all assignments together.
    pub total: Figures,
    /// Figures by campaign, in the order of dispatch.
    pub campaigns: Vec<CampaignFigures>,
    /// Figures by issue, in the order of dispatch and rank.
    pub issues: Vec<GroupFigures>,
    /// Figures by province, in official order.
    pub provinces: Vec<GroupFigures>,
    /// Figures by supervision team, in the order of the codes.
    pub teams: Vec<TeamFigures>,
}

/// Counts and rates of some assignments.
#[derive(Debug, Object)]
pub struct Figures {
    /// Number of assignments that were dispatched up to the end of the day: the denominator of the first two rates.
    pub assignments: i64,
    /// Number of assignments that the province signed, checked or not.
    pub resolved: i64,
    /// Number of assignments that a supervision team confirmed.
    pub verified: i64,
    /// Number of assignments with an exemption; `assignments` includes them.
    pub exempt: i64,
    /// Number of assignments that are open and past the deadline.
    pub overdue: i64,
    /// Resolution rate: share of `resolved` in `assignments`, in percent with one decimal, such as `59.5`.
    pub resolved_rate: String,
    /// `verified` of `assignments`, in percent.
    pub verified_rate: String,
    /// Number of assignments without an exemption (`assignments` less `exempt`): the denominator of the last two rates.
    pub applicable: i64,
    /// `resolved` of `applicable`, in percent.
    pub resolved_rate_applicable: String,
    /// `verified` of `applicable`, in percent.
    pub verified_rate_applicable: String,
    /// Number of assignments in each state.
    pub states: States,
}

/// Numbers of assignments by state.
#[derive(Debug, Object)]
pub struct States {
    /// Number sent to the province and not yet acknowledged.
    pub dispatched: i64,
    /// Number returned by the province, awaiting a ruling.
    pub returned: i64,
    /// Number acknowledged, with a responsible department.
    pub acknowledged: i64,
    /// Number planned and in progress.
    pub in_progress: i64,
    /// Number claimed by the department and not yet signed by the province.
    pub reported: i64,
    /// Number signed by the province and not yet checked.
    pub resolved: i64,
    /// Number confirmed by the supervision team.
    pub verified: i64,
    /// Number sent back for rework.
    pub rework: i64,
    /// Number with an exemption.
    pub exempt: i64,
}

/// The figures of one group.
#[derive(Debug, Object)]
pub struct GroupFigures {
    /// Code of the issue, province or team; slug of the campaign.
    pub code: String,
    /// Counts and rates of the group.
    #[oai(flatten)]
    pub figures: Figures,
    /// Rank by `resolved_rate` among the groups of its kind, from 1; equal rates share a rank. None where everything is exempt, and
    /// for supervision teams.
    pub rank: Option<i64>,
}

/// The figures of one supervision team.
#[derive(Debug, Object)]
pub struct TeamFigures {
    /// Figures of the provinces that the team checks.
    #[oai(flatten)]
    pub group: GroupFigures,
    /// Number of checks that the team made by the end of the day.
    pub checks: i64,
    /// Number of checks that confirmed a fix.
    pub passed: i64,
    /// Number of checks that refused a fix, relapses included.
    pub refused: i64,
}

/// The figures of one campaign.
#[derive(Debug, Object)]
pub struct CampaignFigures {
    /// Figures and rank of the campaign.
    #[oai(flatten)]
    pub group: GroupFigures,
    /// Day of the campaign's dispatch, in China.
    pub dispatched_on: NaiveDate,
    /// Last day for the fixes of the campaign, in China.
    pub due_on: NaiveDate,
    /// Number of days from the dispatch to the day of the answer.
    pub days_since_dispatch: i64,
}

impl Figures {
    /// The published figures of a count.
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
    /// The published figures of a group.
    pub fn of(line: &GroupFigure) -> Self {
        Self { code: line.code.clone(), figures: Figures::of(&line.count), rank: line.rank }
    }
}

impl TeamFigures {
    /// The published figures of a team.
    pub fn of(team: &TeamFigure) -> Self {
        let checks = team.checks;
        Self {
            group: GroupFigures::of(&team.group),
            checks: checks.made(),
            passed: checks.passed,
            refused: checks.refused,
        }
    }
}

/// A page of assignments.
#[derive(Debug, Object)]
pub struct AssignmentPage {
    /// Day for which the answer holds, in China.
    pub as_of: NaiveDate,
    /// Number of assignments on all pages.
    pub total: u64,
    /// Number of this page, from 1.
    pub page: u64,
    /// Number of pages.
    pub pages: u64,
    /// Assignments of this page, at most fifty.
    pub assignments: Vec<AssignmentShort>,
}

/// One assignment as of a day.
#[derive(Debug, Object)]
pub struct AssignmentShort {
    /// Slug of the assignment's campaign.
    pub campaign: String,
    /// Code of the assignment's issue.
    pub issue: String,
    /// Code of the assignment's province.
    pub province: String,
    /// Code of the supervision team that checks the province; empty where none does.
    pub team: String,
    /// State of the assignment on that day.
    pub state: AssignmentState,
    /// Instant at which the assignment entered that state, programme time.
    pub since: DateTime<Utc>,
    /// Last day for the fix, in China.
    pub due_on: NaiveDate,
    /// Whether the assignment was open and past the deadline.
    pub overdue: bool,
    /// Number of working days past the deadline; none where the assignment is not overdue.
    pub working_days_late: Option<u32>,
    /// Number of counties, windows or hospitals that the claim covers; only while the state is reported.
    pub covered: Option<i64>,
    /// Number of counties, windows or hospitals in all.
    pub coverable: Option<i64>,
}

impl AssignmentShort {
    /// The published form of an assignment as it stood on a day.
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
