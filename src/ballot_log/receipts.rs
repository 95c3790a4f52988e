//! Evidence that a voter can hold against the site: the promise of a ballot, and the proof that the ballot is in the log.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use public_log::tiles::{Tile, WIDTH};
use public_log::tree::Hash;

use super::Sequencer;
use super::folders::Folders;
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
    /// The signed promise that a ballot is in the log by a time (programme time).
    ///
    /// # Errors
    /// `Busy` while the log of the campaign is not open yet.
    pub fn promise(&self, campaign: &str, leaf: &Hash, by: DateTime<Utc>) -> Result<String> {
        let signer = self.opened(campaign).ok_or(Error::Busy { retry_after: 5 })?.signer;
        let by = by.to_rfc3339_opts(SecondsFormat::Secs, true);
        Ok(signer.sign(&format!("shudu/promise/1\n{}\n{}\n{by}\n", signer.name(), STANDARD.encode(leaf))))
    }

    /// The proof of a ballot; none while the ballot waits for a batch.
    ///
    /// # Errors
    /// A store or disk that fails.
    pub async fn proof(&self, campaign: &str, leaf: &Hash) -> Result<Option<Proof>> {
        let origin = self.head(campaign).await?.origin;
        let (folders, leaf) = (self.folders(campaign), *leaf);
        files::blocking(move || prove(&folders, &origin, &leaf)).await
    }
}

fn prove(folders: &Folders, origin: &str, leaf: &Hash) -> Result<Option<Proof>> {
    let batches = folders.batches()?;
    let Some(&size) = batches.last() else {
        return Ok(None);
    };
    let Some(index) = find(folders, &batches, leaf)? else {
        return Ok(None);
    };
    let checkpoint = files::read(&folders.public.join(format!("history/{size}")))?.unwrap_or_default();
    let mut text = format!("shudu/receipt/1\n{origin}\n{}\n{index}\n", STANDARD.encode(leaf));
    for hash in folders.tiles(size).proof(index)? {
        text.push_str(&STANDARD.encode(hash));
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&String::from_utf8_lossy(&checkpoint));
    Ok(Some(Proof { index, size, text }))
}

/// Looks up a leaf hash by binary search in every batch: the leaf hashes ascend inside a batch.
fn find(folders: &Folders, batches: &[u64], leaf: &Hash) -> Result<Option<u64>> {
    let Some(&size) = batches.last() else {
        return Ok(None);
    };
    let tree = folders.tiles(size);
    // Small batches share a tile, and the end of every search stays in one tile. That tile is read once.
    let mut near: Option<(Tile, Vec<Hash>)> = None;
    let mut at = |index: u64| -> Result<Option<Hash>> {
        let Some(tile) = Tile::of(size, 0, index / WIDTH) else {
            return Ok(None);
        };
        let hashes = match near.take() {
            Some((standing, hashes)) if standing == tile => hashes,
            _ => tree.tile(tile)?,
        };
        let hash = hashes.get(usize::try_from(index % WIDTH).unwrap_or(usize::MAX)).copied();
        near = Some((tile, hashes));
        Ok(hash)
    };
    let mut from = 0;
    for &to in batches {
        let (mut low, mut high) = (from, to);
        while low < high {
            let middle = low.midpoint(high);
            match at(middle)? {
                Some(hash) if hash == *leaf => return Ok(Some(middle)),
                Some(hash) if hash < *leaf => low = middle + 1,
                _ => high = middle,
            }
        }
        from = to;
    }
    Ok(None)
}
