//! Cosignatures of checkpoints (C2SP tlog-cosignature, Ed25519). A witness states that a checkpoint is the largest one of the log
//! that the witness saw, at which time, and that the witness only ever saw the log grow.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use super::note;
use super::tree::Hash;

/// Algorithm byte in the key id and in the verifier key: Ed25519 over a text with a time.
const COSIGNATURE_KIND: u8 = 4;

/// Cosigns checkpoints under one name.
pub struct Cosigner {
    name: String,
    key: SigningKey,
}

impl Cosigner {
    /// The cosigner with this key.
    #[must_use]
    pub fn new(name: &str, key: SigningKey) -> Self {
        Self { name: name.to_owned(), key }
    }

    /// The cosignature line for the text of a checkpoint. `time` is in seconds since 1970.
    #[must_use]
    pub fn line(&self, text: &str, time: u64) -> String {
        let signature = self.key.sign(message(text, time).as_bytes()).to_bytes();
        let bytes = [&self.witness().id[..], &time.to_be_bytes(), &signature].concat();
        format!("— {} {}\n", self.name, STANDARD.encode(bytes))
    }

    /// The key by which others check the cosignatures.
    #[must_use]
    pub fn witness(&self) -> Witness {
        let key = self.key.verifying_key();
        Witness { name: self.name.clone(), id: note::key_id(&self.name, COSIGNATURE_KIND, &key), key }
    }
}

/// Verifier key of one witness, which checks the witness's cosignatures. The text form is `name+key id+key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Name of the witness.
    pub name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl Witness {
    /// Reads a verifier key. None where the text is malformed, or where the key id does not belong to the key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, id, key) = note::read_key(text, COSIGNATURE_KIND)?;
        Some(Self { name, id, key })
    }

    /// Time of this witness's last cosignature of the checkpoint, in seconds since 1970. None where the witness did not cosign,
    /// or where a line with its name and key id is wrong.
    #[must_use]
    pub fn cosigned(&self, checkpoint: &str) -> Option<u64> {
        let (text, lines) = note::split(checkpoint)?;
        let mut latest = None;
        for line in lines.split_terminator('\n') {
            let (name, id, cosignature) = note::read_line(line)?;
            if name == self.name && id == self.id {
                let (time, signature) = cosignature.split_first_chunk::<8>()?;
                let time = u64::from_be_bytes(*time);
                self.key.verify_strict(message(text, time).as_bytes(), &Signature::from_slice(signature).ok()?).ok()?;
                latest = latest.max(Some(time));
            }
        }
        latest
    }

    /// The checkpoint with the cosignature from this witness's answer, in place of any earlier one. Only the witness's own lines
    /// are taken from the answer. None where the witness did not cosign this checkpoint.
    #[must_use]
    pub fn join(&self, checkpoint: &str, answer: &str) -> Option<String> {
        let is_own =
            |line: &&str| note::read_line(line).is_some_and(|(name, id, _)| name == self.name && id == self.id);
        let (text, lines) = note::split(checkpoint)?;
        let others = lines.split_terminator('\n').filter(|line| !is_own(line));
        let kept: String = others.chain(answer.lines().filter(is_own)).map(|line| format!("{line}\n")).collect();
        let joined = format!("{text}\n{kept}");
        self.cosigned(&joined).is_some().then_some(joined)
    }
}

impl std::fmt::Display for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&note::write_key(&self.name, self.id, COSIGNATURE_KIND, &self.key))
    }
}

fn message(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// The body of `add-checkpoint` (C2SP tlog-witness): the size that the witness cosigned last, the consistency proof, and the
/// checkpoint.
#[must_use]
pub fn request(old: u64, proof: &[Hash], note: &str) -> String {
    let hashes: String = proof.iter().map(|hash| format!("{}\n", STANDARD.encode(hash))).collect();
    format!("old {old}\n{hashes}\n{note}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::{Checkpoint, Signer, Verifier};

    fn cosigner() -> Cosigner {
        Cosigner::new("w1.example", crate::fresh_key())
    }

    #[test]
    fn a_key_is_read_as_others_write_theirs_and_is_no_key_of_a_log() {
        // A witness that others run.
        let known = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
        assert_eq!(Witness::parse(known).unwrap().to_string(), known);
        let witness = cosigner().witness();
        assert_eq!(Witness::parse(&witness.to_string()), Some(witness.clone()));
        assert_eq!(Verifier::parse(&witness.to_string()), None);
        assert_eq!(Witness::parse(&witness.to_string().replace("w1", "w2")), None);
    }

    #[test]
    fn a_cosigned_checkpoint_is_still_the_log_s_and_no_changed_bit_of_the_cosignature_passes() {
        let log = Signer::new("shudu.example/log/s1", crate::fresh_key());
        let checkpoint = Checkpoint { origin: log.name().to_owned(), size: 9, root: [7; 32] };
        let (note, cosigner) = (log.sign(&checkpoint.text()), cosigner());
        let witness = cosigner.witness();
        let line = cosigner.line(&checkpoint.text(), 1_700_000_000);
        let cosigned = witness.join(&note, &line).unwrap();
        assert_eq!(witness.cosigned(&cosigned), Some(1_700_000_000));
        assert_eq!(witness.cosigned(&note), None);
        assert_eq!(Checkpoint::open(&cosigned, &log.verifier()), Some(checkpoint));
        for bit in 0..line.len() * 8 {
            let mut bytes = line.clone().into_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let passes =
                String::from_utf8(bytes).is_ok_and(|line| witness.cosigned(&format!("{note}{line}")).is_some());
            assert!(!passes, "bit {bit}");
        }
    }

    #[test]
    fn a_later_answer_takes_the_place_of_the_earlier_and_other_lines_stay_out() {
        let log = Signer::new("shudu.example/log/s1", crate::fresh_key());
        let text = Checkpoint { origin: log.name().to_owned(), size: 9, root: [7; 32] }.text();
        let (note, one, two) = (log.sign(&text), cosigner(), Cosigner::new("w2.example", crate::fresh_key()));
        let both =
            two.witness().join(&one.witness().join(&note, &one.line(&text, 5)).unwrap(), &two.line(&text, 6)).unwrap();
        let answer = format!("{}{}", one.line(&text, 8), two.line(&text, 9));
        let again = one.witness().join(&both, &answer).unwrap();
        assert_eq!((one.witness().cosigned(&again), two.witness().cosigned(&again)), (Some(8), Some(6)));
        assert_eq!(again.lines().count(), both.lines().count());
        let other = log.sign("another\n").replace("another\n", &text);
        assert_eq!(one.witness().join(&note, &other), None);
    }
}
