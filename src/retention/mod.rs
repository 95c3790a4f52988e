//! Retention of data. One table names everything that the product stores, and for how long ([`table`]). A daily round of the
//! scheduler removes data whose retention period is over ([`purge_job`]). The data of a member of staff are exported, and
//! erased after the person left ([`subject`]).

pub mod last_round;
pub mod pages;
pub mod purge_job;
pub mod subject;
pub mod table;

use chrono::TimeDelta;

use self::last_round::LastRound;
use crate::base::store::Stores;
use crate::report::evidence::Files;

/// Retention periods of data that are not stored permanently.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// Period of the personal values of the audit trail, from their entry on.
    pub openings: TimeDelta,
    /// Period of evidence files that were not filed with a report, from their upload on.
    pub drafts: TimeDelta,
    /// Period of the register of real-name passes, from the close of the campaign on.
    pub register: TimeDelta,
}

/// Parts that the daily purge works with.
pub struct Retention {
    /// The three stores: main, ballots, register.
    pub stores: Stores,
    /// Store of evidence files.
    pub files: Files,
    /// Retention periods of the site.
    pub keep: Keep,
    /// Time and numbers of the last round of the purge.
    pub last_round: LastRound,
}
