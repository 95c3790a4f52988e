//! The sequencer: ballots that wait go into the public log, a batch at a time. `docs/ballot-log.md` says what comes out.
//!
//! The steps of a batch, each of which a crash may interrupt:
//!
//! 1. **Stage**: entries in the order of their hashes, and what opens their places, written and synced.
//! 2. **Check**: read back from disk; the new root is computed twice, from tiles and from the tree's edge. Then signed, and the
//!    signature staged.
//! 3. **Commit**: the stored head moves from the old root to the new one, or does not (compare-and-set); the ballots are marked
//!    and the log's own count grows in the same transaction.
//! 4. **Publish**: tiles and bundles are put in place, the checkpoint last.
//!
//! A signed batch is always finished, never replaced: the stored head tells whether it was committed. So no two trees are
//! signed of which one is not the beginning of the other.

pub mod cosigning;
pub mod folders;
mod marks;
pub mod receipts;
pub mod staged;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use entity::ballots::{ballot, log_head, sealed_count};
use sea_orm::{EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect};

use self::folders::Folders;
use self::staged::{Batch, Waiting};
use super::leaf::{Leaf, salt};
use super::paper::{Paper, Papers};
use super::queries::Counts;
use crate::error::{Error, Result};
use crate::keys::Key;
use crate::log::note::{Checkpoint, Signer};
use crate::log::tree::{Frontier, Hash};
use crate::log::{files, tiles::Tile, tiles::Tiles};
use crate::store::Store;

/// Most ballots of one batch. Large, because places are opened only where ten ballots of a batch share one.
const LARGEST: usize = 65_536;
/// While voting runs, so many wait before they are sealed.
pub const PATIENT: usize = 10_000;

/// Seals ballots and publishes the log. Cheap to clone.
#[derive(Clone)]
pub struct Sequencer(Arc<Inner>);

struct Inner {
    store: Store,
    papers: Papers,
    key: Key,
    data: PathBuf,
    site: String,
    /// Signers of the logs that were opened since the start.
    opened: RwLock<HashMap<String, Arc<Signer>>>,
    /// One batch at a time.
    one: tokio::sync::Mutex<()>,
    /// For whoever asks witnesses.
    news: tokio::sync::watch::Sender<()>,
}

impl Sequencer {
    /// The sequencer of a data directory. `site` begins the names of new logs.
    #[must_use]
    pub fn new(store: Store, papers: Papers, key: Key, data: PathBuf, site: String) -> Self {
        Self(Arc::new(Inner {
            store,
            papers,
            key,
            data,
            site,
            opened: RwLock::default(),
            one: tokio::sync::Mutex::default(),
            news: tokio::sync::watch::Sender::default(),
        }))
    }

    /// The folders of a campaign's log.
    #[must_use]
    pub fn folders(&self, campaign: &str) -> Folders {
        Folders::of(&self.0.data, campaign)
    }

