//! Promises: signed statements that a ballot will be in the log. One signature covers up to 64 promises.
//!
//! The promises of one moment are the leaves of a small Merkle tree, and the log signs its root (batch signing, as in Roughtime).
//! A promise holds the path from its leaf to that root. Two measures keep a promise from telling anything about other voters:
//!
//! * A **blinder** of 16 bytes enters each leaf. Without the blinder nobody can tell which ballot a sibling hash stands for.
//! * The tree always has [`PLACES`] leaves. Ballots are put at random places, and random hashes fill the others. So neither the
//!   length of the path nor the index depends on the number of ballots.
//!
//! A promise that is signed alone has an empty path. Section 8 of `docs/ballot-log.md` specifies the text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{Datelike, NaiveDateTime, Timelike};

use crate::note::{Signer, Verifier, decimal};
use crate::tree::{Hash, leaf_hash, node_hash, root_of_proof};

/// Number of leaves in the tree of promises that are signed together.
pub const PLACES: usize = 64;

/// First line of a promise: its kind and version.
const FORM: &str = "shudu/promise/2";
/// First line of the signed part of a promise.
const SIGNED_FORM: &str = "shudu/promises/1";
/// Form of the time in a promise.
const TIME: &str = "%Y-%m-%dT%H:%M:%SZ";

/// Sixteen bytes that only the site and the holder of the promise know.
pub type Blinder = [u8; 16];

/// A ballot that is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promised {
    /// Leaf hash of the ballot in the log.
    pub leaf: Hash,
    /// Blinder of the promise.
    pub blinder: Blinder,
}

/// A promise whose signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Ballot that the log holds by the time.
    pub ballot: Promised,
    /// Programme time by which the ballot is in the log, as the promise writes it.
    pub by: String,
}

impl Promised {
    /// The leaf of the tree of promises: SHA-256 of a zero byte, the blinder and the leaf hash of the ballot.
    fn hash(&self) -> Hash {
        let mut bytes = [0; 48];
        bytes[..16].copy_from_slice(&self.blinder);
        bytes[16..].copy_from_slice(&self.leaf);
        leaf_hash(&bytes)
    }
}

/// The promise of one ballot, signed alone. `by` is the time of the promise, as in `2018-04-09T16:00:00Z`. The same arguments
/// give the same text.
#[must_use]
pub fn sign_alone(signer: &Signer, by: &str, ballot: &Promised) -> String {
    let note = signed(signer, by, &ballot.hash());
    written(signer.name(), ballot, 0, &[], &note)
}

/// The promises of several ballots, in the order of the ballots, with one signature for each [`PLACES`] of them.
///
/// # Errors
/// A machine without a source of randomness.
pub fn sign_together(signer: &Signer, by: &str, ballots: &[Promised]) -> Result<Vec<String>, getrandom::Error> {
    let mut promises = Vec::with_capacity(ballots.len());
    for group in ballots.chunks(PLACES) {
        let (mut leaves, places) = (random_leaves()?, random_places()?);
        for (ballot, place) in group.iter().zip(places) {
            leaves[place] = ballot.hash();
        }
        let levels = levels(leaves);
        let note = signed(signer, by, &levels[levels.len() - 1][0]);
        for (ballot, place) in group.iter().zip(places) {
            promises.push(written(signer.name(), ballot, place, &siblings(&levels, place), &note));
        }
    }
    Ok(promises)
}

/// Reads a promise. None for a text of another form, of another log, with a wrong signature, or whose path leads to another root
/// than the signed one.
#[must_use]
pub fn open(text: &str, key: &Verifier) -> Option<Promise> {
    let (head, note) = text.split_once("\n\n")?;
    let (ballot, index, path) = read(head, &key.name)?;
    let (by, root) = read_signed(key.open(note)?, &key.name)?;
    let places = if path.is_empty() { 1 } else { PLACES as u64 };
    let leads_to_root = root_of_proof(ballot.hash(), index, places, &path) == Some(root);
    leads_to_root.then(|| Promise { ballot, by: by.to_owned() })
}

/// Random hashes for all places.
fn random_leaves() -> Result<[Hash; PLACES], getrandom::Error> {
    let mut leaves = [[0; 32]; PLACES];
    getrandom::fill(leaves.as_flattened_mut())?;
    Ok(leaves)
}

