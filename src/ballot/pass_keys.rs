//! The keys under which serials of real-name passes are made, one a campaign, from its first pass to its close.
//!
//! The register remembers the fingerprint of each: under another key everybody who was given a pass would be given a second one.
//! So a key that was lost is never made anew; the one that was copied has to be brought back.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::register::{nullifier, store_key};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict};
use tokio::sync::Mutex;

use crate::campaign::phase::Phase;
use crate::campaign::queries;
use crate::error::{Error, Result};
use crate::keys::{Key, Keys};
use crate::store::{Store, Stores};

/// Begins the names of these fingerprints among those in the register.
const NAMED: &str = "pass-";

/// Pass keys that were asked for. Cheap to clone.
#[derive(Clone)]
pub struct PassKeys {
    keys: Keys,
    register: Store,
    held: Arc<Mutex<HashMap<String, Key>>>,
}

impl PassKeys {
    /// Those of a data directory.
    #[must_use]
    pub fn new(keys: Keys, register: Store) -> Self {
        Self { keys, register, held: Arc::default() }
    }

    /// The key of a campaign. The first who asks has it made.
    ///
    /// # Errors
    /// A key that was lost, or is another one than the campaign's passes were made with; a file or store that fails.
    pub async fn of(&self, campaign: &str) -> Result<Key> {
        // Held while store and disk are asked: of many who come first at once, one asks.
        let mut held = self.held.lock().await;
        if let Some(key) = held.get(campaign) {
            return Ok(key.clone());
        }
        let standing = fingerprint(&self.register, campaign).await?;
        if !self.keys.has_pass(campaign) && (standing.is_some() || is_entered(&self.register, campaign).await?) {
            return Err(lost(campaign));
        }
        let key = self.keys.pass(campaign)?;
        match standing {
            Some(standing) if standing != key.fingerprint() => return Err(another(campaign)),
            Some(_) => {}
            // The file is durable already, no pass was made with it yet.
            None => self.remember(campaign, &key).await?,
        }
        held.insert(campaign.to_owned(), key.clone());
        Ok(key)
    }

    async fn remember(&self, campaign: &str, key: &Key) -> Result<()> {
        let row = store_key::ActiveModel { name: Set(name(campaign)), fingerprint: Set(key.fingerprint()) };
        self.register
            .write(async |tx| {
                let once = OnConflict::column(store_key::Column::Name).do_nothing().to_owned();
                store_key::Entity::insert(row.clone()).on_conflict(once).exec_without_returning(tx).await?;
                Ok(())
            })
            .await?;
        if fingerprint(&self.register, campaign).await? == Some(key.fingerprint()) {
            Ok(())
        } else {
            Err(another(campaign))
        }
    }

    /// Whether there is one: somebody was given a real-name pass, and the key was not destroyed yet.
    #[must_use]
    pub fn has(&self, campaign: &str) -> bool {
        self.keys.has_pass(campaign)
    }

    /// Destroys a campaign's key. Doing so twice is the same as once.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub async fn destroy(&self, campaign: &str) -> Result<()> {
        self.held.lock().await.remove(campaign);
        self.keys.destroy_pass(campaign)
    }
}

/// Refuses a start without the pass keys of campaigns that may still give passes, or with others. After the close none is needed,
/// and the one that was destroyed may be known to nobody.
///
/// # Errors
/// A key that was lost or is another one; a store that fails.
pub async fn check(stores: &Stores, keys: &Keys, now: DateTime<Utc>) -> Result<()> {
    let named = store_key::Entity::find().filter(store_key::COLUMN.name.starts_with(NAMED));
    for standing in named.all(stores.register.db()).await? {
        let campaign = standing.name.strip_prefix(NAMED).unwrap_or_default();
        if keys.has_pass(campaign) {
            if keys.pass(campaign)?.fingerprint() != standing.fingerprint {
                return Err(another(campaign));
            }
        } else if may_give_passes(stores, campaign, now).await? {
            return Err(lost(campaign));
        }
    }
    Ok(())
}

/// Whether somebody may still ask for a pass of the campaign.
async fn may_give_passes(stores: &Stores, campaign: &str, now: DateTime<Utc>) -> Result<bool> {
    match queries::campaign(stores.main.db(), campaign).await {
        Ok(found) => {
            let phase = Phase::of(&found, now);
            Ok(matches!(phase, Phase::Scheduled | Phase::Voting | Phase::Suspended))
        }
        Err(Error::NotFound(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Whether anybody was given a pass of the campaign: versions before this one kept no fingerprints.
async fn is_entered(register: &Store, campaign: &str) -> Result<bool> {
    let of = nullifier::Entity::find().filter(nullifier::COLUMN.campaign.eq(campaign));
    Ok(of.limit(1).one(register.db()).await?.is_some())
}

async fn fingerprint(register: &Store, campaign: &str) -> Result<Option<String>> {
    let row = store_key::Entity::find_by_id(name(campaign)).one(register.db()).await?;
    Ok(row.map(|row| row.fingerprint))
}

fn name(campaign: &str) -> String {
    format!("{NAMED}{campaign}")
}

fn lost(campaign: &str) -> Error {
    let file = Keys::pass_name(campaign);
    Error::Internal(format!(
        "keys/{file} is missing, and passes of {campaign} were made with it: bring it back from the copy of the keys"
    ))
}

fn another(campaign: &str) -> Error {
    let file = Keys::pass_name(campaign);
    Error::Internal(format!("keys/{file} is another key than the one with which passes of {campaign} were made"))
}
