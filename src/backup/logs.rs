//! Copies of a log at a fixed size while the log grows, and the root of a log at an earlier size.
//!
//! The whole Merkle tree is computed again during the copy: leaf hashes from entries, tiles from leaf hashes, and from the tiles
//! the root that the copied head names. A file that was damaged on disk is detected here, while an older copy or a mirror may
//! still have an intact one.

use std::path::Path;
use std::time::Duration;

use public_log::bundle::unbundle;
use public_log::note::{Checkpoint, split};
use public_log::tiles::{Tile, Tiles, WIDTH, numbered, touched};
use public_log::tree::{Frontier, Hash, leaf_hash};

use super::copying::{Copy, Progress, refused};
use super::databases::Head;
use crate::ballot_log::log_files::{ENTRIES, KEY, LogFiles, PLACES, QUESTIONNAIRE};
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::base::objects::FOLDER;

/// Longest time that a batch takes from the store to the public files.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Interval of checks whether the batch is published.
const LOOK: Duration = Duration::from_millis(20);

/// Copies the objects of a log, cut at its head.
///
/// # Errors
/// A log that does not reach its head in time, for example after a crash; objects that are missing or do not match the tree; a full
/// disk.
pub async fn copy(copy: &mut Copy, head: &Head, progress: Progress<'_>) -> Result<()> {
    let files = LogFiles::of(&copy.objects, &head.campaign);
    if head.size == 0 {
        // The log may not be begun yet.
        return [KEY, QUESTIONNAIRE].iter().try_for_each(|beginning| copy.object(&files.name(beginning)));
    }
    signed(&files, head).await?;
    let mut log = Log { copy, files, head };
    log.take(KEY)?;
    log.take(QUESTIONNAIRE)?;
    log.tree(progress)?;
    for size in &head.batches {
        let note = log.files.signed(*size)?.ok_or_else(|| log.damaged(&format!("history/{size}")))?;
        log.put(&format!("history/{size}"), note.as_bytes())?;
    }
    log.shown_edge()?;
    log.is_signed(head.size, &head.root)
}

/// Waits until the checkpoint at the cut is signed: then all objects up to the cut are stored.
async fn signed(files: &LogFiles, head: &Head) -> Result<()> {
    let mut left = TIMEOUT;
    while files.signed(head.size)?.is_none() {
        if left.is_zero() {
            return Err(Error::Internal(format!(
                "the public log of {} lacks the checkpoint of {} entries: something was interrupted; start the server, which \
                 finishes it, and copy again",
                head.campaign, head.size
            )));
        }
        tokio::time::sleep(LOOK).await;
        left = left.saturating_sub(LOOK);
    }
    Ok(())
}

struct Log<'a> {
    copy: &'a mut Copy,
    files: LogFiles,
    head: &'a Head,
}

impl Log<'_> {
    /// Copies tiles, entries and places. Each tile is compared with the hashes computed from the level below.
    fn tree(&mut self, progress: Progress<'_>) -> Result<()> {
        let size = self.head.size;
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
            progress(&format!("log of {}", self.head.campaign), self.copy.files.len() as u64);
        }
        // The tree over the roots of full tiles is the tree from level 1 upwards.
        let empty = Tiles::new(0, |_: Tile| Ok::<_, Error>(Vec::new()));
        for (tile, hashes) in empty.grow(&above)? {
            self.tile(Tile { level: tile.level + 1, ..tile }, &hashes)?;
        }
        if edge.root().as_slice() == self.head.root {
            return Ok(());
        }
        Err(self.refused("tile", "is not the tree that the ballots store names; nothing of it was changed"))
    }

    /// Copies one bundle of entries and its places; returns the leaf hashes.
    fn bundle(&mut self, number: u64, width: u64) -> Result<Vec<Hash>> {
        let bundle = numbered(number, width);
        let entries = self.take(&format!("{ENTRIES}/{bundle}"))?;
        self.take(&format!("{PLACES}/{bundle}"))?;
        let read = unbundle(&entries).filter(|entries| entries.len() as u64 == width);
        let read = read.ok_or_else(|| self.damaged(&format!("{ENTRIES}/{bundle}")))?;
        Ok(read.iter().map(|entry| leaf_hash(entry)).collect())
    }

    fn tile(&mut self, tile: Tile, hashes: &[Hash]) -> Result<()> {
        if self.take(&tile.path())? == hashes.as_flattened() { Ok(()) } else { Err(self.damaged(&tile.path())) }
    }

    fn take(&mut self, path: &str) -> Result<Vec<u8>> {
        let bytes = self.files.get(path)?.ok_or_else(|| self.refused(path, "is missing"))?;
        self.put(path, &bytes)?;
        Ok(bytes)
    }

    /// Writes an object into the copy, once: trees of two sizes have most tiles in common.
    fn put(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let name = format!("{FOLDER}/{}", self.files.name(path));
        if self.copy.files.contains_key(&name) { Ok(()) } else { self.copy.put(&name, bytes) }
    }

    /// Copies the partial tiles and bundles at the end of the tree that is shown, where the head is beyond that tree. The restored
    /// store shows that tree until the batches after it are finished.
    fn shown_edge(&mut self) -> Result<()> {
        let shown = self.head.shown;
        if shown == 0 || shown == self.head.size {
            return Ok(());
        }
        if !shown.is_multiple_of(WIDTH) {
            self.bundle(shown / WIDTH, shown % WIDTH)?;
        }
        let hashes_of_levels = (0..).map(|level| (level, shown >> (8 * level))).take_while(|(_, hashes)| *hashes > 0);
        for (level, hashes) in hashes_of_levels.filter(|(_, hashes)| !hashes.is_multiple_of(WIDTH)) {
            self.take(&Tile { level, number: hashes / WIDTH, width: hashes % WIDTH }.path())?;
        }
        let root = self.files.tiles(shown).root()?;
        self.is_signed(shown, &root)
    }

    /// Checks that the checkpoint of this size has this root.
    fn is_signed(&self, size: u64, root: &[u8]) -> Result<()> {
        let note = self.files.signed(size)?.unwrap_or_default();
        let read = split(&note).and_then(|(text, _)| Checkpoint::read(text));
        match read {
            Some(found) if found.origin == self.head.origin && found.size == size && found.root == *root => Ok(()),
            _ => Err(self.damaged(&format!("history/{size}"))),
        }
    }

    fn damaged(&self, path: &str) -> Error {
        self.refused(path, "is not what follows from the entries")
    }

    fn refused(&self, path: &str, what: &str) -> Error {
        refused(&self.copy.from.join(FOLDER).join(self.files.name(path)), what)
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
