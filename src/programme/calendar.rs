//! Working days: Monday to Friday, less the holidays, plus the make-up days of each year's arrangement.
//!
//! The State Council publishes the arrangement late in the year before. A year whose arrangement is not loaded falls back to
//! plain weekdays, and every page that shows a deadline in such a year says so.
//!
//! An [`Arrangement`] is a dated record: loading a year again adds an arrangement and overwrites nothing. Figures of today
//! use the newest arrangement. Figures of a past day use the newest arrangement that was known at the end of that day.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use entity::stored::DayKind;

/// Choice of the arrangements by which working days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The newest arrangement of each year: for today and later days.
    Now,
    /// The newest arrangement of each year that was known before an instant of programme time: for figures of a past day.
    Before(DateTime<Utc>),
}

/// The arrangement of one year, as it was loaded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// Calendar year of the arrangement.
    pub year: i32,
    /// Instant of loading, programme time.
    pub loaded_at: DateTime<Utc>,
    /// Instant from which the arrangement is known, programme time; see [`known_from`].
    pub known_from: DateTime<Utc>,
    /// Days off and make-up days of the year, in order.
    pub days: Vec<(NaiveDate, DayKind)>,
}

impl Arrangement {
    /// Whether the arrangement counts as known from the beginning: an earlier version without dates loaded it.
    #[must_use]
    pub fn is_from_the_beginning(&self) -> bool {
        self.known_from == DateTime::UNIX_EPOCH
    }
}

/// The instant from which an arrangement that is loaded now is known: now, but never before the latest instant on record.
///
/// # Why
/// A day is over once something was recorded after it. So a clock that goes back cannot change the arrangement under days
/// that were shown already.
#[must_use]
pub fn known_from(now: DateTime<Utc>, recorded: impl IntoIterator<Item = DateTime<Utc>>) -> DateTime<Utc> {
    recorded.into_iter().fold(now, DateTime::max)
}

/// The working-day calendar: the exceptions of all loaded years.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// Days off and make-up days, which are exceptions to the rule of weekdays.
    pub exceptions: HashMap<NaiveDate, DayKind>,
    /// Years whose arrangement is loaded.
    pub years: BTreeSet<i32>,
}

