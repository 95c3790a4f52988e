//! Figures as pure arithmetic: from rows with their state at an instant to counts, rates and ranks.
//!
//! Only counts are added up; a rate is made from them at the end, half up, one decimal. The denominator is everything that
//! was dispatched by the instant; exempt rows stay in it. Equal rates share a rank.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::AssignmentId;
use entity::stored::AssignmentState;

use crate::base::clock::last_day;
pub use crate::base::percentage::percent;
use crate::dispatch::deadline::{self, Due};
use crate::programme::calendar::Calendar;

/// One assignment as it stood at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentAsOf {
    /// Its key.
    pub id: AssignmentId,
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

impl AssignmentAsOf {
    /// Whether it is overdue ([`deadline::is_overdue`]); `before` is exclusive.
    #[must_use]
    pub fn is_overdue(&self, before: DateTime<Utc>) -> bool {
        deadline::is_overdue(self.state, self.due_at, before)
    }

    /// The last day for the fix.
    #[must_use]
    pub fn due_on(&self) -> NaiveDate {
        last_day(self.due_at)
    }

    /// The deadline for the fix at the end of a day; none where the assignment is not open.
    #[must_use]
    pub fn due(&self, day: NaiveDate, before: DateTime<Utc>, calendar: &Calendar) -> Option<Due> {
        Due::fix(self.state, self.due_at, calendar, day, before)
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
    pub fn add(&mut self, standing: &AssignmentAsOf, instant: DateTime<Utc>) {
        if let Some(at) = AssignmentState::ALL.iter().position(|s| *s == standing.state) {
            self.states[at] += 1;
        }
        self.overdue += i64::from(standing.is_overdue(instant));
    }

    /// How many are in a state.
    #[must_use]
    pub fn of(&self, state: AssignmentState) -> i64 {
        AssignmentState::ALL.iter().zip(self.states).find(|(s, _)| **s == state).map_or(0, |(_, n)| n)
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

    /// Whether there is something to rank.
    #[must_use]
    pub fn is_ranked(&self) -> bool {
        self.applicable() > 0
    }

    /// Compares resolved rates, as fractions: no rounding decides.
    #[must_use]
    pub fn against(&self, other: &Self) -> Ordering {
        (self.resolved() * other.assignments()).cmp(&(other.resolved() * self.assignments()))
    }
}

/// A group with its counts and its rank among its like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFigure {
    /// Code of the group: issue, province, team or slug.
    pub code: String,
    /// Its counts.
    pub count: Count,
    /// Rank by resolved rate; equal rates share one. None where there is nothing to rank.
    pub rank: Option<i64>,
    /// Whether another group has the same rank.
    pub shared: bool,
}

/// Groups assignments by a code, in the order of the codes, and ranks the groups.
#[must_use]
pub fn group(
    standings: &[AssignmentAsOf],
    instant: DateTime<Utc>,
    code: impl Fn(&AssignmentAsOf) -> &str,
) -> Vec<GroupFigure> {
    let mut groups: BTreeMap<String, Count> = BTreeMap::new();
    for standing in standings {
        groups.entry(code(standing).to_owned()).or_default().add(standing, instant);
    }
    let counts: Vec<Count> = groups.values().cloned().collect();
    groups
        .into_iter()
        .map(|(code, count)| GroupFigure { code, rank: rank(&count, &counts), shared: shares(&count, &counts), count })
        .collect()
}

/// The counts of all assignments together.
#[must_use]
pub fn total(standings: &[AssignmentAsOf], instant: DateTime<Utc>) -> Count {
    standings.iter().fold(Count::default(), |mut count, standing| {
        count.add(standing, instant);
        count
    })
}

/// One more than how many have a higher rate; a group of which everything is exempt has none.
fn rank(count: &Count, all: &[Count]) -> Option<i64> {
    let higher = all.iter().filter(|other| other.is_ranked() && other.against(count).is_gt()).count();
    count.is_ranked().then(|| 1 + i64::try_from(higher).unwrap_or(i64::MAX))
}

/// Whether more than this one group has its rate.
fn shares(count: &Count, all: &[Count]) -> bool {
    let equal = |other: &&Count| other.is_ranked() && other.against(count).is_eq();
    count.is_ranked() && all.iter().filter(equal).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::end_of;
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

    fn standing(team: &str, state: AssignmentState) -> AssignmentAsOf {
        let at = DateTime::UNIX_EPOCH;
        AssignmentAsOf {
            id: AssignmentId(1),
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
        let ranks: Vec<(Option<i64>, bool)> =
            group(&rows, DateTime::UNIX_EPOCH, |s| &s.team).into_iter().map(|l| (l.rank, l.shared)).collect();
        assert_eq!(ranks, [(Some(1), true), (Some(1), true), (Some(3), false), (None, false)]);
    }

    #[test]
    fn a_row_is_overdue_the_day_after_the_deadline_and_not_on_it() {
        use AssignmentState::{InProgress, Resolved};
        let calendar = Calendar::default();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut row = standing("T1", InProgress);
        row.due_at = end_of(day("2018-07-02")); // a Monday
        let due = |row: &AssignmentAsOf, text| {
            row.due(day(text), end_of(day(text)), &calendar).map(|due| (due.is_overdue(), due.is_soon(), due.days))
        };
        assert_eq!(due(&row, "2018-06-26"), Some((false, false, 4)));
        assert_eq!(due(&row, "2018-06-27"), Some((false, true, 3)));
        assert_eq!(due(&row, "2018-06-29"), Some((false, true, 1)));
        assert_eq!(due(&row, "2018-07-02"), Some((false, true, 0)));
        assert_eq!(due(&row, "2018-07-03"), Some((true, false, 1)));
        assert_eq!(due(&row, "2018-07-07"), Some((true, false, 4)));
        row.due_at = end_of(day("2018-07-06")); // a Friday
        assert_eq!(due(&row, "2018-07-07"), Some((true, false, 0)));
        row.state = Resolved;
        assert_eq!(due(&row, "2018-07-20"), None);
    }

    proptest! {
        #[test]
        fn groups_add_up_to_the_total(states in proptest::collection::vec((0usize..9, 0usize..4), 0..60)) {
            let rows: Vec<AssignmentAsOf> =
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
