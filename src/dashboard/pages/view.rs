//! What an address asks to see. Every view has a complete address, so that it can be sent on and found again.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::AssignmentState;
use serde::Deserialize;

use crate::base::error::{Error, Refusal, Result};
use crate::dashboard::figures::AssignmentAsOf;
use crate::dashboard::queries::AsOf;
use crate::web::query;

/// The query of an address as it came.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DashboardQuery {
    /// A day.
    pub as_of: Option<String>,
    /// Slugs parted by commas.
    pub campaign: Option<String>,
    /// `provinces` turns the matrix.
    pub rows: Option<String>,
    /// `worst` puts the lowest rates first.
    pub order: Option<String>,
    /// States parted by commas.
    pub state: Option<String>,
    /// `overdue`.
    pub fact: Option<String>,
    /// One issue.
    pub issue: Option<String>,
    /// One province.
    pub province: Option<String>,
    /// Page of the list.
    pub page: Option<String>,
}

/// A view of the figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The day, where one stands in the address.
    pub as_of: Option<NaiveDate>,
    /// Slugs parted by commas, where campaigns are chosen.
    pub campaign: Option<String>,
    /// Whether provinces are the rows of the matrix.
    pub turned: bool,
    /// Whether the lowest rates come first.
    pub worst_first: bool,
    /// Only these states; all where empty.
    pub states: Vec<AssignmentState>,
    /// Only what is overdue.
    pub overdue: bool,
    /// Only this issue.
    pub issue: Option<String>,
    /// Only this province.
    pub province: Option<String>,
    /// Page of the list, from 1.
    pub page: u64,
}

impl View {
    /// Reads a query at an instant, with the day that it means.
    ///
    /// # Errors
    /// `Invalid`: as [`AsOf::read`]; a state that there is not.
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

    /// Whether rows are left out or reduced.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.overdue || !self.states.is_empty() || self.issue.is_some() || self.province.is_some()
    }

    /// Whether a row is among what is asked for.
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

    /// The same view, narrowed to some states.
    #[must_use]
    pub fn of_states(&self, states: &[AssignmentState]) -> Self {
        Self { states: states.to_vec(), ..self.unfiltered() }
    }

    /// The same view on another day.
    #[must_use]
    pub fn on(&self, day: Option<NaiveDate>) -> Self {
        Self { as_of: day, page: 1, ..self.clone() }
    }

    /// Names and values of everything but the day, for a form that asks for a day.
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

    /// The address of this view of a page.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        let pairs: Vec<String> =
            self.pairs().into_iter().map(|(name, value)| format!("{name}={}", query::encode(&value))).collect();
        let joint = if pairs.is_empty() { "" } else { "?" };
        format!("{path}{joint}{}", pairs.join("&"))
    }

    /// The address of another page on the same day.
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