/// All places in random order.
fn random_places() -> Result<[usize; PLACES], getrandom::Error> {
    let mut keys = [[0; 8]; PLACES];
    getrandom::fill(keys.as_flattened_mut())?;
    let mut places: [usize; PLACES] = std::array::from_fn(|place| place);
    places.sort_unstable_by_key(|place| keys[*place]);
    Ok(places)
}

/// The levels of the tree from the leaves to the root.
fn levels(leaves: [Hash; PLACES]) -> Vec<Vec<Hash>> {
    let mut levels = vec![leaves.to_vec()];
    let mut width = PLACES;
    while width > 1 {
        let below = &levels[levels.len() - 1];
        let above = below.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
        levels.push(above);
        width /= 2;
    }
    levels
}

/// The path of a leaf: its sibling on each level, from the leaf upwards.
fn siblings(levels: &[Vec<Hash>], place: usize) -> Vec<Hash> {
    let below_root = &levels[..levels.len() - 1];
    below_root.iter().enumerate().map(|(height, level)| level[(place >> height) ^ 1]).collect()
}

/// The signed part of a promise.
fn signed(signer: &Signer, by: &str, root: &Hash) -> String {
    signer.sign(&format!("{SIGNED_FORM}\n{}\n{by}\n{}\n", signer.name(), STANDARD.encode(root)))
}

fn written(origin: &str, ballot: &Promised, index: usize, path: &[Hash], note: &str) -> String {
    let (leaf, blinder) = (STANDARD.encode(ballot.leaf), STANDARD.encode(ballot.blinder));
    let mut text = format!("{FORM}\n{origin}\n{leaf}\n{blinder}\n{index}\n");
    for hash in path {
        STANDARD.encode_string(hash, &mut text);
        text.push('\n');
    }
    text.push('\n');
    text.push_str(note);
    text
}

/// Reads ballot, index and path from the lines before the signed part.
fn read(head: &str, origin: &str) -> Option<(Promised, u64, Vec<Hash>)> {
    let mut lines = head.split('\n');
    let is_one = lines.next()? == FORM && lines.next()? == origin;
    let (leaf, blinder, index) = (bytes(lines.next()?)?, bytes(lines.next()?)?, decimal(lines.next()?)?);
    let path = lines.map(bytes).collect::<Option<_>>()?;
    is_one.then_some((Promised { leaf, blinder }, index, path))
}

/// Reads time and root from the signed part.
fn read_signed<'a>(said: &'a str, origin: &str) -> Option<(&'a str, Hash)> {
    let mut lines = said.split_terminator('\n');
    let is_one = lines.next()? == SIGNED_FORM && lines.next()? == origin;
    let (by, root) = (lines.next()?, bytes(lines.next()?)?);
    let time = NaiveDateTime::parse_from_str(by, TIME).ok()?;
    // No site promises a leap second (second 60).
    let is_time = time.format(TIME).to_string() == by && time.year() > 0 && time.nanosecond() < 1_000_000_000;
    (is_one && is_time && lines.next().is_none()).then_some((by, root))
}

