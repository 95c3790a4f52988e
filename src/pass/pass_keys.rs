//! Pass keys: one for each campaign, from its publication to its count. The serials of real-name passes and the puzzles for anonymous
//! passes are made under this key. Once it is destroyed, nobody can link a person or a puzzle to a ballot.
//!
//! A pass key is a row of the main store, encrypted under the site key, so every process of the site has the same one. Copies of the
//! main store leave the row out; copies of the keys contain it ([`crate::backup::keys`]).
//!
//! The ballot paper of a campaign with identities carries the fingerprint of the key. Another key would give a second pass to
//! everybody who already has one. So a lost key is never made anew: its copy has to be restored. Neither key nor fingerprint is in
//! the register, so a lost or emptied register does not lead to a new key. In a campaign without identities only puzzles depend on
//! the key: a lost key is made anew, and puzzles that were given before are refused.

use std::collections::HashMap;
use std::sync::Arc;

use entity::codes::Codes;
use entity::pass_key;
use entity::stored::Track;
use public_log::vote;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter, sea_query::Expr};
use tokio::sync::Mutex;

use super::paper::Paper;
use crate::base::error::{Error, Result};
use crate::base::keys::{Key, Keys};
use crate::base::main_store::{Changes, Main};

/// The pass keys of a site, with those read so far; cheap to clone.
#[derive(Clone)]
pub struct PassKeys {
    main: Main,
    /// Key under which the pass keys are encrypted.
    site: Key,
    held: Arc<Mutex<HashMap<String, Key>>>,
}

impl PassKeys {
    /// The pass keys of a site.
    #[must_use]
    pub fn of(main: Main, keys: &Keys) -> Self {
        Self { main, site: keys.site.clone(), held: Arc::default() }
    }

    /// Makes the key of a campaign that has no paper yet. Returns the fingerprint for the paper; none where no track of the campaign
    /// has identities. An existing key is kept: it comes from another process, or from an attempt that a crash ended before the paper
    /// was stored.
    ///
    /// # Errors
    /// A key that does not open; a store that fails.
    pub async fn make(&self, campaign: &str, tracks: &Codes) -> Result<Option<String>> {
        let fingerprint = self.made(campaign).await?.fingerprint();
        let has_identities =
            Track::ALL.iter().any(|track| tracks.has(track.code()) && vote::Track::from(*track).has_identities());
        Ok(has_identities.then_some(fingerprint))
    }

    /// The key of a campaign.
    ///
    /// # Errors
    /// A key that was lost or does not match the paper; a store that fails.
    pub async fn key(&self, paper: &Paper) -> Result<Key> {
        // The lock is held while the store is read: of many first requests at once, only one reads.
        let mut held = self.held.lock().await;
        if let Some(key) = held.get(&*paper.campaign) {
            return Ok(key.clone());
        }
        let key = match paper.pass_key.as_deref() {
            Some(known) => self.known(&paper.campaign, known).await?,
            None => self.made(&paper.campaign).await?,
        };
        held.insert(paper.campaign.to_string(), key.clone());
        Ok(key)
    }

    /// Refuses a campaign that may still give passes but whose key does not match its paper, which names the fingerprint `known`.
    ///
    /// # Errors
    /// A key that was lost or does not match; a store that fails.
    pub async fn check(&self, campaign: &str, known: Option<&str>) -> Result<()> {
        match known {
            None => Ok(()),
            Some(known) => self.known(campaign, known).await.map(drop),
        }
    }

