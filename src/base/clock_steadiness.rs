//! Whether the clock can be believed, for what the clock alone decides and nobody can take back: closing a vote for good and counting
//! it, destroying keys, removing what is kept only for a time.
//!
//! The wall clock is compared with the monotonic clock ([`Clock::monotonic`]) at every look. A clock is steady when both went the
//! same way for the whole time that is set (`settle_after`). An instant is settled when the steady clock passed it that long ago:
//! then two looks so far apart agree about it. A start and a jump begin the time anew, so one look under a wrong clock ends nothing.
//! Where a machine is suspended the monotonic clock stands still, and going on is a jump.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::base::clock::Clock;

/// How far wall clock and monotonic clock may part between two looks. Time services that set a clock in small steps stay within.
const TOLERANCE: TimeDelta = TimeDelta::seconds(5);
/// After this time a difference within the tolerance is forgotten: small corrections of many days do not add up to a jump.
const FORGOTTEN: TimeDelta = TimeDelta::hours(1);

/// Why something has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The clock was not steady for long enough; it will have been after this time.
    Unsteady(TimeDelta),
    /// The instant was passed too short a time ago.
    Unsettled(TimeDelta),
}

/// What the looks at the clock tell.
pub struct Steadiness {
    clock: Clock,
    settle: TimeDelta,
    state: Mutex<State>,
    jumps: AtomicU64,
}

/// One look at both clocks.
#[derive(Clone, Copy)]
struct Look {
    wall: DateTime<Utc>,
    monotonic: TimeDelta,
}

struct State {
    /// Since when the clock is steady, by the monotonic clock.
    since: TimeDelta,
    /// What later looks are compared with.
    anchor: Look,
    /// Whether somebody moves the clock on purpose.
    by_hand: bool,
}

/// While this is held, the clock is moved on purpose and goes by what it is told.
#[must_use]
pub struct ByHand<'a>(&'a Steadiness);

impl Steadiness {
    /// Of a clock that has just been started. Nothing has to wait where the time is zero.
    #[must_use]
    pub fn new(clock: Clock, settle: TimeDelta) -> Self {
        let first = Look::at(&clock);
        let state = State { since: first.monotonic, anchor: first, by_hand: false };
        Self { clock, settle, state: Mutex::new(state), jumps: AtomicU64::new(0) }
    }

    /// Looks at both clocks; a jump is logged and counted. Gives what everything that nobody can take back has to wait for.
    pub fn look(&self) -> Option<Wait> {
        let mut state = self.state();
        let now = Look::at(&self.clock);
        if state.by_hand {
            return None;
        }
        let passed = now.monotonic - state.anchor.monotonic;
        let apart = now.wall - state.anchor.wall - passed;
        if apart.abs() > TOLERANCE {
            self.jumps.fetch_add(1, Ordering::Relaxed);
            tracing::error!(
                seconds = apart.num_seconds(),
                now = %now.wall,
                "the clock jumped: nothing is counted or removed until it was steady for {} s; see to the machine's time service",
                self.settle.num_seconds()
            );
            (state.since, state.anchor) = (now.monotonic, now);
        } else if passed >= FORGOTTEN {
            state.anchor = now;
        }
        let left = self.settle - (now.monotonic - state.since);
        (left > TimeDelta::zero()).then_some(Wait::Unsteady(left))
    }

    /// As [`Steadiness::look`], for what follows from an instant of programme time. `now` is programme time as it is acted by.
    pub fn wait(&self, instant: DateTime<Utc>, now: DateTime<Utc>) -> Option<Wait> {
        let unsteady = self.look();
        if unsteady.is_some() || self.state().by_hand {
            return unsteady;
        }
        let left = self.settle - (now - instant);
        (left > TimeDelta::zero()).then_some(Wait::Unsettled(left))
    }

