//! The sequencer writes waiting ballots into the public log, one batch at a time. `docs/ballot-log.md` specifies the result.
//!
//! A batch takes five steps. A crash may interrupt each of them:
//!
//! 1. **Stage**: the entries, in the order of their leaf hashes, and the bytes that open their places are stored as one object and
//!    read back. The new root is computed twice: from the tiles, and from the right edge of the tree.
//! 2. **Commit**: the stored head moves from the old tree to the new one, or does not move (compare-and-set). The same transaction
//!    records the batch, marks its ballots and updates the log's own count.
//! 3. **Put**: tiles, entries and places are stored under their names.
//! 4. **Sign**: the checkpoint of the committed tree is signed and stored.
//! 5. **Show**: the stored head gets the checkpoint. From now on readers see the batch.
//!
//! Nothing is signed before the database committed it, so of any two signed trees one is the beginning of the other. The batches that
//! are committed and not signed are rows, and whoever looks next finishes them. The bytes and the note of a committed batch follow from
//! its row, so two processes that finish the same batch write the same.

mod batch;
pub mod commit_batch;
pub mod cosigning;
pub mod counts;
pub mod criteria;
mod head;
mod invalidating;
pub mod log_files;
pub mod published;
mod reading;
pub mod receipts;
pub mod recounting;
pub mod running;
pub mod staged;
mod stepping;
pub mod steps;
mod tally;
pub mod witnesses;

use std::collections::{HashMap, HashSet};
use std::future::ready;
use std::sync::{Arc, RwLock};

use entity::ballots::{ballot, log_head, sealed_count};
use futures_util::{StreamExt, TryStreamExt};
use public_log::leaf::Leaf;
use public_log::note::{Checkpoint, Signer};
use public_log::tree::Hash;
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use self::log_files::LogFiles;
use self::staged::{Staged, Waiting};
use crate::ballot_log::counts::Counts;
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::base::keys::Key;
use crate::base::objects::Objects;
use crate::base::store::Store;
use crate::pass::paper::{Paper, Papers};

/// Most ballots of one batch. The limit is large because a place is opened only where ten ballots of a batch share it.
const MAX_BATCH: usize = 65_536;
/// Default number of waiting ballots with shown figures at which a batch is sealed while voting runs.
pub const DEFAULT_SEAL_AT: usize = 10_000;

/// Seals ballots and publishes the log. Cheap to clone.
#[derive(Clone)]
pub struct Sequencer(Arc<Inner>);

struct Inner {
    store: Store,
    papers: Papers,
    key: Key,
    objects: Objects,
    site: String,
    /// Logs that this process opened since its start, by slug of the campaign.
    opened: RwLock<HashSet<String>>,
    /// Signers of the logs that this process has read, by slug of the campaign.
    signers: RwLock<HashMap<String, Arc<Signer>>>,
    /// Lock for everything that changes a log: one change at a time.
    one: tokio::sync::Mutex<()>,
    /// Signals to the tasks that ask witnesses that there may be something to cosign.
    news: tokio::sync::watch::Sender<()>,
}

impl Sequencer {
    /// The sequencer of a site. `site` is the beginning of the names of new logs.
    #[must_use]
    pub fn new(store: Store, papers: Papers, key: Key, objects: Objects, site: String) -> Self {
        Self(Arc::new(Inner {
            store,
            papers,
            key,
            objects,
            site,
            opened: RwLock::default(),
            signers: RwLock::default(),
            one: tokio::sync::Mutex::default(),
            news: tokio::sync::watch::Sender::default(),
        }))
    }

    /// The objects of a campaign's log.
    #[must_use]
    pub fn files(&self, campaign: &str) -> LogFiles {
        LogFiles::of(&self.0.objects, campaign)
    }

    /// Opens the log of a published campaign: its head in the store, its key and questionnaire among the objects. A second call
    /// changes nothing.
    ///
    /// # Errors
    /// A store or disk that fails; another key or questionnaire than before; a log that is ahead of the store (the store was restored from
    /// an old copy).
    pub async fn open(&self, campaign: &str, questionnaire: &[u8]) -> Result<()> {
        let _one = self.0.one.lock().await;
        let head = self.head(campaign).await?;
        let (files, committed) = (self.files(campaign), head.size.unsigned_abs());
        let (key, questionnaire) = (format!("{}\n", self.signer(&head).verifier()), questionnaire.to_vec());
        files::blocking(move || {
            files.refuse_ahead(committed)?;
            files.begin(key.into_bytes(), questionnaire, head.is_begun)
        })
        .await?;
        if !head.is_begun {
            self.begin(campaign).await?;
        }
        if let Ok(mut opened) = self.0.opened.write() {
            opened.insert(campaign.to_owned());
        }
        Ok(())
    }

    /// Whether this process has not opened the log of a campaign yet.
    #[must_use]
    pub fn is_closed(&self, campaign: &str) -> bool {
        self.0.opened.read().is_ok_and(|opened| !opened.contains(campaign))
    }

