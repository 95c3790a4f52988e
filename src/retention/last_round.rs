//! The last round of the retention purge: its time, and the number of rows and files that it removed.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::base::clock::is_recent;

/// Time between two rounds, in system time.
const INTERVAL: TimeDelta = TimeDelta::days(1);

/// Numbers of items that a round removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Sessions that had ended.
    pub sessions: u64,
    /// Evidence files that were uploaded and never filed, or that no row names.
    pub drafts: u64,
    /// Personal values of the audit trail whose openings were erased.
    pub openings: u64,
    /// Entries of the register of real-name passes.
    pub register: u64,
}

/// The last round of this process: when it began or ended, in system time, and the numbers of the last completed round.
#[derive(Debug, Default)]
pub struct LastRound(Mutex<Option<(DateTime<Utc>, Option<Removed>)>>);

impl LastRound {
    /// The time of the last round, in system time, and the numbers of the last completed round; none before one was completed.
    #[must_use]
    pub fn last(&self) -> Option<(DateTime<Utc>, Removed)> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.and_then(|(at, removed)| Some((at, removed?)))
    }

    /// Whether a round is due. A due round is marked as begun.
    pub(super) fn begin(&self, system: DateTime<Utc>) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = !last.is_some_and(|(at, _)| is_recent(at, INTERVAL, system));
        if due {
            *last = Some((system, last.and_then(|(_, removed)| removed)));
        }
        due
    }

    pub(super) fn end(&self, system: DateTime<Utc>, removed: Removed) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((system, Some(removed)));
    }
}
