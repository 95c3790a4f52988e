//! The steps of a batch: stage, commit, put, sign, show. Also the recovery of an interrupted batch.

use std::collections::HashMap;

use entity::ballots::{log_batch, log_head};
use public_log::note::Checkpoint;
use public_log::tiles::{Tile, Tiles};
use public_log::tree::{Frontier, Hash};

use super::head::edge;
use super::log_files::LogFiles;
use super::staged::Staged;
use super::{Sequencer, commit_batch};
use crate::base::error::{Error, Result};
use crate::base::files;

/// State of the tree before and after a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Number of the batch in its log, from 0.
    pub number: i32,
    /// Number of entries in the log before the batch.
    pub from: u64,
    /// Edge of the tree after the batch.
    pub edge: Frontier,
    /// Number of the rule whose invalidations the batch holds; none for a batch of ballots.
    pub rule: Option<i32>,
}

impl Sequencer {
    /// Appends a batch of ballots to the log.
    pub(super) async fn append_ballots(&self, head: &log_head::Model, staged: Staged) -> Result<()> {
        let (batch, staged) = self.stage(head, staged, None).await?;
        let (campaign, counts) = (head.campaign.as_str(), staged.counts()?);
        let serials: Vec<Vec<u8>> = staged.ballots()?.iter().map(|ballot| ballot.serial.to_vec()).collect();
        self.0
            .store
            .write(async |tx| {
                commit_batch::append(tx, campaign, &batch).await?;
                commit_batch::mark(tx, campaign, batch.number, &serials).await?;
                commit_batch::add(tx, campaign, counts).await
            })
            .await?;
        self.finish(campaign).await
    }

    /// Appends the entries by which a rule invalidates ballots to the log.
    pub(super) async fn append_rule(&self, head: &log_head::Model, rule: i32, entries: Vec<Vec<u8>>) -> Result<()> {
        let (batch, staged) = self.stage(head, Staged::without_places(entries), Some(rule)).await?;
        let campaign = head.campaign.as_str();
        let (named, counts) = self.taken_back(campaign, &staged).await?;
        self.0
            .store
            .write(async |tx| {
                commit_batch::append(tx, campaign, &batch).await?;
                commit_batch::rule(tx, campaign, rule, batch.number, named).await?;
                commit_batch::add(tx, campaign, counts).await
            })
            .await?;
        self.finish(campaign).await
    }

    /// Stages a batch and reads the staged object back (step 1). The root is computed twice.
    async fn stage(&self, head: &log_head::Model, staged: Staged, rule: Option<i32>) -> Result<(Batch, Staged)> {
        let (files, head) = (self.files(&head.campaign), head.clone());
        files::blocking(move || {
            let from = head.size.unsigned_abs();
            // Before anything of the batch is committed: a store that was set back under a running process is noticed here.
            files.refuse_ahead(from)?;
            let root = root_from_tiles(&files, from, staged.leaves())?;
            files.put_stage(&root, &staged)?;
            let staged = files.staged(&root)?.ok_or_else(|| Error::Internal("a staged batch is missing".to_owned()))?;
            let mut edge = edge(&head)?;
            staged.leaves().into_iter().for_each(|leaf| edge.push(leaf));
            if edge.root() != root {
                return Err(Error::Internal(format!("two ways to the root of {} do not agree", head.campaign)));
            }
            Ok((Batch { number: head.batches, from, edge, rule }, staged))
        })
        .await
    }

    /// Puts, signs and shows the batches that are committed and not signed, oldest first (steps 3 to 5). The call is idempotent, and
    /// two processes may do the same at the same time.
    pub(super) async fn finish(&self, campaign: &str) -> Result<()> {
        let unsigned = self.unsigned(campaign).await?;
        if !unsigned.is_empty() {
            let (files, ends) = (self.files(campaign), self.batch_ends(campaign).await?);
            files::blocking(move || files.refuse_strange(&ends)).await?;
        }
        for batch in unsigned {
            let from = self.size_after(campaign, batch.number - 1).await?;
            self.put(campaign, from, &batch).await?;
            self.sign(campaign, &batch).await?;
            let (files, root) = (self.files(campaign), root(&batch)?);
            files::blocking(move || files.clear_stage(&root)).await?;
            self.tell();
        }
        // No batch of the log waits for its stage any more.
        let files = self.files(campaign);
        files::blocking(move || files.clear_old_stages()).await
    }