    /// Opens the log of a published campaign: its head in the store, its key and questionnaire among the public files.
    /// Doing so twice is the same as once. A batch that a crash interrupted is finished.
    ///
    /// # Errors
    /// A store or disk that fails; a log that is ahead of the store (an old copy of the store was put back).
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
        let signer = self.signer(&head)?;
        let key = format!("{}\n", signer.verifier());
        for (name, bytes) in [("key", key.as_bytes()), ("questionnaire", questionnaire)] {
            let file = folders.public.join(name);
            match files::get(&file)? {
                Some(standing) if standing != bytes => {
                    return Err(Error::Internal(format!("{} is another than it was", file.display())));
                }
                Some(_) => {}
                None => files::put(&file, bytes)?,
            }
        }
        self.recover(campaign, &head).await?;
        if let Ok(mut opened) = self.0.opened.write() {
            opened.insert(campaign.to_owned(), Arc::new(signer));
        }
        Ok(())
    }

    /// Whether this process has still to open the log of a campaign.
    #[must_use]
    pub fn is_closed(&self, campaign: &str) -> bool {
        self.opened(campaign).is_none()
    }

    /// Seals what waits, where at least so many wait, in batches of equal size. `open` puts entries and places in the open at
    /// once.
    ///
    /// # Errors
    /// A store or disk that fails; a ballot or tree that is not what it was: nothing is signed then.
    pub async fn seal(&self, campaign: &str, least: usize, open: bool) -> Result<()> {
        let _one = self.0.one.lock().await;
        let head = self.head(campaign).await?;
        self.recover(campaign, &head).await?;
        let paper = self.0.papers.get(campaign).await?;
        let mut left = self.count_waiting(campaign).await?;
        if left < least {
            return Ok(());
        }
        for batches in (1..=left.div_ceil(LARGEST)).rev() {
            let waiting = self.waiting(&paper, left.div_ceil(batches)).await?;
            left -= waiting.len().min(left);
            let head = self.head(campaign).await?;
            let staging = self.clone();
            let batch = files::apart(move || staging.stage(&head, waiting, open)).await?;
            self.commit(campaign, &batch).await?;
            self.publish(campaign, &batch).await?;
        }
        Ok(())
    }

    /// Shows entries and places: after the close. Doing so twice is the same as once.
    ///
    /// # Errors
    /// A disk that fails.
    pub async fn disclose(&self, campaign: &str) -> Result<()> {
        let _one = self.0.one.lock().await;
        let folders = self.folders(campaign);
        // Places first: entries in the open say that both are.
        for part in ["places", "tile/entries"] {
            let (from, to) = (folders.held.join(part), folders.public.join(part));
            if from.exists() && !to.exists() {
                if let Some(parent) = to.parent() {
                    std::fs::create_dir_all(parent).map_err(|e| files::failed(parent, &e))?;
                }
                std::fs::rename(&from, &to).map_err(|e| files::failed(&to, &e))?;
            }
        }
        Ok(())
    }

    /// The log's own count: sealed ballots by the places that are opened.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn counts(&self, campaign: &str) -> Result<Counts> {
        let rows = sealed_count::Entity::find()
            .filter(sealed_count::COLUMN.campaign.eq(campaign))
            .all(self.0.store.db())
            .await?;
        Ok(rows.into_iter().map(|r| ((r.option, r.province, r.track), r.n)).collect())
    }

    /// Signs the log's own count and puts it among the public files. Doing so twice is the same as once.
    ///
    /// # Errors
    /// A store or disk that fails.
    pub async fn publish_count(&self, campaign: &str) -> Result<()> {
        let head = self.head(campaign).await?;
        let counts = self.counts(campaign).await?;
        let (signer, folders) = (self.signer(&head)?, self.folders(campaign));
        let checkpoint = checkpoint(&head)?;
        if head.size == 0 {
            files::put(&folders.public.join("batches"), b"")?;
            files::put(&folders.public.join("checkpoint"), signer.sign(&checkpoint.text()).as_bytes())?;
        }
        let included: i64 = counts.iter().filter(|((option, ..), _)| option.is_empty()).map(|(_, n)| n).sum();
        let mut text = format!("shudu/tally/1\n{}included {included}\ninvalidated 0\n", checkpoint.text());
        for ((option, province, track), n) in &counts {
            let option = if option.is_empty() { "-" } else { option };
            text.push_str(&format!("{option} {province} {track} {n}\n"));
        }
        files::put(&folders.public.join("tally"), signer.sign(&text).as_bytes())
    }

    fn opened(&self, campaign: &str) -> Option<Arc<Signer>> {
        self.0.opened.read().ok()?.get(campaign).cloned()
    }

    fn signer(&self, head: &log_head::Model) -> Result<Signer> {
        Signer::new(&head.origin, &self.0.key)
    }

    async fn head(&self, campaign: &str) -> Result<log_head::Model> {
        if let Some(head) = log_head::Entity::find_by_id(campaign).one(self.0.store.db()).await? {
            return Ok(head);
        }
        let empty = log_head::Model {
            campaign: campaign.to_owned(),
            origin: format!("{}/log/{campaign}", self.0.site),
            size: 0,
            batches: 0,
            root: Frontier::default().root().to_vec(),
        };
        let row = empty.clone().into_active_model();
        self.0
            .store
            .write(async |tx| {
                log_head::Entity::insert(row)
                    .on_conflict_do_nothing_on([log_head::Column::Campaign])
                    .exec_without_returning(tx)
                    .await?;
                Ok(())
            })
            .await?;
        Ok(empty)
    }

    async fn count_waiting(&self, campaign: &str) -> Result<usize> {
        let waiting = ballot::Entity::find()
            .filter(ballot::COLUMN.campaign.eq(campaign))
            .filter(ballot::COLUMN.batch.is_null())
            .count(self.0.store.db())
            .await?;
        Ok(usize::try_from(waiting).unwrap_or(usize::MAX))
    }

    async fn waiting(&self, paper: &Paper, most: usize) -> Result<Vec<Waiting>> {
        let rows: Vec<ballot::Model> = ballot::Entity::find()
            .filter(ballot::COLUMN.campaign.eq(&*paper.campaign))
            .filter(ballot::COLUMN.batch.is_null())
            .limit(most as u64)
            .all(self.0.store.db())
            .await?;
        rows.into_iter()
            .map(|row| {
                let (serial, leaf) = (<[u8; 32]>::try_from(row.serial), <[u8; 32]>::try_from(row.leaf));
                let (Ok(serial), Ok(leaf)) = (serial, leaf) else {
                    return Err(Error::Internal("a ballot's serial or leaf is damaged".to_owned()));
                };
                let choices: Vec<&str> = row.choices.split(',').collect();
                let said = Leaf {
                    campaign: &row.campaign,
                    questionnaire: &paper.questionnaire,
                    track: row.track,
                    province: &row.province,
                    choices: &choices,
                    serial: &serial,
                };
                Ok(Waiting {
                    leaf,
                    entry: said.bytes(&paper.place_key),
                    track: row.track,
                    salt: salt(&paper.place_key, &serial),
                    province: row.province,
                })
            })
            .collect()
    }

    /// Steps 1 and 2: the batch on disk, checked and signed.
    fn stage(&self, head: &log_head::Model, waiting: Vec<Waiting>, open: bool) -> Result<Batch> {
        let folders = self.folders(&head.campaign);
        files::remove(&folders.staging)?;
        let leaves: Vec<Hash> = waiting.iter().map(|w| w.leaf).collect();
        staged::write(&folders.staging, waiting)?;
        let checkpoint = next_checkpoint(&folders, head, leaves)?;
        let batch = Batch {
            number: head.batches,
            from: head.size.unsigned_abs(),
            to: checkpoint.size,
            root: hex::encode(checkpoint.root),
            checkpoint: self.signer(head)?.sign(&checkpoint.text()),
            open,
        };
        let bytes = serde_json::to_vec(&batch).map_err(|e| Error::Internal(e.to_string()))?;
        files::put(&folders.staging.join("batch"), &bytes)?;
        Ok(batch)
    }

    /// Step 3.
    async fn commit(&self, campaign: &str, batch: &Batch) -> Result<()> {
        let staged = staged::read(&self.folders(campaign).staging)?;
        let (counts, ballots) = (staged.counts()?, staged.ballots()?);
        let serials: Vec<Vec<u8>> = ballots.iter().map(|b| b.serial.to_vec()).collect();
        let root = hex::decode(&batch.root).map_err(|e| Error::Internal(e.to_string()))?;
        self.0
            .store
            .write(async |tx| {
                marks::move_head(tx, campaign, batch, root).await?;
                marks::mark(tx, campaign, batch.number, &serials).await?;
                marks::add(tx, campaign, counts).await
            })
            .await
    }

    /// Step 4.
    async fn publish(&self, campaign: &str, batch: &Batch) -> Result<()> {
        let (folders, batch) = (self.folders(campaign), batch.clone());
        files::apart(move || put_in_place(&folders, &batch)).await?;
        self.tell();
        Ok(())
    }

    /// Finishes a batch that was signed; forgets one that was not.
    async fn recover(&self, campaign: &str, head: &log_head::Model) -> Result<()> {
        let folders = self.folders(campaign);
        let Some(bytes) = files::get(&folders.staging.join("batch"))? else {
            return files::remove(&folders.staging);
        };
        let batch: Batch = serde_json::from_slice(&bytes)
            .map_err(|e| Error::Internal(format!("{}/batch: {e}", folders.staging.display())))?;
        if head.size.unsigned_abs() == batch.from && head.batches == batch.number {
            self.commit(campaign, &batch).await?;
        } else if head.size.unsigned_abs() != batch.to {
            return Err(Error::Internal(format!("the staged batch of {campaign} does not follow its log")));
        }
        tracing::info!(campaign, size = batch.to, "an interrupted batch is finished");
        self.publish(campaign, &batch).await
    }
}

