//! The demo's second half: what became of 1,240 assignments between 9 May and 22 June 2018, move by move.
//!
//! The figures come first: which province had signed which issue by which day is stated in the acceptance block, and
//! every row's story is told so that it fits. `story` says what happens to a row, in working days since dispatch;
//! `row` what each act brings, `texts` in which words; this module puts clock times to it and all moves in one order. Nothing here touches a
//! store: whoever plays the demo turns each [`Step`] into the ordinary command of the right person.

mod row;
mod story;
mod texts;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use super::data::{Calendar, Programme};
use super::prng::Prng;

/// One dated move of one assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: DateTime<Utc>,
    /// Code of the issue.
    pub issue: String,
    /// Code of the province.
    pub province: String,
    /// What is done.
    pub act: Act,
}

/// What is done, with what it must bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The coordinator takes the row.
    Acknowledge {
        /// Who is responsible.
        department: String,
    },
    /// The coordinator sends the row back to the organiser.
    Return {
        /// In law or the duty list.
        basis: String,
    },
    /// The organiser sends a returned row back to the province.
    RuleBack {
        /// The decision and why.
        ruling: String,
    },
    /// The handler plans the fix.
    Plan {
        /// Why it blocks.
        root_cause: String,
        /// What will be done.
        remedy: String,
        /// By when what stands.
        milestones: Vec<(NaiveDate, String)>,
    },
    /// The handler claims a fix.
    Report {
        /// How it was.
        before: String,
        /// What changed.
        after: String,
        /// Since when it works.
        effective_on: NaiveDate,
        /// Counties reached.
        covered: u32,
        /// Out of how many.
        total: u32,
        /// File names, and the texts of which [`super::pdf::page`] makes the files.
        evidence: Vec<(String, String)>,
    },
    /// The coordinator sends the claim back to the handler.
    SendBack {
        /// What is missing.
        reason: String,
    },
    /// The coordinator signs the claim: from here on the row counts as resolved.
    Sign,
    /// The team's leader confirms the fix.
    Verify {
        /// What was tried.
        test: String,
        /// What was seen.
        findings: String,
    },
    /// The team's leader refuses the fix.
    Reject {
        /// What was seen.
        finding: String,
    },
    /// The team's leader finds that a confirmed fix no longer holds.
    Relapse {
        /// What was seen.
        finding: String,
    },
    /// The coordinator asks that the row be exempted; no move of its own.
    RequestExemption {
        /// `no_such_service` or `law_forbids`.
        class: String,
        /// Why, in words.
        basis: String,
    },
    /// The organiser exempts the row.
    Exempt {
        /// Why, in words.
        basis: String,
    },
}

/// Every move of the two dispatched seasons, in the order of time.
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

/// The days from one to another, both included, on which offices work.
fn working_days(calendar: &Calendar, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let works = |day: &NaiveDate| {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        !calendar.holidays.contains(day) && (!weekend || calendar.makeup_working_days.contains(day))
    };
    first.iter_days().take_while(|day| *day <= last).filter(works).collect()
}

/// Office minutes of a day: 08:30 to 12:00 and 14:00 to 17:30.
const MINUTES: usize = 420;

/// The dispatch goes out at 10:00; the first answer comes after 10:05.
const DISPATCH_MINUTE: usize = 95;

/// Rising instants in office hours for acts on the given working days (numbers since dispatch, never falling).
fn office_times(numbers: &[usize], days: &[NaiveDate], prng: &mut Prng) -> Vec<DateTime<Utc>> {
    let mut times = Vec::with_capacity(numbers.len());
    for same_day in numbers.chunk_by(|a, b| a == b) {
        let Some((number, day)) = same_day.first().and_then(|number| Some((*number, days.get(*number)?))) else {
            continue;
        };
        let opening = if number == 0 { DISPATCH_MINUTE } else { 0 };
        // Drawn from a range shorter by the count, sorted and spread by their place: no two are the same.
        let mut minutes: Vec<usize> =
            same_day.iter().map(|_| opening + prng.below(MINUTES - opening - same_day.len())).collect();
        minutes.sort_unstable();
        times.extend(minutes.iter().enumerate().map(|(place, minute)| beijing(*day, minute + place)));
    }
    times
}

/// An office minute of a day in UTC+8, as UTC.
fn beijing(day: NaiveDate, minute: usize) -> DateTime<Utc> {
    let since_midnight = if minute < MINUTES / 2 { 510 + minute } else { 840 + minute - MINUTES / 2 };
    let minutes = TimeDelta::minutes(i64::try_from(since_midnight).unwrap_or_default());
    (day.and_time(NaiveTime::MIN) + minutes - TimeDelta::hours(8)).and_utc()
}

#[cfg(test)]
mod tests;
