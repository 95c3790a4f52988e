//! A batch between the box and the log: three files with everything that is needed to finish the batch after a crash.

use std::collections::HashMap;
use std::path::Path;

use entity::stored::Track;
use public_log::bundle::{LEAST, MERGED, NO_PLACE, PLACE, bundle, unbundle};
use public_log::leaf::Entry;
use public_log::tree::{Hash, leaf_hash};
use serde::{Deserialize, Serialize};

use crate::ballot_log::counts::Counts;
use crate::base::error::{Error, Result};
use crate::base::files;

/// A ballot on its way into the log.
pub struct Waiting {
    /// Leaf hash of the ballot, as it was stored with the ballot.
    pub leaf: Hash,
    /// Canonical bytes of the ballot.
    pub entry: Vec<u8>,
    /// Track of the ballot.
    pub track: Track,
    /// Province code of the ballot, six digits.
    pub province: String,
    /// Salt that opens the ballot's place, 32 bytes.
    pub salt: [u8; 32],
}

/// State of the tree before and after a batch, with the signed checkpoint after the batch. The file is written last: a batch
/// without it was never signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Number of the batch in its log, from 0.
    pub number: i32,
    /// Number of entries in the log before the batch.
    pub from: u64,
    /// Number of entries in the log after the batch.
    pub to: u64,
    /// Root of the tree after the batch, hexadecimal.
    pub root: String,
    /// Signed checkpoint after the batch, a note.
    pub checkpoint: String,
    /// Number of the rule whose invalidations the batch holds; none for a batch of ballots.
    #[serde(default)]
    pub rule: Option<i32>,
}

/// The content of a batch, read back from disk.
pub struct Staged {
    /// Entries, in ascending order of their leaf hashes.
    pub entries: Vec<Vec<u8>>,
    /// Bytes that open the place of each entry, or zeros.
    pub places: Vec<[u8; PLACE]>,
}

/// Writes the content of a batch: ballots in the order of their leaf hashes, and places opened where enough ballots share them.
///
/// # Errors
/// A ballot that differs from the stored one; a disk that fails.
pub fn write(folder: &Path, mut waiting: Vec<Waiting>) -> Result<()> {
    if let Some(damaged) = waiting.iter().find(|w| leaf_hash(&w.entry) != w.leaf) {
        return Err(Error::Internal(format!("ballot {} is not the one that was cast", hex::encode(damaged.leaf))));
    }
    waiting.sort_unstable_by_key(|w| w.leaf);
    let mut cells: HashMap<(&str, Track), usize> = HashMap::new();
    for ballot in &waiting {
        *cells.entry((&ballot.province, ballot.track)).or_default() += 1;
    }
    let is_open =
        |b: &Waiting| b.province == NO_PLACE || cells.get(&(&*b.province, b.track)).is_some_and(|n| *n >= LEAST);
    let mut places = Vec::with_capacity(waiting.len() * PLACE);
    for ballot in &waiting {
        if is_open(ballot) {
            places.extend_from_slice(ballot.province.as_bytes());
            places.extend_from_slice(&ballot.salt);
        } else {
            places.extend_from_slice(&[0; PLACE]);
        }
    }
    files::write_atomic(&folder.join("entries"), &bundle(waiting.iter().map(|w| &w.entry)))?;
    files::write_atomic(&folder.join("places"), &places)
}

/// Writes entries that have no places, in the order of their leaf hashes. Returns the leaf hashes in that order.
///
/// # Errors
/// A disk that fails.
pub fn write_without_places(folder: &Path, mut entries: Vec<Vec<u8>>) -> Result<Vec<Hash>> {
    entries.sort_unstable_by_key(|entry| leaf_hash(entry));
    files::write_atomic(&folder.join("entries"), &bundle(entries.iter()))?;
    files::write_atomic(&folder.join("places"), &vec![0; entries.len() * PLACE])?;
    Ok(entries.iter().map(|entry| leaf_hash(entry)).collect())
}

/// Reads the content of a batch.
///
/// # Errors
/// Files that are missing or damaged.
pub fn read(folder: &Path) -> Result<Staged> {
    let damaged = || Error::Internal(format!("{}: a staged batch is damaged", folder.display()));
    let entries = files::read(&folder.join("entries"))?.ok_or_else(damaged)?;
    let entries = unbundle(&entries).ok_or_else(damaged)?;
    let places = files::read(&folder.join("places"))?.ok_or_else(damaged)?;
    let (places, rest) = places.as_chunks::<PLACE>();
    if places.len() != entries.len() || !rest.is_empty() {
        return Err(damaged());
    }
    Ok(Staged { entries, places: places.to_vec() })
}

