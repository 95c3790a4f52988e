//! Casting: the ballot box, receipts.
//!
//! To vote is to spend a pass. The pass's serial is the ballot's primary key, so the ballot row *is* the spending: the same
//! pass with the same place and choices gives the same receipt again, with others it is refused. Who holds a pass is never
//! known here; who was given a real-name pass is known to the register, which never sees a serial or a choice.

pub mod api;
pub mod ballot_box;
pub mod commands;
pub mod consistency;
pub mod many_rows;
pub mod option_order;
pub mod pages;
pub mod paper_sync;
pub mod purge;
pub mod queries;
pub mod receipts;

use std::path::PathBuf;
use std::sync::Arc;

use self::ballot_box::BallotBox;
use crate::ballot_log::Sequencer;
use crate::base::clock::Clock;
use crate::base::keys::Keys;
use crate::base::store::Stores;
use crate::log::witnesses::Remote;
use crate::pass::Passes;

/// The running parts of this slice.
pub struct Ballots {
    /// The three stores.
    pub stores: Stores,
    /// Secrets of the site.
    pub keys: Keys,
    /// Programme time and system time.
    pub clock: Clock,
    /// Data directory, where logs are stored.
    pub data: PathBuf,
    /// The writer that stores ballots.
    pub ballot_box: BallotBox,
    /// Passes and ballot papers.
    pub passes: Arc<Passes>,
    /// StateCookie ballots into the public log.
    pub sequencer: Sequencer,
    /// Slugs of campaigns whose register was lost for good, as the operator says.
    pub lost_registers: Vec<String>,
    /// Witnesses that cosign the public logs.
    pub witnesses: Vec<Remote>,
}