impl Calendar {
    /// The calendar as it was known, from all arrangements in the order of loading.
    #[must_use]
    pub fn of<'a>(loaded: impl IntoIterator<Item = &'a Arrangement>, known: Known) -> Self {
        let mut standing: BTreeMap<i32, &Arrangement> = BTreeMap::new();
        for arrangement in loaded {
            let counts = match known {
                Known::Now => true,
                Known::Before(instant) => arrangement.known_from < instant,
            };
            if counts {
                standing.insert(arrangement.year, arrangement);
            }
        }
        Self {
            exceptions: standing.values().flat_map(|a| a.days.iter().copied()).collect(),
            years: standing.into_keys().collect(),
        }
    }

    /// Whether offices work on the day.
    #[must_use]
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        match self.exceptions.get(&day) {
            Some(DayKind::Holiday) => false,
            Some(DayKind::Makeup) => true,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// The day itself where it is a working day, else the next working day.
    #[must_use]
    pub fn roll_forward(&self, day: NaiveDate) -> NaiveDate {
        day.iter_days().find(|d| self.is_working_day(*d)).unwrap_or(day)
    }

    /// The day that is a number of working days after a start day; the start day does not count.
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

    /// The number of working days after one day, up to and including another; 0 where the second day is not later.
    #[must_use]
    pub fn working_days(&self, after: NaiveDate, through: NaiveDate) -> u32 {
        let days = after.iter_days().skip(1).take_while(|d| *d <= through);
        u32::try_from(days.filter(|d| self.is_working_day(*d)).count()).unwrap_or(u32::MAX)
    }

    /// Holidays and make-up days after one day, up to and including another, in order.
    #[must_use]
    pub fn exceptions_between(&self, after: NaiveDate, through: NaiveDate) -> Vec<(NaiveDate, DayKind)> {
        let mut met: Vec<_> =
            self.exceptions.iter().filter(|(d, _)| **d > after && **d <= through).map(|(d, k)| (*d, *k)).collect();
        met.sort_unstable();
        met
    }

    /// The days of one kind in a year, in order.
    #[must_use]
    pub fn days(&self, year: i32, kind: DayKind) -> Vec<NaiveDate> {
        let mut days: Vec<NaiveDate> =
            self.exceptions.iter().filter(|(day, k)| day.year() == year && **k == kind).map(|(day, _)| *day).collect();
        days.sort_unstable();
        days
    }

    /// The number of working days of a year.
    #[must_use]
    pub fn working_days_of(&self, year: i32) -> u32 {
        let end = |year| NaiveDate::from_ymd_opt(year, 12, 31);
        match (year.checked_sub(1).and_then(end), end(year)) {
            (Some(before), Some(last)) => self.working_days(before, last),
            _ => 0,
        }
    }

    /// Years between two days for which no arrangement is loaded.
    #[must_use]
    pub fn unloaded_years(&self, from: NaiveDate, through: NaiveDate) -> Vec<i32> {
        (from.year()..=through.year()).filter(|year| !self.years.contains(year)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn programme() -> Value {
        serde_json::from_str(include_str!("../demo/programme.json")).unwrap()
    }

    fn day(value: &Value) -> NaiveDate {
        value.as_str().unwrap().parse().unwrap()
    }

    /// Calendar with the arrangement of 2018.
    fn of_2018(programme: &Value) -> Calendar {
        let list = |name: &str, kind| {
            let days = programme["holiday_calendar_2018"][name].as_array().unwrap();
            days.iter().map(|d| (day(d), kind)).collect::<Vec<_>>()
        };
        Calendar {
            exceptions: list("holidays", DayKind::Holiday)
                .into_iter()
                .chain(list("makeup_working_days", DayKind::Makeup))
                .collect(),
            years: BTreeSet::from([2018]),
        }
    }

    #[test]
    fn working_days_are_added_as_the_programme_did() {
        let programme = programme();
        let calendar = of_2018(&programme);
        let vectors = programme["acceptance"]["working_day_vectors"].as_array().unwrap();
        assert_eq!(vectors.len(), 10);
        for vector in vectors {
            let days = u32::try_from(vector["add_working_days"].as_u64().unwrap()).unwrap();
            assert_eq!(calendar.add_working_days(day(&vector["start"]), days), day(&vector["expect"]), "{vector}");
        }
    }

    #[test]
    fn working_days_are_counted_as_the_programme_did() {
        let programme = programme();
        let calendar = of_2018(&programme);
        let vectors = programme["acceptance"]["working_day_counts"].as_array().unwrap();
        assert_eq!(vectors.len(), 4);
        for vector in vectors {
            let counted = calendar.working_days(day(&vector["after"]), day(&vector["through"]));
            assert_eq!(u64::from(counted), vector["expect"].as_u64().unwrap(), "{vector}");
        }
    }

    #[test]
    fn the_year_2018_had_250_working_days() {
        let calendar = of_2018(&programme());
        assert_eq!(calendar.working_days_of(2018), 250);
        assert_eq!(calendar.days(2018, DayKind::Makeup).len(), 7);
    }

    #[test]
    fn a_deadline_on_a_day_off_rolls_to_the_next_working_day() {
        let calendar = of_2018(&programme());
        let roll = |text: &str| calendar.roll_forward(text.parse().unwrap()).to_string();
        assert_eq!(roll("2018-10-01"), "2018-10-08");
        assert_eq!(roll("2018-06-30"), "2018-07-02");
        // 30 September 2018 is a Sunday on which offices work.
        assert_eq!(roll("2018-09-30"), "2018-09-30");
    }

    /// An arrangement with one holiday, whose date identifies the arrangement.
    fn loaded(year: i32, number: u64, now: DateTime<Utc>, before: &[Arrangement]) -> Arrangement {
        let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap() + Days::new(number % 360);
        let known_from = known_from(now, before.iter().map(|a| a.known_from));
        Arrangement { year, loaded_at: now, known_from, days: vec![(day, DayKind::Holiday)] }
    }

    fn said(calendar: &Calendar) -> (Vec<NaiveDate>, Vec<i32>) {
        let mut days: Vec<NaiveDate> = calendar.exceptions.keys().copied().collect();
        days.sort_unstable();
        (days, calendar.years.iter().copied().collect())
    }

    #[test]
    fn a_past_day_keeps_the_arrangement_that_was_known_then() {
        let at = |day: i64| DateTime::UNIX_EPOCH + chrono::TimeDelta::days(day);
        let mut all = vec![loaded(2018, 1, at(10), &[])];
        all.push(loaded(2018, 2, at(20), &all));
        let holiday = |known| said(&Calendar::of(&all, known)).0.first().copied();
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        assert_eq!(holiday(Known::Before(at(10))), None, "not known before it was loaded");
        assert_eq!(holiday(Known::Before(at(11))), day("2018-01-02"));
        assert_eq!(holiday(Known::Before(at(20))), day("2018-01-02"));
        assert_eq!(holiday(Known::Before(at(21))), day("2018-01-03"));
        assert_eq!(holiday(Known::Now), day("2018-01-03"));
    }

    proptest! {
        /// A figure of a day that is over never changes, whatever arrangement is loaded later, and whether the clock goes on,
        /// back or ahead.
        #[test]
        fn no_later_arrangement_changes_what_was_shown(
            loads in proptest::collection::vec((2017i32..2020, 0i64..60), 1..12),
            shown in 0i64..60,
        ) {
            let at = |day: i64| DateTime::UNIX_EPOCH + chrono::TimeDelta::days(day);
            let (mut all, mut latest) = (Vec::new(), at(0));
            let mut once = None;
            for (number, (year, day)) in (0..).zip(loads) {
                let now = at(day);
                let next = loaded(year, number, now, &all);
                latest = latest.max(now);
                all.push(next);
                let newest = Calendar::of(&all, Known::Now);
                prop_assert!(newest.exceptions.contains_key(&all.last().unwrap().days[0].0), "today goes by the newest");
                if at(shown) <= latest {
                    let told = said(&Calendar::of(&all, Known::Before(at(shown))));
                    prop_assert_eq!(once.get_or_insert(told.clone()), &told);
                }
            }
        }
    }

    #[test]
    fn a_year_that_is_not_loaded_falls_back_to_weekdays_and_is_named() {
        let calendar = of_2018(&programme());
        let new_year: NaiveDate = "2019-01-01".parse().unwrap();
        assert!(calendar.is_working_day(new_year));
        let start = "2018-12-20".parse().unwrap();
        assert_eq!(calendar.unloaded_years(start, new_year), [2019]);
    }
}
