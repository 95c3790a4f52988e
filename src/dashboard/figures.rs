//! Figures as pure arithmetic: from assignments with their state at an instant to counts, rates and ranks.
//!
//! Only counts are added up. A rate is computed from counts at the end, rounded half up to one decimal. The denominator of a
//! rate is every assignment that was dispatched by the instant, exempt ones included. Equal rates share a rank.

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
    /// Key of the assignment.
    pub id: AssignmentId,
    /// Slug of the campaign.
    pub campaign: String,
    /// Code of the issue.
    pub issue: String,
    /// Code of the province.
    pub province: String,
    /// Code of the supervision team that checks the province; empty where none does.
    pub team: String,
    /// State of the assignment at the instant.
    pub state: AssignmentState,
    /// Instant at which the assignment entered that state, programme time.
    pub since: DateTime<Utc>,
    /// Deadline for the fix, programme time, exclusive.
    pub due_at: DateTime<Utc>,
    /// Coverage that the standing report claims, while the state is reported: units covered, units in all.
    pub coverage: Option<(i64, i64)>,
}

impl AssignmentAsOf {
    /// Whether the assignment is overdue ([`deadline::is_overdue`]); `before` is exclusive.
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
    /// Number of assignments in each state, in the order of [`AssignmentState::ALL`].
    pub states: [i64; 9],
    /// Number of assignments that are open and past the deadline.
    pub overdue: i64,
}

impl Count {
    /// Adds one assignment, as of an instant.
    pub fn add(&mut self, standing: &AssignmentAsOf, instant: DateTime<Utc>) {
        if let Some(at) = AssignmentState::ALL.iter().position(|s| *s == standing.state) {
            self.states[at] += 1;
        }
        self.overdue += i64::from(standing.is_overdue(instant));
    }

    /// The number of assignments in a state.
    #[must_use]
    pub fn of(&self, state: AssignmentState) -> i64 {
        AssignmentState::ALL.iter().zip(self.states).find(|(s, _)| **s == state).map_or(0, |(_, n)| n)
    }

    /// The number of all assignments, which is the denominator of the rates.
    #[must_use]
    pub fn assignments(&self) -> i64 {
        self.states.iter().sum()
    }

    /// The number signed by the province, checked or not.
    #[must_use]
    pub fn resolved(&self) -> i64 {
        self.of(AssignmentState::Resolved) + self.of(AssignmentState::Verified)
    }

    /// The number confirmed by a supervision team.
    #[must_use]
    pub fn verified(&self) -> i64 {
        self.of(AssignmentState::Verified)
    }

    /// The number with an exemption.
    #[must_use]
    pub fn exempt(&self) -> i64 {
        self.of(AssignmentState::Exempt)
    }

    /// The number without an exemption, which is the second denominator.
    #[must_use]
    pub fn applicable(&self) -> i64 {
        self.assignments() - self.exempt()
    }

    /// The number still waiting for somebody's work.
    #[must_use]
    pub fn open(&self) -> i64 {
        self.assignments() - self.resolved() - self.exempt()
    }

    /// Whether the group has a rank: some assignment is not exempt.
    #[must_use]
    pub fn is_ranked(&self) -> bool {
        self.applicable() > 0
    }

    /// Compares resolved rates as fractions, so that rounding never decides.
    #[must_use]
    pub fn against(&self, other: &Self) -> Ordering {
        (self.resolved() * other.assignments()).cmp(&(other.resolved() * self.assignments()))
    }
}

/// Checks that a supervision team made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checks {
    /// Number of checks that confirmed a fix.
    pub passed: i64,
    /// Number of checks that refused a fix, relapses included.
    pub refused: i64,
}

impl Checks {
    /// The number of all checks.
    #[must_use]
    pub const fn made(self) -> i64 {
        self.passed + self.refused
    }

    /// The checks of several teams together.
    #[must_use]
    pub fn sum<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        all.into_iter().fold(Self::default(), |sum, one| Self {
            passed: sum.passed + one.passed,
            refused: sum.refused + one.refused,
        })
    }
}

/// A group with its counts and its rank among the groups of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFigure {
    /// Code of the group: an issue, a province, a team, or the slug of a campaign.
    pub code: String,
    /// Counts of the group.
    pub count: Count,
    /// Rank by resolved rate, from 1; equal rates share a rank. None where everything is exempt, and for supervision teams, which
    /// sign nothing.
    pub rank: Option<i64>,
    /// Whether another group has the same resolved rate.
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

/// The counts of the group with a code; none where no assignment belongs to the group.
#[must_use]
pub fn count_of<'a>(groups: &'a [GroupFigure], code: &str) -> Option<&'a Count> {
    groups.iter().find(|group| group.code == code).map(|group| &group.count)
}

/// The counts of all assignments together.
#[must_use]
pub fn total(standings: &[AssignmentAsOf], instant: DateTime<Utc>) -> Count {
    standings.iter().fold(Count::default(), |mut count, standing| {
        count.add(standing, instant);
        count
    })
}

/// The rank of a group: one more than the number of groups with a higher rate. A group in which everything is exempt has no
/// rank.
fn rank(count: &Count, all: &[Count]) -> Option<i64> {
    let higher = all.iter().filter(|other| other.is_ranked() && other.against(count).is_gt()).count();
    count.is_ranked().then(|| 1 + i64::try_from(higher).unwrap_or(i64::MAX))
}

/// Whether another group has the same rate.
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
