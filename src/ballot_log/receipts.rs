//! Evidence that a voter can hold against the site: the promise of a ballot, and the proof that the ballot is in the log.

use std::cmp::Ordering;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use public_log::leaf::{Entry, Serial};
use public_log::promise::{Promised, sign_alone, sign_together};
use public_log::tiles::{Tile, WIDTH};
use public_log::tree::{Hash, leaf_hash};

use super::log_files::LogFiles;
use super::{Sequencer, reading};
use crate::base::error::{Error, Result};
use crate::base::files;

/// Position of a ballot in the log, with its Merkle inclusion proof.
pub struct Proof {
    /// Index of the ballot's entry.
    pub index: u64,
    /// Size of the tree that the proof leads to.
    pub size: u64,
    /// Proof as a text, in the form of section 8 of `docs/ballot-log.md`.
    pub text: String,
}

impl Sequencer {
    /// The signed promise that one ballot is in the log by a time (programme time). The same ballot has always the same text.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn promise(&self, campaign: &str, ballot: &Promised, by: DateTime<Utc>) -> Result<String> {
        Ok(sign_alone(&*self.signer_of(campaign).await?, &time(by), ballot))
    }

    /// The signed promises that these ballots are in the log by a time (programme time), in the order of the ballots.
    ///
    /// # Errors
    /// A store that fails; a machine without a source of randomness.
    pub async fn promises(&self, campaign: &str, ballots: &[Promised], by: DateTime<Utc>) -> Result<Vec<String>> {
        let signer = self.signer_of(campaign).await?;
        sign_together(&signer, &time(by), ballots).map_err(|e| Error::Internal(format!("no randomness: {e}")))
    }

    /// The proof of a ballot that was sealed in this batch, counted from 0; none while the batch is not public.
    ///
    /// # Errors
    /// A store or disk that fails.
    pub async fn proof(&self, campaign: &str, batch: i32, leaf: &Hash) -> Result<Option<Proof>> {
        let newest = self.newest_batch(campaign).await?.filter(|newest| batch <= newest.number);
        let Some(size) = newest.map(|newest| newest.size.unsigned_abs()) else {
            return Ok(None);
        };
        let range = self.size_after(campaign, batch - 1).await?..self.size_after(campaign, batch).await?;
        let origin = self.head(campaign).await?.origin;
        let (files, leaf) = (self.files(campaign), *leaf);
        files::blocking(move || prove(&files, &origin, size, range, &leaf)).await
    }

    /// The serial of the ballot whose entry has this index; none where the log holds no ballot with this leaf hash there.
    ///
    /// # Errors
    /// A store or disk that fails.
    pub async fn serial_at(&self, campaign: &str, index: u64, leaf: &Hash) -> Result<Option<Serial>> {
        let (files, leaf, ends) = (self.files(campaign), *leaf, self.signed_ends(campaign).await?);
        if ends.last().is_none_or(|size| index >= *size) {
            return Ok(None);
        }
        files::blocking(move || {
            let mut serial = None;
            reading::within(&files, &ends, index..index + 1, |seen| {
                let ballot = Entry::read(seen.entry).filter(|_| leaf_hash(seen.entry) == leaf);
                serial = ballot.map(|ballot| *ballot.serial);
                Ok(())
            })?;
            Ok(serial)
        })
        .await
    }
}

/// A time as promises write it.
fn time(by: DateTime<Utc>) -> String {
    by.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn prove(files: &LogFiles, origin: &str, size: u64, batch: Range<u64>, leaf: &Hash) -> Result<Option<Proof>> {
    let Some(index) = find(files, size, batch, leaf)? else {
        return Ok(None);
    };
    let missing = || Error::Internal(format!("{} is missing", files.name(&format!("history/{size}"))));
    let checkpoint = files.signed(size)?.ok_or_else(missing)?;
    let mut text = format!("shudu/receipt/1\n{origin}\n{}\n{index}\n", STANDARD.encode(leaf));
    for hash in files.tiles(size).proof(index)? {
        text.push_str(&STANDARD.encode(hash));
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&checkpoint);
    Ok(Some(Proof { index, size, text }))
}

/// Looks up a leaf hash among the entries of one batch, which ascend by leaf hash. Leaf hashes are spread evenly, so interpolation
/// finds the right tile at the first or second attempt, however large the batch is.
fn find(files: &LogFiles, size: u64, batch: Range<u64>, leaf: &Hash) -> Result<Option<u64>> {
    let tree = files.tiles(size);
    let (mut low, mut high) = (batch.start, batch.end);
    // Leaf hashes between which the wanted one is, by their first eight bytes.
    let (mut least, mut greatest) = (0, u64::MAX);
    while low < high {
        let guess = low + interpolated(start_of(leaf), least, greatest, high - low);
        let Some(tile) = Tile::of(size, 0, guess / WIDTH) else {
            return Ok(None);
        };
        // Entries `first..end` are the part of the tile that belongs to the range.
        let before = guess / WIDTH * WIDTH;
        let (first, end) = (low.max(before), high.min(before + tile.width));
        let hashes = tree.tile(tile)?;
        let part = hashes.get(offset(first - before)..offset(end - before)).unwrap_or_default();
        let (Some(smallest), Some(largest)) = (part.first(), part.last()) else {
            return Ok(None);
        };
        match (leaf.cmp(smallest), leaf.cmp(largest)) {
            (Ordering::Less, _) => (high, greatest) = (first, start_of(smallest)),
            (_, Ordering::Greater) => (low, least) = (end, start_of(largest)),
            _ => return Ok(part.binary_search(leaf).ok().map(|at| first + at as u64)),
        }
    }
    Ok(None)
}

/// Position of a value between two others in a range of this width, if values are spread evenly; less than the width.
fn interpolated(value: u64, least: u64, greatest: u64, width: u64) -> u64 {
    let (above, span) = (u128::from(value.saturating_sub(least)), u128::from(greatest.saturating_sub(least)).max(1));
    u64::try_from(above * u128::from(width) / span).unwrap_or(u64::MAX).min(width - 1)
}

fn start_of(hash: &Hash) -> u64 {
    hash.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// A position in a tile, from 0 to 256.
fn offset(entries: u64) -> usize {
    usize::try_from(entries).unwrap_or(usize::MAX)
}
