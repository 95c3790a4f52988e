//! Copies of a log at a fixed size while the log grows, and the root of a log at an earlier size.
//!
//! The whole Merkle tree is computed again during the copy: leaf hashes from entries, tiles from leaf hashes, and from the tiles
//! the root that the copied head names. A file that was damaged on disk is detected here, while an older copy or a mirror may
//! still have an intact one.

use std::path::Path;
use std::time::Duration;

use public_log::bundle::unbundle;
use public_log::note::{Checkpoint, Verifier};
use public_log::tiles::{Tile, Tiles, WIDTH, numbered, touched};
use public_log::tree::{Frontier, Hash, leaf_hash};

use super::copying::{Copy, Progress, refused};
use super::databases::Head;
use crate::ballot_log::folders::Folders;
use crate::base::error::{Error, Result};
use crate::base::files;

/// Longest time that a batch takes from the store to the public files.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Interval of checks whether the batch is published.
const LOOK: Duration = Duration::from_millis(20);

/// A log to copy: its head in the copied ballots store, and the state of its campaign in the copied main store.
pub struct Cut {
    /// Head of the log in the copied ballots store, at which the copy is cut.
    pub head: Head,
    /// Whether the campaign is counted.
    pub is_counted: bool,
    /// Whether the campaign shows its running count. An earlier version published entries and places of such a campaign together
    /// with the count.
    pub is_live: bool,
}

/// Copies a log, cut at its head.
///
/// # Errors
/// A log that does not reach its head in time, for example after a crash; files that are missing or do not match the tree; a full
/// disk.
pub async fn copy(copy: &mut Copy, cut: &Cut, progress: Progress<'_>) -> Result<()> {
    let folders = Folders::of(&copy.from, &cut.head.campaign);
    let batches = published(&folders, cut).await?;
    let name = |file: &str| format!("log/{}/{file}", cut.head.campaign);
    for file in ["key", "questionnaire"] {
        copy.take(&name(file))?;
    }
    let is_open = cut.is_counted || cut.is_live && folders.is_disclosed();
    let mut log = Log { copy, folders, cut, is_open };
    log.tree(progress)?;
    for size in &batches {
        log.copy.take(&name(&format!("history/{size}")))?;
    }
    if cut.head.size > 0 {
        let lines: String = batches.iter().map(|size| format!("{size}\n")).collect();
        log.copy.put(&name("batches"), lines.as_bytes())?;
        let checkpoint = log.checkpoint()?;
        log.copy.put(&name("checkpoint"), &checkpoint)?;
    } else if cut.is_counted {
        log.copy.take(&name("batches"))?;
        log.copy.take(&name("checkpoint"))?;
    }
    if cut.is_counted {
        log.copy.take(&name("tally"))?;
    }
    Ok(())
}

/// Waits until all files up to the cut are written; returns the sizes of the batches up to the cut.
async fn published(folders: &Folders, cut: &Cut) -> Result<Vec<u64>> {
    let size = cut.head.size;
    let mut left = TIMEOUT;
    loop {
        let batches = folders.batches()?;
        let is_there = (size == 0 || batches.contains(&size))
            && (!cut.is_counted || folders.public.join("tally").exists() && (size == 0 || folders.is_disclosed()));
        if is_there {
            return Ok(batches.into_iter().filter(|batch| *batch <= size).collect());
        }
        if left.is_zero() {
            let reached = batches.last().copied().unwrap_or(0);
            return Err(Error::Internal(format!(
                "the public log of {} has {reached} of {size} entries, or lacks its count: something was interrupted; start the \
                 server, which finishes it, and copy again",
                cut.head.campaign
            )));
        }
        tokio::time::sleep(LOOK).await;
        left = left.saturating_sub(LOOK);
    }
}

struct Log<'a> {
    copy: &'a mut Copy,
    folders: Folders,
    cut: &'a Cut,
    /// Whether entries and places are public in the copied state of the campaign.
    is_open: bool,
}

