//! Programme time and system time.
//!
//! Programme time is what campaigns, deadlines and figures go by: system time plus an offset, zero but in the demo, which
//! lives on from 7 July 2018. Sessions, challenges and rate limits use system time. Only the edges hold a [`Clock`];
//! rules, commands and queries take `now` as a value.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Days, FixedOffset, NaiveDate, SubsecRound, TimeDelta, Utc};

/// Tells programme time and system time; cheap to clone, all clones move together.
#[derive(Clone, Debug)]
pub struct Clock {
    offset_micros: Arc<AtomicI64>,
    /// A stopped clock (tests): the instant that stands for system time, in microseconds since 1970.
    stopped: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The machine's clock, shifted by an offset.
    #[must_use]
    pub fn shifted(offset: TimeDelta) -> Self {
        Self { offset_micros: Arc::new(AtomicI64::new(micros(offset))), stopped: None }
    }

    /// A clock that stands at an instant and moves only when told to.
    #[must_use]
    pub fn stopped(at: DateTime<Utc>) -> Self {
        Self {
            offset_micros: Arc::new(AtomicI64::new(0)),
            stopped: Some(Arc::new(AtomicI64::new(at.timestamp_micros()))),
        }
    }

    /// System time, in microseconds: PostgreSQL keeps no more, and a value that changes by being stored makes tests lie.
    #[must_use]
    pub fn system(&self) -> DateTime<Utc> {
        self.stopped
            .as_ref()
            .map_or_else(stamp, |at| DateTime::from_timestamp_micros(at.load(Ordering::Relaxed)).unwrap_or_default())
    }

    /// Programme time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.system() + self.offset()
    }

    /// What programme time adds to system time.
    #[must_use]
    pub fn offset(&self) -> TimeDelta {
        TimeDelta::microseconds(self.offset_micros.load(Ordering::Relaxed))
    }

    /// Puts programme time at an instant; it runs on from there.
    pub fn set(&self, now: DateTime<Utc>) {
        self.offset_micros.store(micros(now - self.system()), Ordering::Relaxed);
    }

    /// Lets system time pass on a stopped clock, and programme time with it. A running clock passes by itself.
    pub fn wait(&self, by: TimeDelta) {
        if let Some(at) = &self.stopped {
            at.fetch_add(micros(by), Ordering::Relaxed);
        }
    }

    /// Moves programme time on.
    pub fn advance(&self, by: TimeDelta) {
        self.offset_micros.fetch_add(micros(by), Ordering::Relaxed);
    }
}

/// The machine's time, for records of when something was really written; no rule goes by it.
#[must_use]
pub fn stamp() -> DateTime<Utc> {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    Utc::now().trunc_subsecs(6)
}

fn micros(delta: TimeDelta) -> i64 {
    delta.num_microseconds().unwrap_or(i64::MAX)
}

/// China Standard Time: UTC+8, no summer time.
pub const CHINA: FixedOffset = match FixedOffset::east_opt(8 * 3600) {
    Some(offset) => offset,
    None => panic!("eight hours are a valid offset"),
};

/// The day in China on which an instant falls.
#[must_use]
pub fn day_of(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&CHINA).date_naive()
}

/// The first instant of a day in China.
#[must_use]
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    (day.and_time(chrono::NaiveTime::MIN) - TimeDelta::hours(8)).and_utc()
}

/// The end of a day in China, exclusive: 24:00.
#[must_use]
pub fn end_of(day: NaiveDate) -> DateTime<Utc> {
    start_of(day.checked_add_days(Days::new(1)).unwrap_or(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_china_begins_at_sixteen_hours_utc_of_the_day_before() {
        let day = NaiveDate::from_ymd_opt(2018, 5, 8).unwrap();
        assert_eq!(start_of(day).to_rfc3339(), "2018-05-07T16:00:00+00:00");
        assert_eq!(end_of(day).to_rfc3339(), "2018-05-08T16:00:00+00:00");
        assert_eq!(day_of(end_of(day)), NaiveDate::from_ymd_opt(2018, 5, 9).unwrap());
    }

    #[test]
    fn clones_of_a_clock_move_together() {
        let clock = Clock::stopped(DateTime::UNIX_EPOCH);
        let clone = clock.clone();
        clock.advance(TimeDelta::days(3));
        assert_eq!(clone.now(), DateTime::UNIX_EPOCH + TimeDelta::days(3));
        assert_eq!(clone.system(), DateTime::UNIX_EPOCH);
        clock.wait(TimeDelta::hours(1));
        assert_eq!(clone.system(), DateTime::UNIX_EPOCH + TimeDelta::hours(1));
        assert_eq!(clone.now(), DateTime::UNIX_EPOCH + TimeDelta::days(3) + TimeDelta::hours(1));
    }
}