    /// For playing programme time, in the demo and in imports: while this is held, nothing waits.
    pub fn by_hand(&self) -> ByHand<'_> {
        self.state().by_hand = true;
        ByHand(self)
    }

    /// How often the clock jumped since the start.
    #[must_use]
    pub fn jumps(&self) -> u64 {
        self.jumps.load(Ordering::Relaxed)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Look {
    fn at(clock: &Clock) -> Self {
        Self { wall: clock.now(), monotonic: clock.monotonic() }
    }
}

impl Drop for ByHand<'_> {
    fn drop(&mut self) {
        let now = Look::at(&self.0.clock);
        *self.0.state() = State { since: now.monotonic, anchor: now, by_hand: false };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTLE: TimeDelta = TimeDelta::minutes(5);

    fn steady() -> (Clock, Steadiness) {
        let clock = Clock::stopped(DateTime::UNIX_EPOCH);
        let steadiness = Steadiness::new(clock.clone(), SETTLE);
        (clock, steadiness)
    }

    #[test]
    fn after_a_start_and_after_a_jump_the_whole_time_is_waited() {
        let (clock, steadiness) = steady();
        assert_eq!(steadiness.look(), Some(Wait::Unsteady(SETTLE)));
        clock.wait(TimeDelta::minutes(4));
        assert_eq!(steadiness.look(), Some(Wait::Unsteady(TimeDelta::minutes(1))));
        clock.wait(TimeDelta::minutes(1));
        assert_eq!(steadiness.look(), None);
        for jump in [TimeDelta::days(30), TimeDelta::days(-30), TimeDelta::seconds(6), TimeDelta::hours(-1)] {
            clock.step(jump);
            clock.wait(TimeDelta::seconds(20));
            assert_eq!(steadiness.look(), Some(Wait::Unsteady(SETTLE)), "{jump}");
            clock.wait(SETTLE);
            assert_eq!(steadiness.look(), None);
        }
        assert_eq!(steadiness.jumps(), 4);
    }

    #[test]
    fn a_jump_and_back_between_two_looks_of_the_clockwork_is_noticed_by_who_looks_in_between() {
        let (clock, steadiness) = steady();
        clock.wait(SETTLE);
        let close = clock.now() + TimeDelta::days(1);
        clock.step(TimeDelta::days(30));
        assert_eq!(steadiness.wait(close, clock.now()), Some(Wait::Unsteady(SETTLE)));
        clock.step(TimeDelta::days(-30));
        assert_eq!(steadiness.look(), Some(Wait::Unsteady(SETTLE)));
        assert_eq!(steadiness.jumps(), 2);
    }

    #[test]
    fn an_instant_is_settled_when_it_was_passed_long_enough_ago() {
        let (clock, steadiness) = steady();
        let close = clock.now() + TimeDelta::hours(1);
        clock.wait(TimeDelta::hours(1));
        assert_eq!(steadiness.wait(close, clock.now()), Some(Wait::Unsettled(SETTLE)));
        clock.wait(SETTLE);
        assert_eq!(steadiness.wait(close, clock.now()), None);
    }

    #[test]
    fn small_steps_of_many_hours_are_no_jump_and_many_at_once_are() {
        let (clock, steadiness) = steady();
        for _ in 0..10 {
            clock.wait(TimeDelta::hours(1));
            clock.step(TimeDelta::seconds(2));
            steadiness.look();
        }
        assert_eq!((steadiness.jumps(), steadiness.look()), (0, None));
        for _ in 0..10 {
            clock.wait(TimeDelta::minutes(1));
            clock.step(TimeDelta::seconds(2));
            steadiness.look();
        }
        assert!(steadiness.jumps() > 0 && steadiness.look().is_some());
    }

    #[test]
    fn a_clock_that_is_moved_by_hand_keeps_nothing_waiting_and_is_looked_at_anew_afterwards() {
        let (clock, steadiness) = steady();
        let by_hand = steadiness.by_hand();
        clock.set(DateTime::UNIX_EPOCH + TimeDelta::days(1));
        assert_eq!(steadiness.wait(clock.now(), clock.now()), None);
        drop(by_hand);
        assert_eq!((steadiness.look(), steadiness.jumps()), (Some(Wait::Unsteady(SETTLE)), 0));
    }
}