impl Log<'_> {
    /// Copies tiles, entries and places. Each tile is compared with the hashes computed from the level below.
    fn tree(&mut self, progress: Progress<'_>) -> Result<()> {
        let size = self.cut.head.size;
        let (mut edge, mut above) = (Frontier::default(), Vec::new());
        for (number, width) in touched(0, size) {
            let leaves = self.bundle(number, width)?;
            let mut part = Frontier::default();
            for leaf in &leaves {
                edge.push(*leaf);
                part.push(*leaf);
            }
            if width == WIDTH {
                above.push(part.root());
            }
            self.tile(Tile { level: 0, number, width }, &leaves)?;
            progress(&format!("log of {}", self.cut.head.campaign), self.copy.files.len() as u64);
        }
        // The tree over the roots of full tiles is the tree from level 1 upwards.
        let empty = Tiles::new(0, |_: Tile| Ok::<_, Error>(Vec::new()));
        for (tile, hashes) in empty.grow(&above)? {
            self.tile(Tile { level: tile.level + 1, ..tile }, &hashes)?;
        }
        if edge.root().as_slice() == self.cut.head.root {
            return Ok(());
        }
        Err(refused(&self.folders.public, "is not the tree that the ballots store names; nothing of it was changed"))
    }

    /// Copies one bundle of entries and its places, which move from the held to the public files at some moment; returns the leaf
    /// hashes.
    fn bundle(&mut self, number: u64, width: u64) -> Result<Vec<Hash>> {
        let numbered = numbered(number, width);
        let entries = self.held_or_public(&format!("tile/entries/{numbered}"))?;
        self.held_or_public(&format!("places/{numbered}"))?;
        let read = unbundle(&entries).filter(|entries| entries.len() as u64 == width);
        let Some(read) = read else {
            return Err(self.damaged(&format!("tile/entries/{numbered}")));
        };
        Ok(read.iter().map(|entry| leaf_hash(entry)).collect())
    }

    fn held_or_public(&mut self, file: &str) -> Result<Vec<u8>> {
        let (held, public) = (self.folders.held.join(file), self.folders.public.join(file));
        // A file that moves between the two reads is found by the second one.
        let bytes = match files::read(&held)? {
            Some(bytes) => Some(bytes),
            None => files::read(&public)?,
        };
        let bytes = bytes.ok_or_else(|| refused(&held, "is missing, and is not public either"))?;
        let folder = if self.is_open { "log" } else { "held" };
        self.copy.put(&format!("{folder}/{}/{file}", self.cut.head.campaign), &bytes)?;
        Ok(bytes)
    }

    fn tile(&mut self, tile: Tile, hashes: &[Hash]) -> Result<()> {
        let file = self.folders.public.join(tile.path());
        let bytes = files::read(&file)?.ok_or_else(|| refused(&file, "is missing"))?;
        if bytes != hashes.as_flattened() {
            return Err(self.damaged(&tile.path()));
        }
        self.copy.put(&format!("log/{}/{}", self.cut.head.campaign, tile.path()), &bytes)
    }

    /// The signed checkpoint at the cut.
    fn checkpoint(&self) -> Result<Vec<u8>> {
        let Head { campaign, origin, size, root } = &self.cut.head;
        let log = self.copy.to.join("log").join(campaign);
        let key = files::read(&log.join("key"))?.unwrap_or_default();
        let key = Verifier::parse(String::from_utf8_lossy(&key).trim_end());
        let note = files::read(&log.join(format!("history/{size}")))?.unwrap_or_default();
        let opened = key.and_then(|key| Checkpoint::open(&String::from_utf8_lossy(&note), &key));
        match opened {
            Some(found) if found.origin == *origin && found.size == *size && found.root.as_slice() == root => Ok(note),
            _ => Err(self.damaged(&format!("history/{size}"))),
        }
    }

    fn damaged(&self, file: &str) -> Error {
        refused(&self.folders.public.join(file), "is not what follows from the entries")
    }
}

/// The root of a log at an earlier size, computed from the present tiles.
///
/// # Errors
/// A missing tile.
pub fn root_at(log: &Path, today: u64, size: u64) -> Result<Hash> {
    let tiles = Tiles::new(size, |tile: Tile| {
        let whole = Tile::of(today, tile.level, tile.number);
        let file = log.join(whole.unwrap_or(tile).path());
        let mut bytes = files::read(&file)?.ok_or_else(|| refused(&file, "is missing"))?;
        bytes.truncate(usize::try_from(tile.width * 32).unwrap_or(usize::MAX));
        Ok(bytes)
    });
    tiles.root()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_tells_every_root_that_it_ever_had() {
        let dir = tempfile::tempdir().unwrap();
        let leaves: Vec<Hash> = (0..700u64).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let empty = Tiles::new(0, |_: Tile| Ok::<_, Error>(Vec::new()));
        for (tile, hashes) in empty.grow(&leaves).unwrap() {
            files::write_atomic(&dir.path().join(tile.path()), hashes.as_flattened()).unwrap();
        }
        let mut edge = Frontier::default();
        for (size, leaf) in (1..).zip(&leaves) {
            edge.push(*leaf);
            assert_eq!(root_at(dir.path(), 700, size).unwrap(), edge.root(), "{size}");
        }
    }
}
