//! Which leaf hashes are in the box, in memory: eight bytes a ballot.
//!
//! # Why
//! An index on random hashes would cost the store more than the ballots themselves (their keys are local, hashes are not),
//! and receipts are looked up rarely. The first eight bytes of a SHA-256 tell ten million ballots apart from any hash
//! that is not among them. The set is read in at start, in the background.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};

use entity::ballots::ballot;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::error::{Error, Result};
use crate::store::Store;

/// The leaf hashes in the box. Cheap to clone.
#[derive(Clone, Default)]
pub struct Receipts(Arc<Inner>);

#[derive(Default)]
struct Inner {
    known: RwLock<HashSet<u64>>,
    whole: AtomicBool,
}

/// Rows read at a time.
const PAGE: u64 = 20_000;

impl Receipts {
    /// Reads all leaf hashes of the store in the background.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let receipts = Self::default();
        let filled = receipts.clone();
        tokio::spawn(async move {
            if let Err(error) = filled.fill(&store).await {
                tracing::error!(error = %error, "receipts could not be read in");
            }
        });
        receipts
    }

    /// Notes ballots that were just committed.
    pub fn add<'a>(&self, leaves: impl Iterator<Item = &'a [u8; 32]>) {
        if let Ok(mut known) = self.0.known.write() {
            known.extend(leaves.map(short));
        }
    }

    /// Whether a ballot with this leaf hash is in the box.
    ///
    /// # Errors
    /// `Busy` while the set is still being read in and the hash was not met yet.
    pub fn has(&self, leaf: &[u8; 32]) -> Result<bool> {
        let known = self
            .0
            .known
            .read()
            .map_err(|_| Error::Internal("receipts poisoned".to_owned()))?;
        match known.contains(&short(leaf)) {
            true => Ok(true),
            false if self.0.whole.load(Ordering::Acquire) => Ok(false),
            false => Err(Error::Busy { retry_after: 5 }),
        }
    }

    async fn fill(&self, store: &Store) -> Result<()> {
        let mut after = (String::new(), Vec::new());
        loop {
            let (campaign, serial) = after;
            let beyond =
                ballot::Column::Campaign
                    .gt(campaign.as_str())
                    .or(ballot::Column::Campaign
                        .eq(campaign.as_str())
                        .and(ballot::Column::Serial.gt(serial)));
            let rows: Vec<(String, Vec<u8>, Vec<u8>)> = ballot::Entity::find()
                .filter(beyond)
                .select_only()
                .columns([
                    ballot::Column::Campaign,
                    ballot::Column::Serial,
                    ballot::Column::Leaf,
                ])
                .order_by_asc(ballot::Column::Campaign)
                .order_by_asc(ballot::Column::Serial)
                .limit(PAGE)
                .into_tuple()
                .all(store.db())
                .await?;
            if let Ok(mut known) = self.0.known.write() {
                known.extend(
                    rows.iter()
                        .filter_map(|(_, _, leaf)| leaf.as_slice().try_into().ok())
                        .map(|l: &[u8; 32]| short(l)),
                );
            }
            match rows.into_iter().next_back() {
                Some((campaign, serial, _)) => after = (campaign, serial),
                None => break,
            }
        }
        self.0.whole.store(true, Ordering::Release);
        Ok(())
    }
}

fn short(leaf: &[u8; 32]) -> u64 {
    leaf.first_chunk::<8>()
        .map_or(0, |bytes| u64::from_be_bytes(*bytes))
}
