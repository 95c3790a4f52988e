//! The second half of the demo: the moves of 1,240 assignments between 9 May and 22 June 2018.
//!
//! The figures come first: the acceptance block states which province had signed which issue by which day, and the story of every
//! row is invented to fit. `story` lists the acts on a row, in working days since the dispatch. `row` adds the content of each
//! act, and `texts` the wording. This module adds clock times and sorts all moves. No store is changed here: the player turns
//! each [`Step`] into the ordinary command of the right account.

mod row;
mod story;
mod texts;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use super::data::{Calendar, Programme};
use super::prng::Prng;

/// One dated move of one assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Instant of the move, programme time.
    pub at: DateTime<Utc>,
    /// Code of the issue.
    pub issue: String,
    /// Code of the province.
    pub province: String,
    /// Act that makes the move.
    pub act: Act,
}

/// An act on an assignment, with the content that it must bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The coordinator acknowledges the row.
    Acknowledge {
        /// Department responsible for the row.
        department: String,
    },
    /// The coordinator sends the row back to the organiser.
    Return {
        /// Basis of the return, in law or in the list of duties.
        basis: String,
    },
    /// The organiser sends a returned row back to the province.
    RuleBack {
        /// Decision of the organiser, with its reason.
        ruling: String,
    },
    /// The handler plans the fix.
    Plan {
        /// Root cause of the pain point, in words.
        root_cause: String,
        /// Planned remedy, in words.
        remedy: String,
        /// Milestones of the plan: day and goal.
        milestones: Vec<(NaiveDate, String)>,
    },
    /// The handler claims a fix.
    Report {
        /// State before the fix.
        before: String,
        /// State after the fix.
        after: String,
        /// First day on which the fix works.
        effective_on: NaiveDate,
        /// Number of counties that the fix has reached.
        covered: u32,
        /// Number of counties of the province.
        total: u32,
        /// Evidence as pairs of file name and text; [`super::pdf::page`] makes a file from each text.
        evidence: Vec<(String, String)>,
    },
    /// The coordinator sends the claim back to the handler.
    SendBack {
        /// Missing parts of the claim.
        reason: String,
    },
    /// The coordinator signs the claim: from this move on the row counts as resolved.
    Sign,
    /// The team's leader confirms the fix.
    Verify {
        /// Test that the team made.
        test: String,
        /// Observations of the team that confirm the fix.
        findings: String,
    },
    /// The team's leader refuses the fix.
    Reject {
        /// Observations of the team that refute the fix.
        finding: String,
    },
    /// The team's leader finds that a confirmed fix no longer holds.
    Relapse {
        /// Observations of the team that show the relapse.
        finding: String,
    },
    /// The coordinator asks for an exemption of the row; the request is not a move of its own.
    RequestExemption {
        /// Class of the exemption: `no_such_service` or `law_forbids`.
        class: String,
        /// Reason for the exemption, in words.
        basis: String,
    },
    /// The organiser exempts the row.
    Exempt {
        /// Reason for the exemption, in words.
        basis: String,
    },
}

/// All moves of the two dispatched seasons, in chronological order.
#[must_use]
pub fn timeline(programme: &Programme) -> Vec<Step> {
    let mut steps = Vec::new();
    for campaign in &programme.campaigns {
        let (Some(dispatched), Some(deadline)) = (campaign.dispatched_on, campaign.deadline) else {
            continue;
        };
        let days = working_days(&programme.holiday_calendar_2018, dispatched, deadline);
        for option in campaign.options.iter().filter(|option| option.expected_selected == Some(true)) {
            for province in programme.provinces.iter().filter(|province| province.in_dispatch) {
                let acts = story::acts(programme, option, province, &days);
                let mut prng = Prng::of(&["clock", &option.code, &province.code]);
                let numbers: Vec<usize> = acts.iter().map(|(day, _)| *day).collect();
                let times = office_times(&numbers, &days, &mut prng);
                steps.extend(acts.into_iter().zip(times).map(|((_, act), at)| Step {
                    at,
                    issue: option.code.clone(),
                    province: province.code.clone(),
                    act,
                }));
            }
        }
    }
    steps.sort_by_key(|step| step.at);
    steps
}

/// The days from `first` to `last`, both inclusive, on which offices work.
fn working_days(calendar: &Calendar, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let works = |day: &NaiveDate| {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        !calendar.holidays.contains(day) && (!weekend || calendar.makeup_working_days.contains(day))
    };
    first.iter_days().take_while(|day| *day <= last).filter(works).collect()
}

/// Number of office minutes in a day: 08:30 to 12:00 and 14:00 to 17:30.
const MINUTES: usize = 420;

/// First office minute for answers on the day of dispatch. The dispatch goes out at 10:00; the first answer comes after 10:05.
const DISPATCH_MINUTE: usize = 95;

/// Rising instants in office hours for acts on the given working days. `numbers` are days since the dispatch and never fall.
fn office_times(numbers: &[usize], days: &[NaiveDate], prng: &mut Prng) -> Vec<DateTime<Utc>> {
    let mut times = Vec::with_capacity(numbers.len());
    for same_day in numbers.chunk_by(|a, b| a == b) {
        let Some((number, day)) = same_day.first().and_then(|number| Some((*number, days.get(*number)?))) else {
            continue;
        };
        let opening = if number == 0 { DISPATCH_MINUTE } else { 0 };
        // The minutes are drawn from a range that is shorter by their number, sorted, and spread by their position: no two are
        // the same.
        let mut minutes: Vec<usize> =
            same_day.iter().map(|_| opening + prng.below(MINUTES - opening - same_day.len())).collect();
        minutes.sort_unstable();
        times.extend(minutes.iter().enumerate().map(|(place, minute)| beijing(*day, minute + place)));
    }
    times
}

/// An office minute of a day in UTC+8, converted to UTC.
fn beijing(day: NaiveDate, minute: usize) -> DateTime<Utc> {
    let since_midnight = if minute < MINUTES / 2 { 510 + minute } else { 840 + minute - MINUTES / 2 };
    let minutes = TimeDelta::minutes(i64::try_from(since_midnight).unwrap_or_default());
    (day.and_time(NaiveTime::MIN) + minutes - TimeDelta::hours(8)).and_utc()
}

#[cfg(test)]
mod tests;
