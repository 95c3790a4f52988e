//! The sequencer writes waiting ballots into the public log, one batch at a time. `docs/ballot-log.md` specifies the result.
//!
//! A batch takes four steps. A crash may interrupt each of them:
//!
//! 1. **Stage**: the entries, in the order of their leaf hashes, and the bytes that open their places are written to disk and
//!    synced.
//! 2. **Check**: the staged files are read back from disk. The new root is computed twice: from the tiles, and from the right
//!    edge of the tree. Then the checkpoint is signed, and the signature is staged.
//! 3. **Commit**: the stored head moves from the old tree to the new one, or does not move (compare-and-set). The same
//!    transaction marks the ballots and updates the log's own count.
//! 4. **Publish**: tiles and bundles are put in place, and the checkpoint last.
//!
//! A signed batch is always finished and never replaced: the stored head tells whether the batch was committed. So of any two
//! signed trees, one is the beginning of the other.
//!
//! One process leads a log: the last process that opened the log and whose data directory holds the log's files. Opening a log
//! increments the epoch in its head. A process commits a batch only while the head has the epoch of that opening (a fencing
//! token).

mod batch;
pub mod commit_batch;
pub mod cosigning;
pub mod counts;
pub mod criteria;
pub mod folders;
mod head;
mod invalidating;
mod publication;
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
use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use entity::ballots::{ballot, log_head, sealed_count};
use futures_util::{StreamExt, TryStreamExt};
use public_log::leaf::Leaf;
use public_log::note::Signer;
use public_log::tree::Hash;
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use self::folders::Folders;
use self::staged::Waiting;
use crate::ballot_log::counts::Counts;
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::base::keys::Key;
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
    data: PathBuf,
    site: String,
    /// Logs that this process opened since its start, by slug of the campaign: the epoch under which this process seals, and none
    /// where the log's files are not in this data directory.
    opened: RwLock<HashMap<String, Option<i64>>>,
    /// Signers of the logs that this process has read, by slug of the campaign.
    signers: RwLock<HashMap<String, Arc<Signer>>>,
    /// Lock for everything that changes a log: one change at a time.
    one: tokio::sync::Mutex<()>,
    /// Signals to the tasks that ask witnesses that there may be something to cosign.
    news: tokio::sync::watch::Sender<()>,
}

impl Sequencer {
    /// The sequencer of a data directory. `site` is the beginning of the names of new logs.
    #[must_use]
    pub fn new(store: Store, papers: Papers, key: Key, data: PathBuf, site: String) -> Self {
        Self(Arc::new(Inner {
            store,
            papers,
            key,
            data,
            site,
            opened: RwLock::default(),
            signers: RwLock::default(),
            one: tokio::sync::Mutex::default(),
            news: tokio::sync::watch::Sender::default(),
        }))
    }

    /// The folders of a campaign's log.
    #[must_use]
    pub fn folders(&self, campaign: &str) -> Folders {
        Folders::of(&self.0.data, campaign)
    }

    /// Opens the log of a published campaign: its head in the store, and its key and questionnaire among the public files. A
    /// batch that a crash interrupted is finished. A second call changes nothing but the epoch.
    ///
    /// # Errors
    /// A store or disk that fails; a log that is ahead of the store (the store was restored from an old copy).
    pub async fn open(&self, campaign: &str, questionnaire: &[u8]) -> Result<()> {
        let _one = self.0.one.lock().await;
        let head = self.head(campaign).await?;
        let folders = self.folders(campaign);
        let ahead = folders.batches()?.last().is_some_and(|size| *size > head.size.unsigned_abs());
        if ahead {
            return Err(Error::Internal(format!(
                "the log of {campaign} is ahead of the ballots store: an older copy of the store was put back; put back \
                 the newest copy, or keep this log as it is and vote anew under another name"
            )));
        }
        let signer = self.signer(&head);
        let is_here = folders.hold(head.size.unsigned_abs())?;
        let key = format!("{}\n", signer.verifier());
        // The files of a log that was begun are not created again where they are gone: the emptied folder would look like a
        // complete log.
        for (name, bytes) in [("key", key.as_bytes()), ("questionnaire", questionnaire)].into_iter().filter(|_| is_here)
        {
            let file = folders.public.join(name);
            match files::read(&file)? {
                Some(standing) if standing != bytes => {
                    return Err(Error::Internal(format!("{} is another than it was", file.display())));
                }
                Some(_) => {}
                None => files::write_atomic(&file, bytes)?,
            }
        }
        let epoch = if is_here {
            let epoch = self.lead(campaign).await?;
            self.recover(campaign, epoch).await?;
            Some(epoch)
        } else {
            tracing::error!(campaign, "the log is not in this data directory: ballots are taken, but not sealed here");
            None
        };
        if let Ok(mut opened) = self.0.opened.write() {
            opened.insert(campaign.to_owned(), epoch);
        }
        Ok(())
    }

    /// Whether this process has not opened the log of a campaign yet.
    #[must_use]
    pub fn is_closed(&self, campaign: &str) -> bool {
        self.opened(campaign).is_none()
    }

    /// Seals the waiting ballots in batches of equal size, if at least `least` ballots wait. While voting runs,
    /// [`Self::seal_shown`] is used instead.
    ///
    /// # Errors
    /// A store or disk that fails; a ballot or a tree that differs from its stored state. In that case nothing is signed.
    pub async fn seal(&self, campaign: &str, least: usize) -> Result<()> {
        let _one = self.0.one.lock().await;
        let epoch = self.epoch(campaign)?;
        self.recover(campaign, epoch).await?;
        let left = self.count_waiting(campaign).await?;
        if left < least { Ok(()) } else { self.seal_of(campaign, epoch, left, None).await }
    }

