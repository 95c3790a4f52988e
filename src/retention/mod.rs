//! What is kept, how long, and what happens then: one table that names everything the product stores, a round of the clockwork
//! that keeps to it, and what becomes of a member of staff who left.

pub mod last_round;
pub mod pages;
pub mod purge_job;
pub mod subject;
pub mod table;

use chrono::TimeDelta;

use self::last_round::LastRound;
use crate::base::store::Stores;
use crate::report::evidence::Files;

/// Retention periods of what is not stored for good.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// Of personal values of the audit trail, from their entry on.
    pub openings: TimeDelta,
    /// Of evidence files that no report was filed with, from their upload on.
    pub drafts: TimeDelta,
    /// Of the register of real-name passes, from the close of the campaign on.
    pub register: TimeDelta,
}

/// The running parts of this slice.
pub struct Retention {
    /// The three stores.
    pub stores: Stores,
    /// Evidence files.
    pub files: Files,
    /// Retention periods of the site.
    pub keep: Keep,
    /// State of the daily purge.
    pub last_round: LastRound,
}
