//! Steadiness of the clock: whether the clock can be trusted for irreversible steps that follow from time alone. Such steps are
//! closing and counting a vote, destroying keys, and removing data whose retention period has ended.
//!
//! Every look compares the wall clock with the monotonic clock ([`Clock::monotonic`]). A clock is steady when both advanced
//! equally for the whole settling time (setting `settle_after`). An instant is settled when the steady clock passed it at least
//! that long ago: two looks that far apart then agree about the instant. A start and a jump restart the settling time, so a
//! single look under a wrong clock triggers nothing. On a suspended machine the monotonic clock stands still, and resuming counts
//! as a jump.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::base::clock::Clock;

/// Largest difference between wall clock and monotonic clock from one look to another. The small steps in which time services
/// adjust a clock are below this tolerance.
const TOLERANCE: TimeDelta = TimeDelta::seconds(5);
/// Time after which a difference within the tolerance is forgotten: small corrections of many days do not add up to a jump.
const FORGOTTEN: TimeDelta = TimeDelta::hours(1);

/// Reason why an irreversible step has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The clock has not been steady for long enough yet. Carries the remaining time.
    Unsteady(TimeDelta),
    /// The instant was passed too recently. Carries the remaining time.
    Unsettled(TimeDelta),
}

/// Compares both clocks and remembers since when they agree.
pub struct Steadiness {
    clock: Clock,
    settle: TimeDelta,
    state: Mutex<Observed>,
    jumps: AtomicU64,
}

/// One look at both clocks.
#[derive(Clone, Copy)]
struct Look {
    wall: DateTime<Utc>,
    monotonic: TimeDelta,
}

struct Observed {
    /// Reading of the monotonic clock since which the clock is steady.
    since: TimeDelta,
    /// Look with which later looks are compared.
    anchor: Look,
    /// Whether the clock is being moved on purpose.
    by_hand: bool,
}

/// Guard that exists while the clock is moved on purpose. Until it is dropped, jumps do not count.
#[must_use]
pub struct ByHand<'a>(&'a Steadiness);

impl Steadiness {
    /// The steadiness of a clock that was just started. With a settling time of zero nothing has to wait.
    #[must_use]
    pub fn new(clock: Clock, settle: TimeDelta) -> Self {
        let first = Look::at(&clock);
        let state = Observed { since: first.monotonic, anchor: first, by_hand: false };
        Self { clock, settle, state: Mutex::new(state), jumps: AtomicU64::new(0) }
    }

    /// Looks at both clocks; a jump is logged and counted. Returns the wait of every irreversible step, if there is one.
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

    /// As [`Steadiness::look`], for a step that follows from an instant of programme time. `now` is the programme time of the
    /// step.
    pub fn wait(&self, instant: DateTime<Utc>, now: DateTime<Utc>) -> Option<Wait> {
        let unsteady = self.look();
        if unsteady.is_some() || self.state().by_hand {
            return unsteady;
        }
        let left = self.settle - (now - instant);
        (left > TimeDelta::zero()).then_some(Wait::Unsettled(left))
    }

    /// Starts moving programme time by hand, in the demo and in imports: nothing waits until the guard is dropped.
    pub fn by_hand(&self) -> ByHand<'_> {
        self.state().by_hand = true;
        ByHand(self)
    }

    /// Number of jumps of the clock since the start.
    #[must_use]
    pub fn jumps(&self) -> u64 {
        self.jumps.load(Ordering::Relaxed)
    }

    fn state(&self) -> MutexGuard<'_, Observed> {
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
        *self.0.state() = Observed { since: now.monotonic, anchor: now, by_hand: false };
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
    fn a_jump_and_back_between_two_looks_of_the_scheduler_is_noticed_by_a_look_in_between() {
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