impl Staged {
    /// The leaf hashes, computed from the entries as they were read.
    #[must_use]
    pub fn leaves(&self) -> Vec<Hash> {
        self.entries.iter().map(|entry| leaf_hash(entry)).collect()
    }

    /// The entries, read as ballots.
    ///
    /// # Errors
    /// An entry that is not a ballot.
    pub fn ballots(&self) -> Result<Vec<Entry<'_>>> {
        let read = |entry| Entry::read(entry).ok_or_else(|| Error::Internal("an entry is not a ballot".to_owned()));
        self.entries.iter().map(|entry| read(entry)).collect()
    }

    /// Numbers that the batch adds to the log's own count. Ballots of small cells are counted under the province [`MERGED`].
    ///
    /// # Errors
    /// An entry that is not a ballot.
    pub fn counts(&self) -> Result<Counts> {
        let mut counts = Counts::new();
        for (ballot, place) in self.ballots()?.iter().zip(&self.places) {
            let province = match std::str::from_utf8(&place[..6]) {
                Ok(code) if place != &[0; PLACE] => code,
                _ => MERGED,
            };
            let track: Track = ballot.track.try_into()?;
            for option in std::iter::once("").chain(ballot.choices.iter().copied()) {
                *counts.entry((option.to_owned(), province.to_owned(), track)).or_default() += 1;
            }
        }
        Ok(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::keys::Key;
    use proptest::prelude::*;
    use public_log::leaf::{Leaf, commitment};

    fn waiting(key: &Key, province: &str, track: Track, number: u32) -> Waiting {
        let mut serial = [0; 32];
        serial[..4].copy_from_slice(&number.to_be_bytes());
        let choices: &[&str] = if number.is_multiple_of(2) { &["A"] } else { &["A", "B"] };
        let (salt, track_word) = (key.mac(&[&serial]), track.into());
        let said =
            Leaf { campaign: "s1", questionnaire: &[1; 32], track: track_word, province, choices, serial: &serial };
        Waiting { leaf: said.hash(&salt), entry: said.bytes(&salt), track, province: province.to_owned(), salt }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(30))]
        #[test]
        fn entries_ascend_large_cells_are_opened_small_ones_are_merged_and_no_vote_is_lost(
            cells in prop::collection::vec((0u32..25, 0u32..25), 1..6),
        ) {
            let (key, dir) = (Key::ephemeral().unwrap(), tempfile::tempdir().unwrap());
            let mut number = 0;
            let mut ballots = Vec::new();
            for ((anonymous, real_name), province) in cells.iter().zip(11..) {
                for (track, count) in [(Track::Anonymous, anonymous), (Track::RealName, real_name)] {
                    for _ in 0..*count {
                        number += 1;
                        ballots.push(waiting(&key, &format!("{province}0000"), track, number));
                    }
                }
            }
            let votes: i64 = (1..=i64::from(number)).map(|n| 2 + n % 2).sum();
            write(dir.path(), ballots).unwrap();
            let staged = read(dir.path()).unwrap();
            prop_assert!(staged.leaves().is_sorted());
            let counts = staged.counts().unwrap();
            prop_assert_eq!(counts.values().sum::<i64>(), votes);
            for ((option, province, track), n) in &counts {
                prop_assert!(!option.is_empty() || province == MERGED || *n >= LEAST as i64, "{} {}", province, track);
            }
            for (ballot, place) in staged.ballots().unwrap().iter().zip(&staged.places) {
                if place != &[0; PLACE] {
                    let (province, salt) = place.split_first_chunk::<6>().unwrap();
                    let province = std::str::from_utf8(province).unwrap();
                    prop_assert_eq!(commitment(salt.try_into().unwrap(), province), *ballot.place);
                }
            }
        }
    }

    #[test]
    fn a_damaged_ballot_is_not_staged() {
        let (key, dir) = (Key::ephemeral().unwrap(), tempfile::tempdir().unwrap());
        let mut ballot = waiting(&key, "320000", Track::Anonymous, 1);
        ballot.entry[40] ^= 1;
        assert!(write(dir.path(), vec![ballot]).is_err());
        assert!(read(dir.path()).is_err());
    }

    #[test]
    fn campaigns_without_places_are_opened_however_few_vote() {
        let (key, dir) = (Key::ephemeral().unwrap(), tempfile::tempdir().unwrap());
        write(dir.path(), vec![waiting(&key, NO_PLACE, Track::Anonymous, 1)]).unwrap();
        let counts = read(dir.path()).unwrap().counts().unwrap();
        assert!(counts.keys().all(|(_, province, _)| province == NO_PLACE));
    }
}