    /// Seals `left` ballots: those whose leaf hashes are in `of`, or any waiting ballots where `of` is none.
    async fn seal_of(&self, campaign: &str, epoch: i64, mut left: usize, of: Option<&HashSet<Hash>>) -> Result<()> {
        let paper = self.0.papers.get(campaign).await?;
        for batches in (1..=left.div_ceil(MAX_BATCH)).rev() {
            let waiting = self.waiting(&paper, left.div_ceil(batches), of).await?;
            left -= waiting.len().min(left);
            let (head, staging) = (self.head_under(campaign, epoch).await?, self.clone());
            let batch = files::blocking(move || staging.stage_ballots(&head, waiting)).await?;
            self.commit(campaign, &batch, epoch).await?;
            self.publish(campaign, &batch).await?;
        }
        Ok(())
    }

    /// Makes entries and places public, at the time of the count. The call is idempotent.
    ///
    /// # Errors
    /// A disk that fails.
    pub async fn disclose(&self, campaign: &str) -> Result<()> {
        let _one = self.0.one.lock().await;
        let folders = self.folders(campaign);
        folders.clear_snapshots()?;
        // The places move first: entries among the public files mean that both are public.
        for part in ["places", "tile/entries"] {
            let (from, to) = (folders.held.join(part), folders.public.join(part));
            if from.exists() && !to.exists() {
                files::rename_synced(&from, &to)?;
            }
        }
        Ok(())
    }

    /// Rewrites the table of ballots in the order of its keys, if one of these counted campaigns was not rewritten yet.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn rewrite(&self, counted: &[String]) -> Result<()> {
        let waiting = log_head::Entity::find()
            .filter(log_head::COLUMN.campaign.is_in(counted.iter().cloned()))
            .filter(log_head::COLUMN.rewritten.eq(false));
        if waiting.count(self.0.store.db()).await? == 0 {
            return Ok(());
        }
        self.0.store.rewrite("ballot").await?;
        self.0
            .store
            .write(async |tx| {
                log_head::Entity::update_many()
                    .col_expr(log_head::Column::Rewritten, Expr::value(true))
                    .filter(log_head::COLUMN.campaign.is_in(counted.iter().cloned()))
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

    /// Whether the signed count is among the public files and belongs to the newest checkpoint. True also where another process
    /// writes the log.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn is_count_published(&self, campaign: &str) -> Result<bool> {
        if self.is_elsewhere(campaign) {
            return Ok(true);
        }
        let public = self.folders(campaign).public;
        let lines = |name: &str, skipped: usize| -> Result<Option<Vec<String>>> {
            let note = files::read(&public.join(name))?;
            let text = note.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            Ok(text.map(|text| text.lines().skip(skipped).take(3).map(str::to_owned).collect()))
        };
        // The three lines after the first line of a count are those of its checkpoint.
        Ok(lines("tally", 1)?.is_some_and(|of| lines("checkpoint", 0).is_ok_and(|is| is == Some(of))))
    }

    /// Signs the log's own count and puts it among the public files, after an interrupted batch is finished. The call is
    /// idempotent. Nothing is done where another process writes the log.
    ///
    /// # Errors
    /// A store or disk that fails.
    pub async fn publish_count(&self, campaign: &str) -> Result<()> {
        let _one = self.0.one.lock().await;
        if self.is_elsewhere(campaign) {
            return Ok(());
        }
        if let Ok(epoch) = self.epoch(campaign) {
            self.recover(campaign, epoch).await?;
        }
        self.sign_count(campaign).await
    }

    /// As [`Self::publish_count`], for a caller that holds the lock already. The count is taken from the files of the log
    /// immediately before the signature.
    async fn sign_count(&self, campaign: &str) -> Result<()> {
        let recounted = self.recount(campaign).await?;
        let head = self.head(campaign).await?;
        let (signer, folders) = (self.signer(&head), self.folders(campaign));
        let checkpoint = head::checkpoint(&head)?;
        if head.size == 0 {
            files::write_atomic(&folders.public.join("batches"), b"")?;
            files::write_atomic(&folders.public.join("checkpoint"), signer.sign(&checkpoint.text()).as_bytes())?;
        }
        let text = tally::text(&checkpoint, &recounted.counts, recounted.invalidated);
        files::write_atomic(&folders.public.join("tally"), signer.sign(&text).as_bytes())
    }

    /// The signed count of a log; none where the count is not signed yet, or where another process writes the log.
    ///
    /// # Errors
    /// A file that this site did not sign, or that cannot be parsed; a store or disk that fails.
    pub async fn signed_count(&self, campaign: &str) -> Result<Option<Counts>> {
        let Some(note) = files::read(&self.folders(campaign).public.join("tally"))? else {
            return Ok(None);
        };
        let signer = self.signer(&self.head(campaign).await?);
        tally::read(&note, &signer.verifier())
            .map(Some)
            .ok_or_else(|| Error::Internal(format!("the signed count of {campaign} is none that this site signed")))
    }

    /// Whether the files of every log that this process opened are in their place.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        let Ok(opened) = self.0.opened.read() else { return false };
        let mut here = opened.iter().filter(|(_, epoch)| epoch.is_some());
        here.all(|(campaign, _)| self.folders(campaign).public.join("key").exists())
    }

    /// The epoch of a log that this process opened.
    fn opened(&self, campaign: &str) -> Option<Option<i64>> {
        self.0.opened.read().ok()?.get(campaign).copied()
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
