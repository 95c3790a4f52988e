//! Programme time and system time.
//!
//! Campaigns, deadlines and figures use programme time: system time plus an offset. The offset is zero except in the demo, which
//! continues from 7 July 2018. Sessions, puzzles and rate limits use system time. Only the outermost layers hold a [`Clock`];
//! rules, commands and queries take `now` as a value.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};

/// Source of programme time and system time. Cheap to clone; all clones move together.
#[derive(Clone, Debug)]
pub struct Clock {
    offset_micros: Arc<AtomicI64>,
    /// Reading of the monotonic clock when this clock was made.
    started: Instant,
    stopped: Option<Stopped>,
}

/// Readings of a stopped clock (tests), in microseconds.
#[derive(Clone, Debug)]
struct Stopped {
    /// System time, since 1970.
    system: Arc<AtomicI64>,
    /// Monotonic time, since the start.
    monotonic: Arc<AtomicI64>,
}

impl Clock {
    /// The machine's clock, shifted by an offset.
    #[must_use]
    pub fn shifted(offset: TimeDelta) -> Self {
        Self { offset_micros: Arc::new(AtomicI64::new(micros(offset))), started: Instant::now(), stopped: None }
    }

    /// A clock that stands still at an instant and moves only on command.
    #[must_use]
    pub fn stopped(at: DateTime<Utc>) -> Self {
        let system = Arc::new(AtomicI64::new(at.timestamp_micros()));
        Self { stopped: Some(Stopped { system, monotonic: Arc::default() }), ..Self::shifted(TimeDelta::zero()) }
    }

    /// System time, in microseconds. PostgreSQL stores no finer instants, and tests fail on a value that changes when it is
    /// stored.
    #[must_use]
    pub fn system(&self) -> DateTime<Utc> {
        self.stopped
            .as_ref()
            .map(|stopped| stopped.system.load(Ordering::Relaxed))
            .map_or_else(stamp, |at| DateTime::from_timestamp_micros(at).unwrap_or_default())
    }

    /// Time since the clock was made, by the monotonic clock, which nobody can set and which never goes back.
    #[must_use]
    pub fn monotonic(&self) -> TimeDelta {
        self.stopped.as_ref().map_or_else(
            || TimeDelta::from_std(self.started.elapsed()).unwrap_or(TimeDelta::MAX),
            |stopped| TimeDelta::microseconds(stopped.monotonic.load(Ordering::Relaxed)),
        )
    }

    /// The present instant of programme time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.system() + self.offset()
    }

    /// Offset of programme time from system time.
    #[must_use]
    pub fn offset(&self) -> TimeDelta {
        TimeDelta::microseconds(self.offset_micros.load(Ordering::Relaxed))
    }

    /// Sets programme time to an instant; programme time runs on from there.
    pub fn set(&self, now: DateTime<Utc>) {
        self.offset_micros.store(micros(now - self.system()), Ordering::Relaxed);
    }

    /// Lets time pass on a stopped clock: monotonic time, system time and programme time. Without effect on a running clock.
    pub fn wait(&self, by: TimeDelta) {
        if let Some(stopped) = &self.stopped {
            stopped.monotonic.fetch_add(micros(by), Ordering::Relaxed);
        }
        self.step(by);
    }

    /// Sets the system time of a stopped clock forward or back while no time passes: a clock that becomes wrong, or that is
    /// corrected.
    pub fn step(&self, by: TimeDelta) {
        if let Some(stopped) = &self.stopped {
            stopped.system.fetch_add(micros(by), Ordering::Relaxed);
        }
    }

    /// Moves programme time forward.
    pub fn advance(&self, by: TimeDelta) {
        self.offset_micros.fetch_add(micros(by), Ordering::Relaxed);
    }
}

/// System time of the machine, for records of when a row was really written. No rule uses this time.
#[must_use]
pub fn stamp() -> DateTime<Utc> {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    Utc::now().trunc_subsecs(6)
}

fn micros(delta: TimeDelta) -> i64 {
    delta.num_microseconds().unwrap_or(i64::MAX)
}

/// Largest difference between the clocks of two nodes.
pub const SKEW: TimeDelta = TimeDelta::minutes(1);

/// Whether less than a span has passed since an instant. A future instant, recorded under a clock that was ahead, counts as long
/// ago: nothing waits until that instant comes again.
#[must_use]
pub fn is_recent(since: DateTime<Utc>, span: TimeDelta, now: DateTime<Utc>) -> bool {
    (-SKEW..span).contains(&(now - since))
}

/// Resolution of instants in the stores.
const RESOLUTION: TimeDelta = TimeDelta::microseconds(1);

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
    instant_of(day, NaiveTime::MIN)
}

/// The instant of a time of day in China.
#[must_use]
pub fn instant_of(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    (day.and_time(time) - TimeDelta::hours(8)).and_utc()
}

/// The time of day in China at an instant.
#[must_use]
pub fn time_of(instant: DateTime<Utc>) -> NaiveTime {
    instant.with_timezone(&CHINA).time()
}

/// The last day of a period whose exclusive end is stored.
#[must_use]
pub fn last_day(end: DateTime<Utc>) -> NaiveDate {
    day_of(just_before(end))
}

/// The last instant before another, in the resolution of the stores: one microsecond.
#[must_use]
pub fn just_before(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant - RESOLUTION
}

/// The first instant after another, in the resolution of the stores: the exclusive end of everything up to that instant.
#[must_use]
pub fn just_after(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant + RESOLUTION
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
    fn an_instant_of_the_future_is_long_ago() {
        let (now, hour) = (DateTime::UNIX_EPOCH, TimeDelta::hours(1));
        for (since, is) in [(0, true), (-59, true), (-60, false), (1, true), (2, false), (180, false)] {
            assert_eq!(is_recent(now + TimeDelta::minutes(since), hour, now), is, "{since}");
        }
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
        clock.step(TimeDelta::hours(-2));
        assert_eq!(clone.system(), DateTime::UNIX_EPOCH - TimeDelta::hours(1));
        assert_eq!(clone.monotonic(), TimeDelta::hours(1));
    }
}