fn bytes<const N: usize>(line: &str) -> Option<[u8; N]> {
    STANDARD.decode(line).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const BY: &str = "2018-04-09T16:00:00Z";

    fn signer() -> Signer {
        Signer::new("shudu.example/log/s1", crate::fresh_key())
    }

    fn ballots(count: u8) -> Vec<Promised> {
        (0..count).map(|n| Promised { leaf: [n; 32], blinder: [n.wrapping_add(100); 16] }).collect()
    }

    #[test]
    fn every_promise_of_a_group_opens_by_itself() {
        let signer = signer();
        for count in [1, 2, 63, 64, 65, 130] {
            let ballots = ballots(count);
            let promises = sign_together(&signer, BY, &ballots).unwrap();
            assert_eq!(promises.len(), ballots.len());
            for (ballot, text) in ballots.iter().zip(&promises) {
                let expected = Promise { ballot: *ballot, by: BY.to_owned() };
                assert_eq!(open(text, &signer.verifier()), Some(expected));
                assert_eq!(text.lines().count(), 18, "the length does not depend on the number: {text}");
            }
            let signatures: HashSet<&str> = promises.iter().filter_map(|text| text.lines().last()).collect();
            assert_eq!(signatures.len(), ballots.len().div_ceil(PLACES));
        }
    }

    #[test]
    fn no_index_and_no_hash_of_a_path_depends_on_the_number_of_ballots() {
        let signer = signer();
        let index = |text: &str| text.lines().nth(4).unwrap().parse::<usize>().unwrap();
        let alone: HashSet<usize> =
            (0..400).map(|_| index(&sign_together(&signer, BY, &ballots(1)).unwrap()[0])).collect();
        assert!(alone.len() > 50, "a lone ballot is at any place: {alone:?}");
        // The siblings of a lone ballot are as random as those among others.
        let siblings: HashSet<String> = (0..64)
            .flat_map(|_| {
                let text = sign_together(&signer, BY, &ballots(1)).unwrap().remove(0);
                text.lines().skip(5).take(6).map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(siblings.len(), 64 * 6);
    }

    #[test]
    fn a_promise_signed_alone_is_short_and_always_the_same() {
        let (signer, ballot) = (signer(), ballots(1)[0]);
        let text = sign_alone(&signer, BY, &ballot);
        assert_eq!(text, sign_alone(&signer, BY, &ballot));
        assert_eq!(open(&text, &signer.verifier()).unwrap().ballot, ballot);
        assert!(text.len() < 360, "{}", text.len());
    }

    #[test]
    fn no_changed_bit_opens() {
        let signer = signer();
        let together = sign_together(&signer, BY, &ballots(3)).unwrap().remove(1);
        for text in [sign_alone(&signer, BY, &ballots(1)[0]), together] {
            for at in 0..text.len() {
                for bit in 0..8 {
                    let mut bytes = text.clone().into_bytes();
                    bytes[at] ^= 1 << bit;
                    let opened = String::from_utf8(bytes).ok().and_then(|text| open(&text, &signer.verifier()));
                    assert_eq!(opened, None, "byte {at}, bit {bit}");
                }
            }
        }
    }

    #[test]
    fn a_path_of_another_length_and_an_index_beyond_the_tree_are_refused() {
        let signer = signer();
        let ballot = ballots(1)[0];
        let opens = |index: usize, path: &[Hash], root: Hash| {
            let text = written(signer.name(), &ballot, index, path, &signed(&signer, BY, &root));
            open(&text, &signer.verifier()).is_some()
        };
        assert!(opens(0, &[], ballot.hash()));
        assert!(!opens(1, &[], ballot.hash()));
        for length in [1, 5, 6, 7, 20] {
            let path = vec![[3; 32]; length];
            let root = path.iter().fold(ballot.hash(), |hash, sibling| node_hash(&hash, sibling));
            assert_eq!(opens(0, &path, root), length == 6, "{length}");
            assert!(!opens(64, &path, root));
        }
    }

    #[test]
    fn a_signature_under_another_text_is_no_promise() {
        let (signer, ballot) = (signer(), ballots(1)[0]);
        let root = STANDARD.encode(ballot.hash());
        let opens = |said: &str| {
            let text = written(signer.name(), &ballot, 0, &[], &signer.sign(said));
            open(&text, &signer.verifier()).is_some()
        };
        let origin = signer.name();
        assert!(opens(&format!("{SIGNED_FORM}\n{origin}\n{BY}\n{root}\n")));
        for said in [
            format!("{origin}\n1\n{root}\n"),
            format!("shudu/promises/2\n{origin}\n{BY}\n{root}\n"),
            format!("{SIGNED_FORM}\nshudu.example/log/s2\n{BY}\n{root}\n"),
            format!("{SIGNED_FORM}\n{origin}\n{BY}\n{root}\nmore\n"),
            format!("{SIGNED_FORM}\n{origin}\n{BY}\n"),
        ] {
            assert!(!opens(&said), "{said}");
        }
        for time in ["2018-04-09 16:00:00", "2018-4-9T16:00:00Z", "2018-02-30T16:00:00Z", "2018-04-09T16:00:60Z", ""] {
            assert!(!opens(&format!("{SIGNED_FORM}\n{origin}\n{time}\n{root}\n")), "{time}");
        }
    }
}