/// Tiles and bundles, then the checkpoint that leads to them.
fn put_in_place(folders: &Folders, batch: &Batch) -> Result<()> {
    let staged = staged::read(&folders.staging)?;
    for (tile, hashes) in folders.tiles(batch.from).grow(&staged.leaves())? {
        files::put(&folders.public.join(tile.path()), hashes.as_flattened())?;
    }
    let bundles = folders.bundles(batch.open);
    let entries = |chunk: &[Vec<u8>]| staged::bundle(chunk.iter());
    folders.put_bundles(&bundles.join("places"), batch.from, &staged.places, |c| c.as_flattened().to_vec())?;
    folders.put_bundles(&bundles.join("tile/entries"), batch.from, &staged.entries, entries)?;
    let mut sizes = folders.batches()?;
    sizes.truncate(batch.number.unsigned_abs() as usize);
    sizes.push(batch.to);
    let lines: String = sizes.iter().map(|size| format!("{size}\n")).collect();
    files::put(&folders.public.join(format!("history/{}", batch.to)), batch.checkpoint.as_bytes())?;
    files::put(&folders.public.join("batches"), lines.as_bytes())?;
    files::put(&folders.public.join("checkpoint"), batch.checkpoint.as_bytes())?;
    files::remove(&folders.staging)
}

