//! Casting: the ballot box and receipts.
//!
//! A voter casts a ballot by spending a pass. The serial of the pass is the primary key of the ballot, so the ballot row *is* the
//! spending. The same pass with the same place and choices gives the same receipt again; with other choices it is refused. This
//! slice never learns who holds a pass. The register knows who was given a real-name pass, and never sees a serial or a choice.

pub mod api;
pub mod ballot_box;
pub mod consistency;
pub mod flows;
pub mod many_rows;
pub mod option_order;
pub mod pages;
pub mod paper_sync;
pub mod promises;
pub mod purge;
pub mod queries;
pub mod receipts;

use std::sync::Arc;

use self::ballot_box::BallotBox;
use self::receipts::Locators;
use crate::ballot_log::Sequencer;
use crate::base::clock::Clock;
use crate::base::keys::Keys;
use crate::base::store::Stores;
use crate::log::witnesses::Remote;
use crate::pass::Passes;

/// The running parts of casting.
pub struct Ballots {
    /// The three stores.
    pub stores: Stores,
    /// Secrets of the site.
    pub keys: Keys,
    /// Programme time and system time.
    pub clock: Clock,
    /// The writer that stores ballots.
    pub ballot_box: BallotBox,
    /// Passes and ballot papers.
    pub passes: Arc<Passes>,
    /// Sequencer that seals ballots into the public log.
    pub sequencer: Sequencer,
    /// Slugs of the campaigns whose register was lost for good, as declared by the operator.
    pub lost_registers: Vec<String>,
    /// Masks of the receipt numbers.
    pub locators: Locators,
    /// Witnesses that cosign the public logs.
    pub witnesses: Vec<Remote>,
}