    /// Seals the waiting ballots in batches of equal size, if at least `least` ballots wait. While voting runs,
    /// [`Self::seal_shown`] is used instead.
    ///
    /// # Errors
    /// A store or disk that fails; a ballot or a tree that differs from its stored state. In that case nothing is signed.
    pub async fn seal(&self, campaign: &str, least: usize) -> Result<()> {
        let _one = self.0.one.lock().await;
        self.finish(campaign).await?;
        let left = self.count_waiting(campaign).await?;
        if left < least { Ok(()) } else { self.seal_of(campaign, left, None).await }
    }

    /// Seals `left` ballots: those whose leaf hashes are in `of`, or any waiting ballots where `of` is none.
    async fn seal_of(&self, campaign: &str, mut left: usize, of: Option<&HashSet<Hash>>) -> Result<()> {
        let paper = self.0.papers.get(campaign).await?;
        for batches in (1..=left.div_ceil(MAX_BATCH)).rev() {
            let waiting = self.waiting(&paper, left.div_ceil(batches), of).await?;
            left -= waiting.len().min(left);
            let staged = files::blocking(move || Staged::of_ballots(waiting)).await?;
            self.append_ballots(&self.head(campaign).await?, staged).await?;
        }
        Ok(())
    }

    /// Makes entries and places public, at the time of the count. The call is idempotent.
    ///
    /// # Errors
    /// A store or disk that fails.
    pub async fn disclose(&self, campaign: &str) -> Result<()> {
        let _one = self.0.one.lock().await;
        self.clear_snapshots(campaign).await?;
        self.0
            .store
            .write(async |tx| {
                log_head::Entity::update_many()
                    .col_expr(log_head::Column::IsDisclosed, Expr::value(true))
                    .filter(log_head::COLUMN.campaign.eq(campaign))
                    .exec(tx)
                    .await?;
                Ok(())
            })
            .await
    }

