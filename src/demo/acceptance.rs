//! The figures that the demo must show, as the programme file states them.
//!
//! Rates and other derived values stay in the file for its readers; here are the counts that they follow from.

use chrono::NaiveDate;
use serde::Deserialize;

/// The figures that the demo must show.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Acceptance {
    /// The days that the figures speak of.
    pub as_of: AsOf,
    /// When each set of rows was signed.
    pub event_date_hint: Signed,
    /// Season 1 by issue.
    pub batch1_by_issue: Vec<IssueFigures>,
    /// Season 2 by issue.
    pub batch2_by_issue: Vec<IssueFigures>,
    /// Both seasons by province.
    pub by_province: Vec<ProvinceFigures>,
    /// Both seasons by team.
    pub by_team: Vec<TeamFigures>,
}

/// The days that the figures speak of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AsOf {
    /// The first count of season 1.
    pub mid_may: NaiveDate,
    /// The count of both seasons.
    pub june: NaiveDate,
    /// The day on which the demo begins to run.
    pub demo_today: NaiveDate,
}

/// When each set of rows was signed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Signed {
    /// Season 1, resolved by mid-May.
    pub batch1_mid_may_set: NaiveDate,
    /// Season 1, added by June.
    pub batch1_added_by_june: NaiveDate,
    /// Season 2.
    pub batch2: NaiveDate,
}

/// The provinces that had resolved an issue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct IssueFigures {
    /// The issue.
    pub issue: String,
    /// By mid-May; empty for season 2.
    #[serde(default)]
    pub resolved_mid_may: Vec<String>,
    /// By 22 June.
    pub resolved_june_22: Vec<String>,
}

/// What a province had resolved.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ProvinceFigures {
    /// The province.
    pub province: String,
    /// Season 1 by mid-May, of 20.
    pub batch1_mid_may: usize,
    /// Season 1 by 22 June, of 20.
    pub batch1_june_22: usize,
    /// Season 2 by 22 June, of 20.
    pub batch2_june_22: usize,
    /// Both by 22 June, of 40.
    pub total_june_22: usize,
}

/// What the provinces of a team had resolved by 22 June.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TeamFigures {
    /// The team.
    pub team: String,
    /// Out of how many.
    pub assignments: usize,
    /// How many.
    pub resolved: usize,
}
