//! Figures as pure arithmetic: from rows with their state at an instant to counts, rates and ranks.
//!
//! Only counts are added up; a rate is made from them at the end, half up, one decimal. The denominator is everything that
//! was dispatched by the instant; exempt rows stay in it. Equal rates share a rank.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::stored::AssignmentState;

pub use crate::rate::percent;

/// One assignment as it stood at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Slug of its campaign.
    pub campaign: String,
    /// Code of its issue.
    pub issue: String,
    /// Code of its province.
    pub province: String,
    /// The team that checks its province.
    pub team: String,
    /// Its state then.
    pub state: AssignmentState,
    /// Since when it was in that state.
    pub since: DateTime<Utc>,
    /// Its deadline, exclusive.
    pub due_at: DateTime<Utc>,
    /// Coverage of the standing report, while it is reported: covered, out of.
    pub coverage: Option<(i64, i64)>,
}

impl Standing {
    /// Overdue: still open, and the due instant lies before.
    #[must_use]
    pub fn is_overdue(&self, instant: DateTime<Utc>) -> bool {
        self.state.is_open() && self.due_at < instant
    }
}

/// Counts over a group of assignments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many in each state, in the order of [`AssignmentState::ALL`].
    pub states: [i64; 9],
    /// Open and past the deadline.
    pub overdue: i64,
}

impl Count {
    /// Adds one assignment.
    pub fn add(&mut self, standing: &Standing, instant: DateTime<Utc>) {
        if let Some(at) = AssignmentState::ALL
            .iter()
            .position(|s| *s == standing.state)
        {
            self.states[at] += 1;
        }
        self.overdue += i64::from(standing.is_overdue(instant));
    }

    /// How many are in a state.
    #[must_use]
    pub fn of(&self, state: AssignmentState) -> i64 {
        AssignmentState::ALL
            .iter()
            .zip(self.states)
            .find(|(s, _)| **s == state)
            .map_or(0, |(_, n)| n)
    }

    /// Dispatched by the instant: the denominator.
    #[must_use]
    pub fn assignments(&self) -> i64 {
        self.states.iter().sum()
    }

    /// Signed by the province, checked or not.
    #[must_use]
    pub fn resolved(&self) -> i64 {
        self.of(AssignmentState::Resolved) + self.of(AssignmentState::Verified)
    }

    /// Confirmed by a team.
    #[must_use]
    pub fn verified(&self) -> i64 {
        self.of(AssignmentState::Verified)
    }

    /// Found not to apply.
    #[must_use]
    pub fn exempt(&self) -> i64 {
        self.of(AssignmentState::Exempt)
    }

    /// Everything but the exempt rows: the second denominator.
    #[must_use]
    pub fn applicable(&self) -> i64 {
        self.assignments() - self.exempt()
    }

    /// Still waiting for somebody's work.
    #[must_use]
    pub fn open(&self) -> i64 {
        self.assignments() - self.resolved() - self.exempt()
    }
}

/// A group with its counts and its rank among its like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Code of the group: issue, province, team or slug.
    pub code: String,
    /// Its counts.
    pub count: Count,
    /// Rank by resolved rate; equal rates share one. None where there is nothing to rank.
    pub rank: Option<i64>,
}

/// Groups assignments by a code, in the order of the codes, and ranks the groups.
#[must_use]
pub fn group(
    standings: &[Standing],
    instant: DateTime<Utc>,
    code: impl Fn(&Standing) -> &str,
) -> Vec<Line> {
    let mut groups: BTreeMap<String, Count> = BTreeMap::new();
    for standing in standings {
        groups
            .entry(code(standing).to_owned())
            .or_default()
            .add(standing, instant);
    }
    let counts: Vec<Count> = groups.values().cloned().collect();
    groups
        .into_iter()
        .map(|(code, count)| Line {
            code,
            rank: rank(&count, &counts),
            count,
        })
        .collect()
}

/// The counts of all assignments together.
#[must_use]
pub fn total(standings: &[Standing], instant: DateTime<Utc>) -> Count {
    standings
        .iter()
        .fold(Count::default(), |mut count, standing| {
            count.add(standing, instant);
            count
        })
}

/// One more than how many have a higher rate; a group of which everything is exempt has none.
fn rank(count: &Count, all: &[Count]) -> Option<i64> {
    let higher = |other: &&Count| {
        other.resolved() * count.assignments() > count.resolved() * other.assignments()
    };
    let ranked = count.applicable() > 0;
    ranked.then(|| {
        1 + i64::try_from(
            all.iter()
                .filter(|c| c.applicable() > 0)
                .filter(higher)
                .count(),
        )
        .unwrap_or(i64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rates_are_rounded_half_up_to_one_decimal() {
        for (part, whole, text) in [
            (260, 620, "41.9"),
            (369, 620, "59.5"),
            (173, 620, "27.9"),
            (542, 1240, "43.7"),
            (74, 160, "46.3"),
            (0, 0, "–"),
            (0, 31, "0.0"),
            (31, 31, "100.0"),
            (1, 2000, "0.1"),
            (22, 31, "71.0"),
        ] {
            assert_eq!(percent(part, whole), text, "{part}/{whole}");
        }
    }

    fn standing(team: &str, state: AssignmentState) -> Standing {
        let at = DateTime::UNIX_EPOCH;
        Standing {
            campaign: "s1".into(),
            issue: "S1-01".into(),
            province: "320000".into(),
            team: team.into(),
            state,
            since: at,
            due_at: at,
            coverage: None,
        }
    }

    #[test]
    fn equal_rates_share_a_rank_and_the_next_rank_is_left_out() {
        use AssignmentState::{Exempt, InProgress, Resolved, Verified};
        let rows = [
            standing("T1", Resolved),
            standing("T1", InProgress),
            standing("T2", Verified),
            standing("T2", InProgress),
            standing("T3", InProgress),
            standing("T4", Exempt),
        ];
        let ranks: Vec<Option<i64>> = group(&rows, DateTime::UNIX_EPOCH, |s| &s.team)
            .into_iter()
            .map(|l| l.rank)
            .collect();
        assert_eq!(ranks, [Some(1), Some(1), Some(3), None]);
    }

    proptest! {
        #[test]
        fn groups_add_up_to_the_total(states in proptest::collection::vec((0usize..9, 0usize..4), 0..60)) {
            let rows: Vec<Standing> =
                states.iter().map(|(s, t)| standing(["T1", "T2", "T3", "T4"][*t], AssignmentState::ALL[*s])).collect();
            let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(1);
            let whole = total(&rows, now);
            let lines = group(&rows, now, |s| &s.team);
            prop_assert_eq!(lines.iter().map(|l| l.count.resolved()).sum::<i64>(), whole.resolved());
            prop_assert_eq!(lines.iter().map(|l| l.count.overdue).sum::<i64>(), whole.overdue);
            prop_assert_eq!(whole.open(), whole.overdue);
            prop_assert_eq!(whole.open() + whole.resolved() + whole.exempt(), i64::try_from(rows.len()).unwrap());
        }
    }
}