    /// Rewrites the ballots of those of these counted campaigns that were not rewritten yet, in the order of their keys.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn rewrite(&self, counted: &[String]) -> Result<()> {
        let waiting: Vec<String> = log_head::Entity::find()
            .filter(log_head::COLUMN.campaign.is_in(counted.iter().cloned()))
            .filter(log_head::COLUMN.rewritten.eq(false))
            .select_only()
            .column(log_head::Column::Campaign)
            .into_tuple()
            .all(self.0.store.db())
            .await?;
        if waiting.is_empty() {
            return Ok(());
        }
        self.0.store.rewrite_ballots(&waiting).await?;
        self.0
            .store
            .write(async |tx| {
                log_head::Entity::update_many()
                    .col_expr(log_head::Column::Rewritten, Expr::value(true))
                    .filter(log_head::COLUMN.campaign.is_in(waiting))
                    .exec(tx)
                    .await?;
                Ok(())
            })
            .await
    }

    /// The log's own count: sealed ballots that count, by option, opened place and track.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn counts(&self, campaign: &str) -> Result<Counts> {
        let rows = sealed_count::Entity::find()
            .filter(sealed_count::COLUMN.campaign.eq(campaign))
            .filter(sealed_count::COLUMN.n.ne(0))
            .all(self.0.store.db())
            .await?;
        Ok(rows.into_iter().map(|r| ((r.option, r.province, r.track), r.n)).collect())
    }

    /// Whether the signed count is public and belongs to the newest batch.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn is_count_published(&self, campaign: &str) -> Result<bool> {
        Ok(self.head(campaign).await?.tally.is_some() && self.unsigned(campaign).await?.is_empty())
    }

    /// Signs the log's own count and shows it, after an interrupted batch is finished. The call is idempotent.
    ///
    /// # Errors
    /// A store or disk that fails.
    pub async fn publish_count(&self, campaign: &str) -> Result<()> {
        let _one = self.0.one.lock().await;
        self.finish(campaign).await?;
        let head = self.head(campaign).await?;
        let checkpoint = head::checkpoint(&head)?;
        let tally = self.counted(&checkpoint, campaign).await?;
        // The checkpoint of an empty log is shown with its count: no batch showed it before.
        let first = (head.size == 0 && head.checkpoint.is_none()).then(|| self.signer(&head).sign(&checkpoint.text()));
        self.0
            .store
            .write(async |tx| {
                let mut shown = log_head::Entity::update_many()
                    .col_expr(log_head::Column::Tally, Expr::value(tally))
                    .filter(log_head::COLUMN.campaign.eq(campaign))
                    .filter(log_head::COLUMN.size.eq(head.size));
                if let Some(note) = first {
                    shown = shown.col_expr(log_head::Column::Checkpoint, Expr::value(note));
                }
                shown.exec(tx).await?;
                Ok(())
            })
            .await
    }

    /// The signed count of a tree. The count is taken from the objects of the log immediately before the signature.
    async fn counted(&self, checkpoint: &Checkpoint, campaign: &str) -> Result<String> {
        let recounted = self.recount(campaign).await?;
        let text = tally::text(checkpoint, &recounted.counts, recounted.invalidated);
        Ok(self.signer_of(campaign).await?.sign(&text))
    }

    /// The signed count of a log; none where the count is not signed yet.
    ///
    /// # Errors
    /// A count that this site did not sign, or that cannot be parsed; a store that fails.
    pub async fn signed_count(&self, campaign: &str) -> Result<Option<Counts>> {
        let head = self.head(campaign).await?;
        let Some(note) = &head.tally else {
            return Ok(None);
        };
        tally::read(note.as_bytes(), &self.signer(&head).verifier())
            .map(Some)
            .ok_or_else(|| Error::Internal(format!("the signed count of {campaign} is none that this site signed")))
    }

    /// Whether the newest checkpoint of every log that has one is among the objects.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn is_in_place(&self) -> Result<bool> {
        for campaign in self.campaigns().await? {
            let Some(newest) = self.newest_batch(&campaign).await? else { continue };
            let files = self.files(&campaign);
            let note = files::blocking(move || files.signed(newest.size.unsigned_abs())).await;
            if !note.is_ok_and(|note| note.is_some()) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The signer of a published campaign's log. Signing needs no opened log: key and name are enough.
    async fn signer_of(&self, campaign: &str) -> Result<Arc<Signer>> {
        if let Some(signer) = self.0.signers.read().ok().and_then(|known| known.get(campaign).cloned()) {
            return Ok(signer);
        }
        let signer = Arc::new(self.signer(&self.head(campaign).await?));
        if let Ok(mut known) = self.0.signers.write() {
            known.insert(campaign.to_owned(), Arc::clone(&signer));
        }
        Ok(signer)
    }

    fn signer(&self, head: &log_head::Model) -> Signer {
        Signer::new(&head.origin, self.0.key.ed25519())
    }

    async fn count_waiting(&self, campaign: &str) -> Result<usize> {
        let waiting = ballot::Entity::find()
            .filter(ballot::COLUMN.campaign.eq(campaign))
            .filter(ballot::COLUMN.batch.is_null())
            .count(self.0.store.db())
            .await?;
        Ok(usize::try_from(waiting).unwrap_or(usize::MAX))
    }

    async fn waiting(&self, paper: &Paper, most: usize, of: Option<&HashSet<Hash>>) -> Result<Vec<Waiting>> {
        // Ordered by key: in the order of PostgreSQL's heap, the boundary between two batches would reveal the order of arrival.
        let mut ballots = ballot::Entity::find()
            .filter(ballot::COLUMN.campaign.eq(&*paper.campaign))
            .filter(ballot::COLUMN.batch.is_null())
            .order_by_asc(ballot::Column::Serial);
        if of.is_none() {
            ballots = ballots.limit(most as u64);
        }
        // The rows are streamed: all rows of a batch in memory beside its entries would take twice the room.
        let rows = ballots.stream(self.0.store.db()).await?;
        let is_wanted = |row: &ballot::Model| of.is_none_or(|leaves| leaves.contains(row.leaf.as_slice()));
        let rows = rows.try_filter(|row| ready(is_wanted(row))).take(most);
        rows.map(|row| as_waiting(paper, row?)).try_collect().await
    }

    /// The content of a committed batch, taken from the box once more: the same ballots in the same order as when the batch was
    /// staged.
    async fn content_of(&self, campaign: &str, batch: i32) -> Result<Staged> {
        let paper = self.0.papers.get(campaign).await?;
        let ballots =
            ballot::Entity::find().filter(ballot::COLUMN.campaign.eq(campaign)).filter(ballot::COLUMN.batch.eq(batch));
        let rows = ballots.stream(self.0.store.db()).await?;
        let sealed: Vec<Waiting> = rows.map(|row| as_waiting(&paper, row?)).try_collect().await?;
        files::blocking(move || Staged::of_ballots(sealed)).await
    }
}

fn as_waiting(paper: &Paper, row: ballot::Model) -> Result<Waiting> {
    let (serial, leaf) = (row.serial.as_slice().try_into(), row.leaf.as_slice().try_into());
    let (Ok(serial), Ok(leaf)) = (serial, leaf) else {
        return Err(Error::Internal("a ballot's serial or leaf is damaged".to_owned()));
    };
    let (entry, salt) = entry_of(paper, &row, &serial);
    Ok(Waiting { leaf, entry, track: row.track, salt, province: row.province })
}

/// The entry of a stored ballot, in canonical bytes, and the salt of the commitment to its place.
fn entry_of(paper: &Paper, row: &ballot::Model, serial: &[u8; 32]) -> (Vec<u8>, [u8; 32]) {
    let choices: Vec<&str> = row.choices.split(',').collect();
    let said = Leaf {
        campaign: &row.campaign,
        questionnaire: &paper.questionnaire,
        track: row.track.into(),
        province: &row.province,
        choices: &choices,
        serial,
    };
    let salt = paper.salt(serial);
    (said.bytes(&salt), salt)
}