    /// Whether there is a key: the campaign was published, and the key was not destroyed yet.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn has(&self, campaign: &str) -> Result<bool> {
        Ok(pass_key::Entity::find_by_id(campaign).one(self.main.db()).await?.is_some())
    }

    /// Destroys a campaign's key: first the row is emptied, then the table is written anew, so that no file of the store holds the
    /// bytes, then the row goes. The operation is idempotent, and a crash between the steps leaves the row for the next call.
    ///
    /// # Errors
    /// A store that fails, or that somebody reads without a pause.
    pub async fn destroy(&self, campaign: &str) -> Result<()> {
        self.drop_held(campaign).await;
        if !self.has(campaign).await? {
            return Ok(());
        }
        self.main
            .write(Changes::Internal, async |tx| {
                let empty = pass_key::Entity::update_many().col_expr(pass_key::Column::Sealed, Expr::value(""));
                empty.filter(pass_key::COLUMN.campaign.eq(campaign)).exec(tx).await?;
                Ok(())
            })
            .await?;
        self.main.put_in_order("pass_key", "campaign").await?;
        self.main
            .write(Changes::Internal, async |tx| {
                Ok(pass_key::Entity::delete_by_id(campaign).exec(tx).await.map(drop)?)
            })
            .await
    }

    /// Forgets a campaign's key in this process, because the key is about to be destroyed or was destroyed by another process.
    pub async fn drop_held(&self, campaign: &str) {
        self.held.lock().await.remove(campaign);
    }

    /// All pass keys, by campaign: for copies of the keys.
    ///
    /// # Errors
    /// A key that does not open; a store that fails.
    pub async fn all(&self) -> Result<Vec<(String, Key)>> {
        let rows = pass_key::Entity::find().all(self.main.db()).await?;
        let keys = rows.into_iter().filter(|row| !row.sealed.is_empty());
        keys.map(|row| Ok((row.campaign.clone(), open(&self.site, &row)?))).collect()
    }

    /// Puts a key from a copy back. A key that is there already stays.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn put_back(&self, campaign: &str, key: &Key) -> Result<()> {
        let sealed = self.site.seal(&place(campaign), key.to_text().as_bytes())?;
        let row = pass_key::ActiveModel { campaign: Set(campaign.to_owned()), sealed: Set(sealed) };
        self.main
            .write(Changes::Internal, async |tx| {
                pass_key::Entity::insert(row)
                    .on_conflict_do_nothing_on([pass_key::Column::Campaign])
                    .exec_without_returning(tx)
                    .await?;
                Ok(())
            })
            .await
    }

    /// The key of a campaign, made where the store has none.
    async fn made(&self, campaign: &str) -> Result<Key> {
        if let Some(key) = self.read(campaign).await? {
            return Ok(key);
        }
        self.put_back(campaign, &Key::ephemeral()?).await?;
        let lost = || Error::Internal(format!("the pass key of {campaign} is missing"));
        self.read(campaign).await?.ok_or_else(lost)
    }

    async fn known(&self, campaign: &str, fingerprint: &str) -> Result<Key> {
        let lost = || {
            Error::Internal(format!(
                "the pass key of {campaign} is missing from the main store, and passes are made with it: bring it back from the copy \
                 of the keys (shudu restore)"
            ))
        };
        let key = self.read(campaign).await?.ok_or_else(lost)?;
        if key.fingerprint() == fingerprint {
            return Ok(key);
        }
        Err(Error::Internal(format!("the pass key of {campaign} is another one than passes are made with")))
    }

    async fn read(&self, campaign: &str) -> Result<Option<Key>> {
        let row = pass_key::Entity::find_by_id(campaign).one(self.main.db()).await?;
        row.filter(|row| !row.sealed.is_empty()).map(|row| open(&self.site, &row)).transpose()
    }
}

/// Place of an encrypted pass key ([`Key::seal`]).
fn place(campaign: &str) -> String {
    format!("pass_key/{campaign}")
}

fn open(site: &Key, row: &pass_key::Model) -> Result<Key> {
    let text = site.unseal(&place(&row.campaign), &row.sealed)?;
    let key = std::str::from_utf8(&text).ok().and_then(Key::from_text);
    key.ok_or_else(|| Error::Internal(format!("the pass key of {} is damaged", row.campaign)))
}
