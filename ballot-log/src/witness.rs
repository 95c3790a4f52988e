//! The decision whether a witness cosigns a checkpoint, without a clock, a disk or a network.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::note::{Checkpoint, Verifier, decimal};
use crate::tree::{Frontier, Hash, has_grown};

/// Most hashes of a proof; no tree needs more.
const MAX_HASHES: usize = 63;

/// Request of a log: a checkpoint, and the consistency proof from the tree of the old size.
#[derive(Debug, PartialEq, Eq)]
pub struct Request<'a> {
    old: u64,
    proof: Vec<Hash>,
    /// Signed checkpoint, a note.
    pub note: &'a str,
}

/// Reason why a checkpoint is not cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The request is malformed, or the checkpoint is smaller than the old size.
    Malformed,
    /// No log of that name is watched.
    UnknownLog,
    /// The log did not sign the checkpoint.
    Unsigned,
    /// The last cosigned checkpoint has this size, which is not the old size of the request.
    Conflict(u64),
    /// The checkpoint has this size, which is that of the last cosigned one, and another root: the log signed two trees.
    Fork(u64),
    /// The proof does not show that the log only grew.
    Unproven,
}

impl<'a> Request<'a> {
    /// Reads a request. None where the text is malformed.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let (head, note) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        let old = decimal(lines.next()?.strip_prefix("old ")?)?;
        let proof: Vec<Hash> = lines.map(hash).collect::<Option<_>>()?;
        (proof.len() <= MAX_HASHES).then_some(Self { old, proof, note })
    }

    /// The name of the log.
    #[must_use]
    pub fn origin(&self) -> &'a str {
        self.note.split('\n').next().unwrap_or_default()
    }

    /// The checkpoint that is to be cosigned. `logs` are the keys of the watched logs. `last` is the last cosigned checkpoint of
    /// this log.
    ///
    /// # Errors
    /// The reason why the checkpoint is not to be cosigned.
    pub fn judge(&self, logs: &[Verifier], last: Option<&Checkpoint>) -> Result<Checkpoint, Refusal> {
        let mut keys = logs.iter().filter(|key| key.name == self.origin()).peekable();
        if keys.peek().is_none() {
            return Err(Refusal::UnknownLog);
        }
        let text = keys.find_map(|key| key.open(self.note)).ok_or(Refusal::Unsigned)?;
        let checkpoint = Checkpoint::read(text).filter(|c| c.size >= self.old).ok_or(Refusal::Malformed)?;
        let (known, root) = last.map_or_else(|| (0, Frontier::default().root()), |last| (last.size, last.root));
        if self.old != known {
            return Err(Refusal::Conflict(known));
        }
        if checkpoint.size == known && checkpoint.root != root {
            return Err(Refusal::Fork(known));
        }
        if !has_grown(known, &root, checkpoint.size, &checkpoint.root, &self.proof) {
            return Err(Refusal::Unproven);
        }
        Ok(checkpoint)
    }
}

