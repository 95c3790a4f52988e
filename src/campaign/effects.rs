//! The effects of a campaign's rules: days, working days, number of assignments. The effects are shown beside the rules while
//! the rules are written, so that nobody learns of a holiday after publication.

use chrono::{Days, NaiveDate};
use entity::stored::DayKind;

use super::draft::{Deadline, Draft};
use crate::programme::calendar::Calendar;

/// Dates and numbers that follow from rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effects {
    /// Number of days of voting, first and last included.
    pub voting_days: i64,
    /// Number of working days among the days of voting.
    pub voting_working_days: u32,
    /// First working day after the close. The dates below assume the dispatch on this day.
    pub dispatch_on: NaiveDate,
    /// Last day for acknowledging or returning an assignment.
    pub acknowledge_on: NaiveDate,
    /// Last day for the fixes.
    pub due_on: NaiveDate,
    /// Fixed deadline, where that day is no working day and the deadline is rolled forward.
    pub rolled_from: Option<NaiveDate>,
    /// Number of working days from the dispatch to the deadline.
    pub working_days: u32,
    /// Holidays and make-up days from the first day of voting to the deadline.
    pub met: Vec<(NaiveDate, DayKind)>,
    /// Years up to the deadline whose holiday arrangement is not loaded: in these years plain weekdays are counted.
    pub unloaded_years: Vec<i32>,
    /// Number of assignments that the dispatch will create.
    pub assignments: i64,
}

/// Computes the effects of checked rules by a calendar.
#[must_use]
pub fn effects(draft: &Draft, calendar: &Calendar) -> Effects {
    let eve = draft.opens_on.pred_opt().unwrap_or(draft.opens_on);
    let after = draft.closes_on.checked_add_days(Days::new(1));
    let dispatch_on = calendar.roll_forward(after.unwrap_or(draft.closes_on));
    let days = |n: i32| calendar.add_working_days(dispatch_on, u32::try_from(n).unwrap_or(0));
    let (due_on, fixed) = match draft.deadline {
        Deadline::On(day) => (calendar.roll_forward(day), Some(day)),
        Deadline::After(n) => (days(n), None),
    };
    let units = i64::try_from(draft.units.len()).unwrap_or(i64::MAX);
    Effects {
        voting_days: (draft.closes_on - draft.opens_on).num_days() + 1,
        voting_working_days: calendar.working_days(eve, draft.closes_on),
        dispatch_on,
        acknowledge_on: days(draft.acknowledge_days),
        due_on,
        rolled_from: fixed.filter(|day| *day != due_on),
        working_days: calendar.working_days(dispatch_on, due_on),
        met: calendar.exceptions_between(eve, due_on),
        unloaded_years: calendar.unloaded_years(draft.opens_on, due_on),
        assignments: i64::from(draft.top_n).saturating_mul(units),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;
    use entity::stored::{Display, RankingRule, Track};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn draft(deadline: Deadline) -> Draft {
        Draft {
            slug: "t".to_owned(),
            name_zh: String::new(),
            name_en: String::new(),
            purpose_zh: String::new(),
            purpose_en: String::new(),
            hosts: Vec::new(),
            opens_on: day("2018-04-19"),
            opens_time: NaiveTime::MIN,
            closes_on: day("2018-05-08"),
            closes_time: NaiveTime::MIN,
            max_choices: 5,
            day_cap: 500,
            work_seconds: 10,
            top_n: 20,
            tracks: vec![Track::Anonymous],
            ranking_rule: RankingRule::AllVotes,
            display: Display::Turnout,
            units: (0..31).map(|n| n.to_string()).collect(),
            deadline,
            acknowledge_days: 1,
        }
    }

    /// The working days in the first half of 2018 as they were: 29 April to 1 May and 18 June off, 28 April worked.
    fn calendar() -> Calendar {
        let off = ["2018-04-29", "2018-04-30", "2018-05-01", "2018-06-18"];
        let days = off.map(|d| (day(d), DayKind::Holiday));
        Calendar {
            exceptions: days.into_iter().chain([(day("2018-04-28"), DayKind::Makeup)]).collect(),
            years: [2018].into_iter().collect(),
        }
    }

    #[test]
    fn the_first_season_runs_twenty_days_and_rolls_its_deadline_over_a_weekend() {
        let found = effects(&draft(Deadline::On(day("2018-06-30"))), &calendar());
        assert_eq!((found.voting_days, found.voting_working_days), (20, 13));
        assert_eq!(found.dispatch_on, day("2018-05-09"));
        assert_eq!(found.acknowledge_on, day("2018-05-10"));
        assert_eq!(found.due_on, day("2018-07-02"));
        assert_eq!(found.rolled_from, Some(day("2018-06-30")));
        assert_eq!(found.working_days, 37);
        assert_eq!(found.assignments, 620);
        assert_eq!(found.met.len(), 5);
        assert!(found.unloaded_years.is_empty());
    }

    #[test]
    fn working_days_without_a_calendar_say_so() {
        let found = effects(&draft(Deadline::After(30)), &Calendar::default());
        assert_eq!(found.working_days, 30);
        assert_eq!(found.rolled_from, None);
        assert_eq!(found.unloaded_years, [2018]);
    }
}
