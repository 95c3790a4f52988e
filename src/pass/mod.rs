//! Passes: the right to cast one ballot, and the papers against which passes and ballots are checked.
//!
//! An anonymous pass costs proof of work; a real-name pass needs a proof of identity. This slice does not know the holder of a
//! pass. The register knows which persons were given a real-name pass; it never sees a serial or a choice.

pub mod api;
pub mod flows;
pub mod identity_source;
pub mod issuing;
pub mod level;
pub mod paper;
pub mod pass_keys;
pub mod person;
pub mod proof_of_work;
pub mod proving;
pub mod puzzle;
pub mod resident;
pub mod seal;
pub mod sealed_puzzle;

use std::sync::Arc;

use self::identity_source::IdentitySource;
use self::issuing::Issuing;
use self::paper::Papers;
use self::proof_of_work::Puzzles;
use crate::base::rate_limit::PersistentLimiter;
use crate::base::store::Stores;
use crate::networks::Networks;
use crate::oidc::auth_request::StateCookie;

/// The running parts of issuing passes.
pub struct Passes {
    /// The three stores.
    pub stores: Stores,
    /// Ballot papers, against which passes and ballots are checked.
    pub papers: Papers,
    /// Issuer of anonymous and real-name passes.
    pub issuing: Issuing,
    /// Puzzles of the proof of work, for anonymous passes.
    pub puzzles: Puzzles,
    /// Numbers of anonymous passes by network and day.
    pub networks: Networks,
    /// Identity source that checks the identity of citizens.
    pub identity_source: IdentitySource,
    /// Rate limits that survive a restart.
    pub limiter: Arc<PersistentLimiter>,
    /// Cookie that seals the state which a browser carries to the identity provider and back.
    pub state_cookie: Arc<StateCookie>,
}
