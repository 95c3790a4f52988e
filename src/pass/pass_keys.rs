//! Pass keys: one file for each campaign, from its publication to its count. The serials of real-name passes and the puzzles for
//! anonymous passes are made under this key. Once it is destroyed, nobody can link a person or a puzzle to a ballot.
//!
//! The ballot paper of a campaign with identities carries the fingerprint of the key. Another key would give a second pass to
//! everybody who already has one. So a lost key is never made anew: its copy has to be restored. Neither key nor fingerprint is in
//! the register, so a lost or emptied register does not lead to a new key. In a campaign without identities only puzzles depend on
//! the key: a lost key is made anew, and puzzles that were given before are refused.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use entity::ballots::ballot_paper;
use entity::codes::Codes;
use entity::stored::Track;
use public_log::vote;

use super::paper::Paper;
use crate::base::error::{Error, Result};
use crate::base::keys::{Key, Keys};

/// The pass keys of a data directory, with those read so far; cheap to clone.
#[derive(Clone)]
pub struct PassKeys {
    keys: Keys,
    held: Arc<Mutex<HashMap<String, Key>>>,
}

impl PassKeys {
    /// The pass keys of a data directory.
    #[must_use]
    pub fn new(keys: Keys) -> Self {
        Self { keys, held: Arc::default() }
    }

    /// Makes the key of a campaign that has no paper yet. Returns the fingerprint for the paper; none where no track of the campaign
    /// has identities. An existing key is kept: it comes from an attempt that a crash ended before the paper was stored.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn make(&self, campaign: &str, tracks: &Codes) -> Result<Option<String>> {
        let fingerprint = self.keys.make_pass(campaign)?.fingerprint();
        let has_identities =
            Track::ALL.iter().any(|track| tracks.has(track.code()) && vote::Track::from(*track).has_identities());
        Ok(has_identities.then_some(fingerprint))
    }

    /// The key of a campaign.
    ///
    /// # Errors
    /// A key that was lost or does not match the paper; a file that cannot be read.
    pub fn of(&self, paper: &Paper) -> Result<Key> {
        // The lock is held while the disk is read: of many first requests at once, only one reads.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = held.get(&*paper.campaign) {
            return Ok(key.clone());
        }
        let key = match paper.pass_key.as_deref() {
            Some(known) => read(&self.keys, &paper.campaign, known)?,
            None => self.keys.make_pass(&paper.campaign)?,
        };
        held.insert(paper.campaign.to_string(), key.clone());
        Ok(key)
    }

    /// Whether there is a key: the campaign was published, and the key was not destroyed yet.
    #[must_use]
    pub fn has(&self, campaign: &str) -> bool {
        self.keys.has_pass(campaign)
    }

    /// Destroys a campaign's key. The operation is idempotent.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn destroy(&self, campaign: &str) -> Result<()> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).remove(campaign);
        self.keys.destroy_pass(campaign)
    }
}

/// Refuses a campaign that may still give passes but whose key does not match its paper.
///
/// # Errors
/// A key that was lost or does not match; a file that cannot be read.
pub fn check(keys: &Keys, paper: &ballot_paper::Model) -> Result<()> {
    match paper.pass_key.as_deref() {
        None => Ok(()),
        Some(known) => read(keys, &paper.campaign, known).map(drop),
    }
}

fn read(keys: &Keys, campaign: &str, known: &str) -> Result<Key> {
    let file = Keys::pass_name(campaign);
    let lost = || {
        Error::Internal(format!(
            "keys/{file} is missing, and passes of {campaign} are made with it: bring it back from the copy of the keys"
        ))
    };
    let key = keys.pass(campaign)?.ok_or_else(lost)?;
    if key.fingerprint() == known {
        return Ok(key);
    }
    Err(Error::Internal(format!("keys/{file} is another key than the one with which passes of {campaign} are made")))
}
