//! Evidence that a person holds against a checked log: a receipt, a promise, an older checkpoint, the key of a witness.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{Datelike, NaiveDateTime, Timelike};

use super::Checked;
use super::flaw::{Outcome, flaw};
use super::source::Source;
use crate::cosignature::Witness;
use crate::note::{Checkpoint, decimal};
use crate::tree::{Frontier, Hash, root_of_proof};

/// A promise and its outcome.
#[derive(Debug, PartialEq, Eq)]
pub struct PromiseOutcome {
    /// Time by which the ballot was promised to be in the log (programme time), as the promise writes it.
    pub by: String,
    /// Index of the ballot's entry; none where the log does not hold the ballot yet.
    pub index: Option<u64>,
}

impl Checked {
    /// Checks a receipt: its proof leads to a checkpoint of this log, and the log holds the leaf hash at the index. Returns the
    /// index.
    ///
    /// # Errors
    /// The first flaw of the receipt.
    pub fn receipt(&self, file: &str, text: &str) -> Outcome<u64> {
        let Some((leaf, index, proof, note)) = read_receipt(text, &self.key.name) else {
            return flaw(file, "is not a receipt of this log");
        };
        let Some(signed) = Checkpoint::open(note, &self.key) else {
            return flaw(file, "its checkpoint is not signed by the log's key");
        };
        if root_of_proof(leaf, index, signed.size, &proof) != Some(signed.root) {
            return flaw(file, "its proof does not lead to its checkpoint");
        }
        self.contains(file, &signed)?;
        let held = usize::try_from(index).ok().and_then(|at| self.leaves.get(at));
        if held != Some(&leaf) {
            return flaw(file, format!("entry {index} of the log is another ballot"));
        }
        if self.rulings.contains(&index) {
            return flaw(file, format!("entry {index} of the log is no ballot"));
        }
        Ok(index)
    }

    /// Looks up a leaf hash. Returns the index of its entry.
    ///
    /// # Errors
    /// A leaf hash that the log does not hold.
    pub fn leaf(&self, leaf: &Hash) -> Outcome<u64> {
        match self.index(leaf) {
            Some(index) => Ok(index),
            None => flaw("tile/0", format!("no tile holds a ballot with the leaf hash {}", STANDARD.encode(leaf))),
        }
    }

    fn index(&self, leaf: &Hash) -> Option<u64> {
        let at = self.leaves.iter().position(|held| held == leaf).map(|at| at as u64);
        at.filter(|index| !self.rulings.contains(index))
    }

    /// Checks a promise: the log's key signed the promise, and the promise is kept or may still be kept.
    ///
    /// # Errors
    /// A promise that is not of this log, or that was broken: the log was counted without the ballot.
    pub fn promise(&self, file: &str, text: &str) -> Outcome<PromiseOutcome> {
        let Some((leaf, by)) = self.key.open(text).and_then(|said| read_promise(said, &self.key.name)) else {
            return flaw(file, "is not a promise of this log");
        };
        let index = self.index(&leaf);
        if index.is_none() && self.report.is_counted {
            return flaw(file, format!("was broken: the log was counted, and does not hold {}", STANDARD.encode(leaf)));
        }
        Ok(PromiseOutcome { by: by.to_owned(), index })
    }

    /// Checks that an older checkpoint is a beginning of this log.
    ///
    /// # Errors
    /// A checkpoint that is not a beginning of this log, or that the log's key did not sign.
    pub fn since(&self, file: &str, text: &str) -> Outcome<Checkpoint> {
        if self.checkpoint.is_none() {
            return flaw("checkpoint", "is missing, the log has no batch yet");
        }
        let Some(older) = Checkpoint::open(text, &self.key) else {
            return flaw(file, "is not a checkpoint that the log's key signed");
        };
        self.contains(file, &older)?;
        Ok(older)
    }

    fn contains(&self, file: &str, older: &Checkpoint) -> Outcome<()> {
        let size = usize::try_from(older.size).unwrap_or(usize::MAX);
        let Some(beginning) = self.leaves.get(..size) else {
            let held = self.leaves.len();
            return flaw(file, format!("leads to size {}, but checkpoint has size {held} only", older.size));
        };
        let mut edge = Frontier::default();
        beginning.iter().for_each(|leaf| edge.push(*leaf));
        if edge.root() == older.root {
            return Ok(());
        }
        flaw(file, format!("has another root than the first {size} entries of this log; the key signed two logs"))
    }

    /// Time of a witness's cosignature of the checkpoint, in seconds since 1970.
    ///
    /// # Errors
    /// A checkpoint that the witness did not cosign.
    pub fn witnessed(&self, source: &Source, witness: &Witness) -> Outcome<u64> {
        let cosigned = self.checkpoint.as_ref().map(|_| source.text("checkpoint")).transpose()?;
        match cosigned.and_then(|note| witness.cosigned(&note)) {
            Some(time) => Ok(time),
            None => flaw("checkpoint", format!("is not cosigned by {}", witness.name)),
        }
    }
}

/// Reads leaf hash, index, proof and checkpoint of a receipt (section 8 of the specification).
fn read_receipt<'a>(text: &'a str, origin: &str) -> Option<(Hash, u64, Vec<Hash>, &'a str)> {
    let (head, note) = text.split_once("\n\n")?;
    let mut lines = head.split('\n');
    let is_one = lines.next()? == "shudu/receipt/1" && lines.next()? == origin;
    let (leaf, index) = (hash(lines.next()?)?, lines.next()?);
    let number = decimal(index)?;
    let proof = lines.map(hash).collect::<Option<Vec<Hash>>>()?;
    is_one.then_some((leaf, number, proof, note))
}

/// Reads leaf hash and time of a promise.
fn read_promise<'a>(said: &'a str, origin: &str) -> Option<(Hash, &'a str)> {
    let mut lines = said.split_terminator('\n');
    let is_one = lines.next()? == "shudu/promise/1" && lines.next()? == origin;
    let (leaf, by) = (hash(lines.next()?)?, lines.next()?);
    const FORM: &str = "%Y-%m-%dT%H:%M:%SZ";
    let time = NaiveDateTime::parse_from_str(by, FORM).ok()?;
    // No site promises a leap second (second 60).
    let is_time = time.format(FORM).to_string() == by && time.year() > 0 && time.nanosecond() < 1_000_000_000;
    (is_one && is_time && lines.next().is_none()).then_some((leaf, by))
}

fn hash(line: &str) -> Option<Hash> {
    STANDARD.decode(line).ok()?.try_into().ok()
}

/// Reads a leaf hash as a person types it: 64 hexadecimal digits, also in groups with blanks between them as receipts show it, or
/// base64.
#[must_use]
pub fn leaf_hash(text: &str) -> Option<Hash> {
    let plain: String = text.split_whitespace().collect();
    let mut leaf = [0; 32];
    match hex::decode_to_slice(&plain, &mut leaf) {
        Ok(()) => Some(leaf),
        Err(_) => hash(&plain),
    }
}