fn hash(line: &str) -> Option<Hash> {
    STANDARD.decode(line).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cosignature::request;
    use crate::note::Signer;
    use crate::tiles::{Damaged, Tile, Tiles};
    use crate::tree::leaf_hash;
    use std::collections::HashMap;

    /// A log of `size` entries. After the first `common` entries all entries differ from those of another label.
    struct Grown {
        signer: Signer,
        leaves: Vec<Hash>,
        tiles: HashMap<String, Vec<u8>>,
    }

    impl Grown {
        fn new(label: u8, common: u64, size: u64) -> Self {
            let leaves: Vec<Hash> = (0..size)
                .map(|n| leaf_hash(&[&n.to_be_bytes()[..], &[if n < common { 0 } else { label }]].concat()))
                .collect();
            let signer = Signer::new("a.example/log/s1", crate::fresh_key());
            let empty = Tiles::new(0, |_: Tile| Ok::<_, Damaged>(Vec::new()));
            let mut tiles = HashMap::new();
            for upto in 1..=size {
                for (tile, hashes) in empty.grow(&leaves[..upto as usize]).unwrap() {
                    tiles.insert(tile.path(), hashes.concat());
                }
            }
            Self { signer, leaves, tiles }
        }

        fn checkpoint(&self, size: u64) -> Checkpoint {
            let mut edge = Frontier::default();
            self.leaves[..size as usize].iter().for_each(|leaf| edge.push(*leaf));
            Checkpoint { origin: self.signer.name().to_owned(), size, root: edge.root() }
        }

        fn proof(&self, old: u64, size: u64) -> Vec<Hash> {
            Tiles::new(size, |tile: Tile| Ok::<_, Damaged>(self.tiles[&tile.path()].clone())).growth(old).unwrap()
        }

        fn request(&self, old: u64, size: u64, signer: &Signer) -> String {
            request(old, &self.proof(old, size), &signer.sign(&self.checkpoint(size).text()))
        }
    }

    fn judge(text: &str, key: &Verifier, last: Option<&Checkpoint>) -> Result<u64, Refusal> {
        let request = Request::read(text).ok_or(Refusal::Malformed)?;
        request.judge(std::slice::from_ref(key), last).map(|checkpoint| checkpoint.size)
    }

    #[test]
    fn a_log_that_only_grows_is_cosigned_at_every_size_and_a_fork_at_none() {
        let log = Grown::new(1, 0, 24);
        let key = log.signer.verifier();
        for known in 0..=24 {
            let last = (known > 0).then(|| log.checkpoint(known));
            for size in 0..=24 {
                for old in 0..=size {
                    let found = judge(&log.request(old, size, &log.signer), &key, last.as_ref());
                    let expected = if old == known { Ok(size) } else { Err(Refusal::Conflict(known)) };
                    assert_eq!(found, expected, "{known} known, {old} to {size}");
                }
            }
            // The same key signs a log that differs from some entry on.
            for common in 0..known {
                let fork = Grown::new(2, common, 24);
                for size in known..=24 {
                    let found = judge(&fork.request(known, size, &log.signer), &key, last.as_ref());
                    let expected = if size == known { Refusal::Fork(known) } else { Refusal::Unproven };
                    assert_eq!(found, Err(expected), "{common} common, {known} to {size}");
                }
            }
        }
    }

    #[test]
    fn an_unknown_log_another_key_and_a_size_that_shrinks_are_told_apart() {
        let (log, other) = (Grown::new(1, 0, 9), Grown::new(1, 0, 9));
        let key = log.signer.verifier();
        let good = log.request(0, 9, &log.signer);
        assert_eq!(judge(&good, &key, None), Ok(9));
        assert_eq!(judge(&good, &other.signer.verifier(), None), Err(Refusal::Unsigned));
        let elsewhere = Signer::new("b.example/log/s1", crate::fresh_key());
        assert_eq!(judge(&good, &elsewhere.verifier(), None), Err(Refusal::UnknownLog));
        let note = log.signer.sign(&log.checkpoint(3).text());
        assert_eq!(judge(&request(9, &[], &note), &key, Some(&log.checkpoint(9))), Err(Refusal::Malformed));
        // The same checkpoint may be cosigned again. That proves nothing new.
        let same = log.request(9, 9, &log.signer);
        assert_eq!(judge(&same, &key, Some(&log.checkpoint(9))), Ok(9));
        let padded = request(9, &[[1; 32]], &log.signer.sign(&log.checkpoint(9).text()));
        assert_eq!(judge(&padded, &key, Some(&log.checkpoint(9))), Err(Refusal::Unproven));
    }

    #[test]
    fn what_is_not_of_the_form_is_refused_before_anything_else() {
        let note = "a\n1\nb\n\n— a x\n";
        assert!(Request::read(&request(7, &[[3; 32]; 63], note)).is_some());
        let hash = STANDARD.encode([3; 32]);
        for wrong in [
            String::new(),
            "old 7".to_owned(),
            format!("old 07\n\n{note}"),
            format!("old +7\n\n{note}"),
            format!("old -1\n\n{note}"),
            format!("old 18446744073709551616\n\n{note}"),
            format!("Old 7\n\n{note}"),
            format!("7\n\n{note}"),
            format!("old 7\n{hash}x\n\n{note}"),
            format!("old 7\n{}\n\n{note}", STANDARD.encode([3; 31])),
            request(7, &[[3; 32]; 64], note),
        ] {
            assert_eq!(Request::read(&wrong), None, "{wrong}");
        }
    }
}
