//! Working days: Monday to Friday, less the holidays, plus the make-up days of each year's arrangement.
//!
//! The State Council publishes the arrangement late in the year before. A year that is not loaded falls back to plain
//! weekdays, and whoever shows a deadline that touches it says so.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use entity::stored::DayKind;

/// The exceptions of all loaded years.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// Days on which the rule of weekdays does not hold.
    pub exceptions: HashMap<NaiveDate, DayKind>,
    /// Years whose arrangement is loaded.
    pub years: BTreeSet<i32>,
}

impl Calendar {
    /// Whether offices work on the day.
    #[must_use]
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        match self.exceptions.get(&day) {
            Some(DayKind::Holiday) => false,
            Some(DayKind::Makeup) => true,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// The day itself where it is worked, else the next one that is.
    #[must_use]
    pub fn roll_forward(&self, day: NaiveDate) -> NaiveDate {
        day.iter_days()
            .find(|d| self.is_working_day(*d))
            .unwrap_or(day)
    }

    /// The day that lies so many working days after another, which does not count itself.
    #[must_use]
    pub fn add_working_days(&self, start: NaiveDate, days: u32) -> NaiveDate {
        let mut left = days;
        let mut day = start;
        while left > 0 {
            day = day.checked_add_days(Days::new(1)).unwrap_or(day);
            if self.is_working_day(day) {
                left -= 1;
            }
        }
        day
    }

    /// How many working days lie after one day, through another; none where the second is not later.
    #[must_use]
    pub fn working_days(&self, after: NaiveDate, through: NaiveDate) -> u32 {
        let days = after.iter_days().skip(1).take_while(|d| *d <= through);
        u32::try_from(days.filter(|d| self.is_working_day(*d)).count()).unwrap_or(u32::MAX)
    }

    /// Holidays and make-up days after one day, through another, in order: what a deadline between them meets.
    #[must_use]
    pub fn exceptions_between(
        &self,
        after: NaiveDate,
        through: NaiveDate,
    ) -> Vec<(NaiveDate, DayKind)> {
        let mut met: Vec<_> = self
            .exceptions
            .iter()
            .filter(|(d, _)| **d > after && **d <= through)
            .map(|(d, k)| (*d, *k))
            .collect();
        met.sort_unstable();
        met
    }

    /// Years between two days for which no arrangement is loaded.
    #[must_use]
    pub fn unloaded_years(&self, from: NaiveDate, through: NaiveDate) -> Vec<i32> {
        (from.year()..=through.year())
            .filter(|year| !self.years.contains(year))
            .collect()
    }
}
