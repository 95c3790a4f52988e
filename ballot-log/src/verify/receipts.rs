//! Evidence that a person holds against a checked log: a receipt, a promise, an older checkpoint, the key of a witness.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Checked;
use super::flaw::{Outcome, flaw};
use super::source::Source;
use crate::cosignature::Witness;
use crate::note::{Checkpoint, decimal};
use crate::promise;
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

    /// Looks up a ballot. Returns the index of its entry.
    ///
    /// # Errors
    /// A ballot that the log does not hold; a receipt number that two ballots have.
    pub fn ballot(&self, name: &BallotName) -> Outcome<u64> {
        let fitting = (0..).zip(&self.leaves).filter(|(_, leaf)| name.fits(leaf)).map(|(index, _)| index);
        let mut ballots = fitting.filter(|index| !self.rulings.contains(index));
        match (ballots.next(), ballots.next()) {
            (Some(index), None) => Ok(index),
            (Some(_), Some(_)) => flaw("tile/0", format!("more than one ballot has {name}")),
            (None, _) => flaw("tile/0", format!("no tile holds a ballot with {name}")),
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
        let Some(promise) = promise::open(text, &self.key) else {
            return flaw(file, "is not a promise of this log");
        };
        let leaf = promise.ballot.leaf;
        let index = self.index(&leaf);
        if index.is_none() && self.report.is_counted {
            return flaw(file, format!("was broken: the log was counted, and does not hold {}", STANDARD.encode(leaf)));
        }
        Ok(PromiseOutcome { by: promise.by, index })
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

fn hash(line: &str) -> Option<Hash> {
    STANDARD.decode(line).ok()?.try_into().ok()
}

/// Name of a ballot as a person gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BallotName {
    /// Leaf hash of the ballot.
    LeafHash(Hash),
    /// Receipt number, 16 bytes. The last eight are the first bytes of the leaf hash; the others mean something to the site only.
    ReceiptNumber([u8; 16]),
}

impl BallotName {
    /// Reads a leaf hash (64 hexadecimal digits or base64) or a receipt number (32 hexadecimal digits). Blanks between groups of
    /// digits are allowed. None for another text.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let plain: String = text.split_whitespace().collect();
        let (mut leaf, mut number) = ([0; 32], [0; 16]);
        if hex::decode_to_slice(&plain, &mut number).is_ok() {
            return Some(Self::ReceiptNumber(number));
        }
        match hex::decode_to_slice(&plain, &mut leaf) {
            Ok(()) => Some(Self::LeafHash(leaf)),
            Err(_) => hash(&plain).map(Self::LeafHash),
        }
    }

    fn fits(&self, leaf: &Hash) -> bool {
        match self {
            Self::LeafHash(named) => named == leaf,
            Self::ReceiptNumber(number) => number[8..] == leaf[..8],
        }
    }
}

impl std::fmt::Display for BallotName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::LeafHash(leaf) => write!(f, "the leaf hash {}", STANDARD.encode(leaf)),
            Self::ReceiptNumber(number) => write!(f, "the receipt number {}", hex::encode_upper(number)),
        }
    }
}