/// The checkpoint after the staged batch, its root computed twice: from tiles with the leaf hashes that the store holds, and from the edge of
/// the published tree with those of the entries as they lie on disk.
fn next_checkpoint(folders: &Folders, head: &log_head::Model, mut leaves: Vec<Hash>) -> Result<Checkpoint> {
    let from = head.size.unsigned_abs();
    let old = folders.tiles(from);
    leaves.sort_unstable();
    let grown: HashMap<Tile, Vec<u8>> =
        old.grow(&leaves)?.into_iter().map(|(tile, hashes)| (tile, hashes.as_flattened().to_vec())).collect();
    let to = from + leaves.len() as u64;
    let standing = folders.tiles(from);
    let read = |tile: Tile| match grown.get(&tile) {
        Some(bytes) => Ok(bytes.clone()),
        None => standing.bytes(tile),
    };
    let from_tiles = Tiles::new(to, read).root()?;
    let mut edge = Frontier::of(from, old.peaks()?);
    if edge.root().as_slice() != head.root.as_slice() {
        return Err(Error::Internal(format!(
            "the published tiles of {} are not the tree that was signed",
            head.campaign
        )));
    }
    staged::read(&folders.staging)?.leaves().into_iter().for_each(|leaf| edge.push(leaf));
    if edge.size() != to || edge.root() != from_tiles {
        return Err(Error::Internal(format!("two ways to the root of {} do not agree", head.campaign)));
    }
    Ok(Checkpoint { origin: head.origin.clone(), size: to, root: from_tiles })
}

fn checkpoint(head: &log_head::Model) -> Result<Checkpoint> {
    let root = <[u8; 32]>::try_from(head.root.as_slice())
        .map_err(|_| Error::Internal(format!("the stored root of {} is damaged", head.campaign)))?;
    Ok(Checkpoint { origin: head.origin.clone(), size: head.size.unsigned_abs(), root })
}