    /// Puts the objects of a batch in place (step 3). A batch of ballots whose stage is gone is taken from the box once more: the stage
    /// was lost, or another process finished the batch at the same time.
    async fn put(&self, campaign: &str, from: u64, batch: &log_batch::Model) -> Result<()> {
        let (files, root, size) = (self.files(campaign), root(batch)?, batch.size.unsigned_abs());
        let mut staged = files::blocking({
            let files = files.clone();
            move || files.staged(&root)
        })
        .await?;
        if staged.is_none() && batch.rule.is_none() {
            staged = Some(self.content_of(campaign, batch.number).await?);
        }
        files::blocking(move || {
            let another = || Error::Internal(format!("{} is not the tree that was committed", files.name("tile")));
            if let Some(staged) = staged {
                if root_from_tiles(&files, from, staged.leaves())? != root {
                    return Err(another());
                }
                files.put_batch(from, &staged)?;
            }
            if files.tiles(size).root()? == root { Ok(()) } else { Err(another()) }
        })
        .await
    }

    /// Signs the checkpoint after a batch, and the count with it where the batch belongs to a counted log (step 4). Then shows both
    /// (step 5).
    async fn sign(&self, campaign: &str, batch: &log_batch::Model) -> Result<()> {
        let head = self.head(campaign).await?;
        let checkpoint =
            Checkpoint { origin: head.origin.clone(), size: batch.size.unsigned_abs(), root: root(batch)? };
        let tally = match batch.rule {
            Some(_) => Some(self.counted(&checkpoint, campaign).await?),
            None => None,
        };
        let (files, signer, committed) = (self.files(campaign), self.signer(&head), head.size.unsigned_abs());
        let note = files::blocking(move || {
            refuse_another(&files, committed, &checkpoint)?;
            let note = signer.sign(&checkpoint.text());
            files.put_signed(checkpoint.size, &note)?;
            Ok(note)
        })
        .await?;
        self.0.store.write(async |tx| commit_batch::show(tx, campaign, batch.number, note, tally).await).await
    }
}

/// The root of the tree after a batch whose leaf hashes are these, computed from the tiles.
fn root_from_tiles(files: &LogFiles, from: u64, leaves: Vec<Hash>) -> Result<Hash> {
    let standing = files.tiles(from);
    let grown: HashMap<Tile, Vec<u8>> =
        standing.grow(&leaves)?.into_iter().map(|(tile, hashes)| (tile, hashes.as_flattened().to_vec())).collect();
    let read = |tile: Tile| match grown.get(&tile) {
        Some(bytes) => Ok(bytes.clone()),
        None => standing.bytes(tile),
    };
    Tiles::new(from + leaves.len() as u64, read).root()
}

/// Refuses to sign where a checkpoint was signed before that the store does not know: another root of this size, or a larger size
/// than the committed one. The store was restored from an older copy then.
fn refuse_another(files: &LogFiles, committed: u64, checkpoint: &Checkpoint) -> Result<()> {
    files.refuse_ahead(committed)?;
    let standing = files.signed(checkpoint.size)?;
    if standing.is_none_or(|note| note.starts_with(&checkpoint.text())) {
        return Ok(());
    }
    let name = files.name(&format!("history/{}", checkpoint.size));
    Err(Error::Internal(format!("{name} was signed with another root; nothing is signed")))
}

/// The root after a batch.
pub(super) fn root(batch: &log_batch::Model) -> Result<Hash> {
    <Hash>::try_from(batch.root.as_slice()).map_err(|_| {
        Error::Internal(format!("the stored root of batch {} of {} is damaged", batch.number, batch.campaign))
    })
}
