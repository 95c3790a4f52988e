//! The view that an address asks for. Every view has a complete address, so that a reader can pass the view on and find it
//! again.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::AssignmentState;
use serde::Deserialize;

use crate::base::error::{Error, Refusal, Result};
use crate::dashboard::figures::AssignmentAsOf;
use crate::dashboard::queries::AsOf;
use crate::web::query;

/// The query of an address, not yet parsed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DashboardQuery {
    /// As-of day, as `YYYY-MM-DD`.
    pub as_of: Option<String>,
    /// Slugs of campaigns, separated by commas.
    pub campaign: Option<String>,
    /// Rows of the matrix: `provinces` makes the provinces the rows.
    pub rows: Option<String>,
    /// Order of the rows: `worst` puts the lowest rates first.
    pub order: Option<String>,
    /// Codes of states, separated by commas.
    pub state: Option<String>,
    /// Fact to filter by: `overdue` or nothing.
    pub fact: Option<String>,
    /// Code of one issue.
    pub issue: Option<String>,
    /// Code of one province.
    pub province: Option<String>,
    /// Number of the page of the list.
    pub page: Option<String>,
}

/// A view of the figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// As-of day, in China; none where the address has no day.
    pub as_of: Option<NaiveDate>,
    /// Slugs of the chosen campaigns, separated by commas; none where the address has no choice.
    pub campaign: Option<String>,
    /// Whether the rows of the matrix are provinces instead of issues.
    pub turned: bool,
    /// Whether the lowest rates come first.
    pub worst_first: bool,
    /// States that the filter takes; empty for all states.
    pub states: Vec<AssignmentState>,
    /// Whether the filter takes overdue assignments only.
    pub overdue: bool,
    /// Code of the only issue that the filter takes; none for all issues.
    pub issue: Option<String>,
    /// Code of the only province that the filter takes; none for all provinces.
    pub province: Option<String>,
    /// Number of the page of the list, from 1.
    pub page: u64,
}

impl View {
    /// Parses a query at an instant, and gives the view with its as-of day.
    ///
    /// # Errors
    /// `Invalid`: as [`AsOf::read`]; an unknown state.
    pub fn read(asked: &DashboardQuery, now: DateTime<Utc>) -> Result<(Self, AsOf)> {
        let given = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
        let as_of = AsOf::read(asked.as_of.as_deref(), now)?;
        let states = given(&asked.state)
            .unwrap_or_default()
            .split(',')
            .filter(|word| !word.is_empty())
            .map(AssignmentState::from_str)
            .collect::<std::result::Result<_, _>>()
            .map_err(|_| Error::field("state", Refusal::new("form.choice")))?;
        let view = Self {
            as_of: given(&asked.as_of).map(|_| as_of.day),
            campaign: given(&asked.campaign),
            turned: asked.rows.as_deref() == Some("provinces"),
            worst_first: asked.order.as_deref() == Some("worst"),
            states,
            overdue: asked.fact.as_deref() == Some("overdue"),
            issue: given(&asked.issue),
            province: given(&asked.province),
            page: given(&asked.page).and_then(|p| p.parse().ok()).unwrap_or(1),
        };
        Ok((view, as_of))
    }

    /// Whether the view filters assignments.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.overdue || !self.states.is_empty() || self.issue.is_some() || self.province.is_some()
    }

    /// Whether the filter takes an assignment, as of an instant.
    #[must_use]
    pub fn takes(&self, row: &AssignmentAsOf, instant: DateTime<Utc>) -> bool {
        let only = |code: &Option<String>, has: &str| code.as_deref().is_none_or(|c| c == has);
        (self.states.is_empty() || self.states.contains(&row.state))
            && (!self.overdue || row.is_overdue(instant))
            && only(&self.issue, &row.issue)
            && only(&self.province, &row.province)
    }

    /// The view without its filters, on the first page.
    #[must_use]
    pub fn unfiltered(&self) -> Self {
        Self { states: Vec::new(), overdue: false, issue: None, province: None, page: 1, ..self.clone() }
    }

    /// The same view, filtered by some states alone.
    #[must_use]
    pub fn of_states(&self, states: &[AssignmentState]) -> Self {
        Self { states: states.to_vec(), ..self.unfiltered() }
    }

    /// The same view as of another day, on the first page of the list.
    #[must_use]
    pub fn on(&self, day: Option<NaiveDate>) -> Self {
        Self { as_of: day, page: 1, ..self.clone() }
    }

    /// Names and values of all parameters but the day and the page, for a form that asks for a day.
    #[must_use]
    pub fn others(&self) -> Vec<(&'static str, String)> {
        let mut pairs = self.on(None).pairs();
        pairs.retain(|(name, _)| *name != "page");
        pairs
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let states: Vec<&str> = self.states.iter().map(|s| s.code()).collect();
        let word = |on: bool, word: &str| if on { word.to_owned() } else { String::new() };
        [
            ("as_of", self.as_of.map(|d| d.to_string()).unwrap_or_default()),
            ("campaign", self.campaign.clone().unwrap_or_default()),
            ("issue", self.issue.clone().unwrap_or_default()),
            ("province", self.province.clone().unwrap_or_default()),
            ("state", states.join(",")),
            ("fact", word(self.overdue, "overdue")),
            ("rows", word(self.turned, "provinces")),
            ("order", word(self.worst_first, "worst")),
            ("page", word(self.page > 1, &self.page.to_string())),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
    }

    /// The address of this view at a path.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        let pairs: Vec<String> =
            self.pairs().into_iter().map(|(name, value)| format!("{name}={}", query::encode(&value))).collect();
        let joint = if pairs.is_empty() { "" } else { "?" };
        format!("{path}{joint}{}", pairs.join("&"))
    }

    /// The address of another page as of the same day.
    #[must_use]
    pub fn elsewhere(&self, path: &str) -> String {
        Self { as_of: self.as_of, ..Self::default() }.at(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_was_read_is_written_again() {
        let now = "2018-07-07T04:00:00Z".parse().unwrap();
        let asked = DashboardQuery {
            as_of: Some("2018-06-22".into()),
            campaign: Some("s1,s2".into()),
            state: Some("resolved,verified".into()),
            rows: Some("provinces".into()),
            page: Some("3".into()),
            ..DashboardQuery::default()
        };
        let (view, as_of) = View::read(&asked, now).unwrap();
        assert!(as_of.is_past);
        assert_eq!(
            view.at("/dashboard"),
            "/dashboard?as_of=2018-06-22&campaign=s1,s2&state=resolved,verified&rows=provinces&page=3"
        );
        assert_eq!(view.elsewhere("/issues/S1-01"), "/issues/S1-01?as_of=2018-06-22");
        assert_eq!(View::default().at("/dashboard"), "/dashboard");
    }

    #[test]
    fn a_state_that_there_is_not_is_refused() {
        let now = "2018-07-07T04:00:00Z".parse().unwrap();
        let asked = DashboardQuery { state: Some("fixed".into()), ..DashboardQuery::default() };
        let error = View::read(&asked, now).unwrap_err();
        assert_eq!(error.refusal().code, "form.choice");
    }
}
