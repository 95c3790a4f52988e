//! Figures that the demo has to show, as the programme file states them.
//!
//! Rates and other derived values stay in the file for its readers. This module holds only the counts from which they are
//! derived.

use chrono::NaiveDate;
use serde::Deserialize;

/// The figures that the demo must show.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Acceptance {
    /// Days to which the figures refer.
    pub as_of: AsOf,
    /// Days on which each set of rows was signed.
    pub event_date_hint: Signed,
    /// Resolved provinces of each issue of season 1.
    pub batch1_by_issue: Vec<IssueFigures>,
    /// Resolved provinces of each issue of season 2.
    pub batch2_by_issue: Vec<IssueFigures>,
    /// Figures of both seasons by province.
    pub by_province: Vec<ProvinceFigures>,
    /// Figures of both seasons by team.
    pub by_team: Vec<TeamFigures>,
}

/// The days to which the figures refer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AsOf {
    /// Day of the first count of season 1.
    pub mid_may: NaiveDate,
    /// Day of the count of both seasons.
    pub june: NaiveDate,
    /// Day on which the demo begins to run.
    pub demo_today: NaiveDate,
}

/// The days on which each set of rows was signed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Signed {
    /// Day for the rows of season 1 that are resolved by mid-May.
    pub batch1_mid_may_set: NaiveDate,
    /// Day for the rows of season 1 that are added by June.
    pub batch1_added_by_june: NaiveDate,
    /// Day for the rows of season 2.
    pub batch2: NaiveDate,
}

/// The provinces that had resolved an issue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct IssueFigures {
    /// Code of the issue.
    pub issue: String,
    /// Codes of the provinces that had resolved the issue by mid-May; empty for season 2.
    #[serde(default)]
    pub resolved_mid_may: Vec<String>,
    /// Codes of the provinces that had resolved the issue by 22 June.
    pub resolved_june_22: Vec<String>,
}

/// Numbers of issues that a province had resolved.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ProvinceFigures {
    /// Code of the province.
    pub province: String,
    /// Number of issues of season 1 resolved by mid-May, of 20.
    pub batch1_mid_may: usize,
    /// Number of issues of season 1 resolved by 22 June, of 20.
    pub batch1_june_22: usize,
    /// Number of issues of season 2 resolved by 22 June, of 20.
    pub batch2_june_22: usize,
    /// Number of issues of both seasons resolved by 22 June, of 40.
    pub total_june_22: usize,
}

/// Number of assignments that the provinces of a team had resolved by 22 June.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TeamFigures {
    /// Code of the team.
    pub team: String,
    /// Number of assignments of the provinces of the team.
    pub assignments: usize,
    /// Number of resolved assignments among them.
    pub resolved: usize,
}
