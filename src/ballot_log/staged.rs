//! The content of a batch between the box and the log: everything that is needed to finish the batch after a crash.

use std::collections::HashMap;

use entity::stored::Track;
use public_log::bundle::{LEAST, MERGED, NO_PLACE, PLACE, bundle, unbundle};
use public_log::leaf::Entry;
use public_log::tree::{Hash, leaf_hash};

use crate::ballot_log::counts::Counts;
use crate::base::error::{Error, Result};

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

/// The content of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// Entries, in ascending order of their leaf hashes.
    pub entries: Vec<Vec<u8>>,
    /// Bytes that open the place of each entry, or zeros.
    pub places: Vec<[u8; PLACE]>,
}

impl Staged {
    /// The content of a batch of ballots: in the order of their leaf hashes, with places opened where enough ballots share them.
    ///
    /// # Errors
    /// A ballot that differs from the stored one.
    pub fn of_ballots(mut waiting: Vec<Waiting>) -> Result<Self> {
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
        let places = waiting.iter().map(|ballot| if is_open(ballot) { opened(ballot) } else { [0; PLACE] }).collect();
        Ok(Self { places, entries: waiting.into_iter().map(|ballot| ballot.entry).collect() })
    }

    /// The content of a batch of entries that have no places, in the order of their leaf hashes.
    #[must_use]
    pub fn without_places(mut entries: Vec<Vec<u8>>) -> Self {
        entries.sort_unstable_by_key(|entry| leaf_hash(entry));
        Self { places: vec![[0; PLACE]; entries.len()], entries }
    }

    /// The content as one object: places, then entries.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let count = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        [&count.to_be_bytes()[..], self.places.as_flattened(), &bundle(self.entries.iter())].concat()
    }

    /// Reads the content from an object; none where the object is damaged.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (count, rest) = bytes.split_first_chunk::<4>()?;
        let count = usize::try_from(u32::from_be_bytes(*count)).ok()?;
        let (places, entries) = rest.split_at_checked(count.checked_mul(PLACE)?)?;
        let entries = unbundle(entries).filter(|entries| entries.len() == count)?;
        Some(Self { entries, places: places.as_chunks::<PLACE>().0.to_vec() })
    }

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

/// The bytes that open the place of a ballot: province code and salt.
fn opened(ballot: &Waiting) -> [u8; PLACE] {
    let bytes = ballot.province.bytes().chain(ballot.salt);
    let mut place = [0; PLACE];
    place.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    place
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
            let key = Key::ephemeral().unwrap();
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
            let staged = Staged::of_ballots(ballots).unwrap();
            let again = Staged::read(&staged.bytes());
            prop_assert_eq!(again.as_ref(), Some(&staged));
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
        let key = Key::ephemeral().unwrap();
        let mut ballot = waiting(&key, "320000", Track::Anonymous, 1);
        ballot.entry[40] ^= 1;
        assert!(Staged::of_ballots(vec![ballot]).is_err());
    }

    #[test]
    fn a_damaged_object_is_not_read() {
        let key = Key::ephemeral().unwrap();
        let whole = Staged::of_ballots(vec![waiting(&key, "320000", Track::Anonymous, 1)]).unwrap().bytes();
        assert!(Staged::read(&whole).is_some());
        for end in 0..whole.len() {
            assert!(Staged::read(&whole[..end]).is_none(), "{end}");
        }
        assert!(Staged::read(&[&whole[..], &[0]].concat()).is_none());
    }

    #[test]
    fn campaigns_without_places_are_opened_however_few_vote() {
        let key = Key::ephemeral().unwrap();
        let staged = Staged::of_ballots(vec![waiting(&key, NO_PLACE, Track::Anonymous, 1)]).unwrap();
        let counts = staged.counts().unwrap();
        assert!(counts.keys().all(|(_, province, _)| province == NO_PLACE));
    }
}
