//! The steps of a batch: stage and check, commit, publish. Also the recovery of an interrupted batch.

use std::collections::HashMap;

use entity::ballots::log_head;
use public_log::note::Checkpoint;
use public_log::tiles::{Tile, Tiles};
use public_log::tree::{Frontier, Hash};

use super::folders::Folders;
use super::head::overtaken;
use super::staged::{self, Batch, Waiting};
use super::{Sequencer, publication};
use crate::ballot_log::commit_batch;
use crate::base::error::{Error, Result};
use crate::base::files;

impl Sequencer {
    /// Stages and checks a batch of waiting ballots (steps 1 and 2).
    pub(super) fn stage_ballots(&self, head: &log_head::Model, waiting: Vec<Waiting>) -> Result<Batch> {
        let folders = self.folders(&head.campaign);
        folders.clear_staging()?;
        let leaves: Vec<Hash> = waiting.iter().map(|w| w.leaf).collect();
        staged::write(&folders.staging, waiting)?;
        self.sign(head, leaves, None)
    }

    /// Stages and checks the entries by which a rule invalidates ballots (steps 1 and 2).
    pub(super) fn stage_rule(&self, head: &log_head::Model, rule: i32, entries: Vec<Vec<u8>>) -> Result<Batch> {
        let folders = self.folders(&head.campaign);
        folders.clear_staging()?;
        let leaves = staged::write_without_places(&folders.staging, entries)?;
        self.sign(head, leaves, Some(rule))
    }

    /// Checks the staged files against the expected leaf hashes, signs the checkpoint, and stages the signature.
    fn sign(&self, head: &log_head::Model, leaves: Vec<Hash>, rule: Option<i32>) -> Result<Batch> {
        let folders = self.folders(&head.campaign);
        let checkpoint = next_checkpoint(&folders, head, leaves)?;
        let batch = Batch {
            number: head.batches,
            from: head.size.unsigned_abs(),
            to: checkpoint.size,
            root: hex::encode(checkpoint.root),
            checkpoint: self.signer(head).sign(&checkpoint.text()),
            rule,
        };
        let bytes = serde_json::to_vec(&batch).map_err(|e| Error::Internal(e.to_string()))?;
        files::write_atomic(&folders.staging.join("batch"), &bytes)?;
        Ok(batch)
    }

    /// Commits a staged batch to the store (step 3).
    pub(super) async fn commit(&self, campaign: &str, batch: &Batch, epoch: i64) -> Result<()> {
        let folders = self.folders(campaign);
        let root = hex::decode(&batch.root).map_err(|e| Error::Internal(e.to_string()))?;
        match batch.rule {
            None => {
                let staged = staged::read(&folders.staging)?;
                let (counts, ballots) = (staged.counts()?, staged.ballots()?);
                let serials: Vec<Vec<u8>> = ballots.iter().map(|b| b.serial.to_vec()).collect();
                self.0
                    .store
                    .write(async |tx| {
                        commit_batch::move_head(tx, campaign, batch, root, epoch).await?;
                        commit_batch::mark(tx, campaign, batch.number, &serials).await?;
                        commit_batch::add(tx, campaign, counts).await
                    })
                    .await
            }
            Some(rule) => {
                let (named, counts) = self.taken_back(campaign, batch).await?;
                self.0
                    .store
                    .write(async |tx| {
                        commit_batch::move_head(tx, campaign, batch, root, epoch).await?;
                        commit_batch::rule(tx, campaign, rule, batch.number, named).await?;
                        commit_batch::add(tx, campaign, counts).await
                    })
                    .await
            }
        }
    }

    /// Puts the files of a batch in place (step 4) and signals that there may be something to cosign.
    pub(super) async fn publish(&self, campaign: &str, batch: &Batch) -> Result<()> {
        let (folders, batch) = (self.folders(campaign), batch.clone());
        files::blocking(move || publication::put_in_place(&folders, &batch)).await?;
        self.tell();
        Ok(())
    }

    /// Finishes an interrupted batch that was signed, and discards one that was not.
    pub(super) async fn recover(&self, campaign: &str, epoch: i64) -> Result<()> {
        let folders = self.folders(campaign);
        let Some(bytes) = files::read(&folders.staging.join("batch"))? else {
            return folders.clear_staging();
        };
        let batch: Batch = serde_json::from_slice(&bytes)
            .map_err(|e| Error::Internal(format!("{}/batch: {e}", folders.staging.display())))?;
        let head = self.head_under(campaign, epoch).await?;
        if head.size.unsigned_abs() == batch.from && head.batches == batch.number {
            self.commit(campaign, &batch, epoch).await?;
        } else if head.size.unsigned_abs() != batch.to || hex::encode(&head.root) != batch.root {
            return Err(overtaken(campaign));
        }
        tracing::info!(campaign, size = batch.to, "an interrupted batch is finished");
        self.publish(campaign, &batch).await
    }
}

/// The checkpoint after the staged batch. Its root is computed twice: from the tiles with the expected leaf hashes (for ballots:
/// those in the store), and from the edge of the published tree with the leaf hashes of the entries on disk.
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
