//! The keys under which serials of real-name passes are made: one file a campaign, from its publication to its count.
//!
//! The ballot paper carries the fingerprint of the key. Under another key everybody who was given a pass would be given a second
//! one, so a key that was lost is never made anew: the copy has to be brought back. Neither key nor fingerprint is in the
//! register, so that a register that was lost or emptied brings no new key.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use entity::ballots::ballot_paper;

use super::paper::Paper;
use crate::base::error::{Error, Result};
use crate::base::keys::{Key, Keys};

/// Pass keys that were asked for. Cheap to clone.
#[derive(Clone)]
pub struct PassKeys {
    keys: Keys,
    held: Arc<Mutex<HashMap<String, Key>>>,
}

impl PassKeys {
    /// Those of a data directory.
    #[must_use]
    pub fn new(keys: Keys) -> Self {
        Self { keys, held: Arc::default() }
    }

    /// Makes the key of a campaign that has no paper yet; gives its fingerprint. A key that lies there already is of an attempt
    /// that a crash ended before the paper was stored.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn make(&self, campaign: &str) -> Result<String> {
        Ok(self.keys.make_pass(campaign)?.fingerprint())
    }

    /// The key of a campaign.
    ///
    /// # Errors
    /// A key that was lost, or is another one than the paper says; a file that cannot be read.
    pub fn of(&self, paper: &Paper) -> Result<Key> {
        // Held while the disk is asked: of many who come first at once, one asks.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = held.get(&*paper.campaign) {
            return Ok(key.clone());
        }
        let key = read(&self.keys, &paper.campaign, paper.pass_key.as_deref())?;
        held.insert(paper.campaign.to_string(), key.clone());
        Ok(key)
    }

    /// Whether there is one: the campaign gives real-name passes, and the key was not destroyed yet.
    #[must_use]
    pub fn has(&self, campaign: &str) -> bool {
        self.keys.has_pass(campaign)
    }

    /// Destroys a campaign's key. Doing so twice is the same as once.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn destroy(&self, campaign: &str) -> Result<()> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).remove(campaign);
        self.keys.destroy_pass(campaign)
    }
}

/// Refuses a campaign that may still give real-name passes, where its key is not the one that its paper says.
///
/// # Errors
/// A key that was lost or is another one; a file that cannot be read.
pub fn check(keys: &Keys, paper: &ballot_paper::Model) -> Result<()> {
    match paper.pass_key.as_deref() {
        None => Ok(()),
        known => read(keys, &paper.campaign, known).map(drop),
    }
}

fn read(keys: &Keys, campaign: &str, known: Option<&str>) -> Result<Key> {
    let file = Keys::pass_name(campaign);
    let lost = || {
        Error::Internal(format!(
            "keys/{file} is missing, and passes of {campaign} are made with it: bring it back from the copy of the keys"
        ))
    };
    let key = keys.pass(campaign)?.ok_or_else(lost)?;
    if known == Some(key.fingerprint().as_str()) {
        return Ok(key);
    }
    Err(Error::Internal(format!("keys/{file} is another key than the one with which passes of {campaign} are made")))
}
