//! Casting: the pass, the ballot box, receipts.
//!
//! To vote is to spend a pass. The pass's serial is the ballot's primary key, so the ballot row *is* the spending: the same
//! pass with the same place and choices gives the same receipt again, with others it is refused. Who holds a pass is never
//! known here; who was given a real-name pass is known to the register, which never sees a serial or a choice.

pub mod api;
pub mod ballot_box;
pub mod commands;
pub mod consistency;
pub mod counts;
pub mod forgetting;
pub mod identity_source;
pub mod invalidation;
pub mod issuing;
pub mod leaf;
pub mod level;
pub mod many_rows;
pub mod orders;
pub mod pages;
pub mod paper;
pub mod paper_sync;
pub mod pass;
pub mod pass_keys;
pub mod person;
pub mod proving;
pub mod puzzle;
pub mod queries;
pub mod receipts;
pub mod resident;
pub mod running;
pub mod sequencer;
pub mod steps;
pub mod witnesses;
pub mod work;

use std::path::PathBuf;
use std::sync::Arc;

use self::ballot_box::BallotBox;
use self::identity_source::IdentitySource;
use self::issuing::Issuing;
use self::paper::Papers;
use self::sequencer::Sequencer;
use self::work::Desk;
use crate::base::clock::Clock;
use crate::base::keys::Keys;
use crate::base::rate_limit::PersistentLimiter;
use crate::base::store::Stores;
use crate::log::witnesses::Remote;
use crate::networks::Networks;
use crate::oidc::trip::Seals;

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
    /// Issues passes.
    pub issuing: Issuing,
    /// Ballot papers, against which ballots are checked.
    pub papers: Papers,
    /// Seals ballots into the public log.
    pub sequencer: Sequencer,
    /// Proof-of-work challenges.
    pub challenges: Desk,
    /// Anonymous passes by network and day.
    pub networks: Networks,
    /// Checks the identity of citizens.
    pub identity_source: IdentitySource,
    /// Rate limits that survive a restart.
    pub limiter: Arc<PersistentLimiter>,
    /// Seals the state that a browser carries to the identity provider and back.
    pub seals: Arc<Seals>,
    /// Slugs of campaigns whose register was lost for good, as the operator says.
    pub lost_registers: Vec<String>,
    /// Witnesses that cosign the public logs.
    pub witnesses: Vec<Remote>,
}
