//! Signed notes (C2SP signed-note) with Ed25519, and the checkpoints in them (C2SP tlog-checkpoint).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::tree::Hash;

/// Algorithm byte in the key id and in the verifier key: Ed25519.
const ED25519_KIND: u8 = 1;
/// Most digits of a number in a log.
const DIGITS: usize = 18;

/// Signs notes under one name.
pub struct Signer {
    name: String,
    id: [u8; 4],
    key: SigningKey,
}

impl Signer {
    /// The signer of a log: `key` is the site's signing key, `name` the log's origin.
    #[must_use]
    pub fn new(name: &str, key: SigningKey) -> Self {
        Self { name: name.to_owned(), id: key_id(name, ED25519_KIND, &key.verifying_key()), key }
    }

    /// Name under which the signer signs: the origin of a log.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Signs a text that ends with a line feed. Returns the text with its signature.
    #[must_use]
    pub fn sign(&self, text: &str) -> String {
        let mut bytes = self.id.to_vec();
        bytes.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n— {} {}\n", self.name, STANDARD.encode(bytes))
    }

    /// The key by which others check the signatures.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier { name: self.name.clone(), id: self.id, key: self.key.verifying_key() }
    }
}

/// Verifier key of one signer, which checks the signer's notes. The text form is `name+key id+key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    /// Name of the signer: the log's origin.
    pub name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl Verifier {
    /// Reads a verifier key. None where the text is malformed, or where the key id does not belong to the key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, id, key) = read_key(text, ED25519_KIND)?;
        Some(Self { name, id, key })
    }

    /// The text of a note that this signer signed; none where the signature is missing or wrong. Lines of other signers are
    /// allowed.
    #[must_use]
    pub fn open<'a>(&self, note: &'a str) -> Option<&'a str> {
        let (text, signatures) = split(note)?;
        let mut signed = false;
        for line in signatures.split_terminator('\n') {
            let (name, id, signature) = read_line(line)?;
            if name == self.name && id == self.id {
                self.key.verify_strict(text.as_bytes(), &Signature::from_slice(&signature).ok()?).ok()?;
                signed = true;
            }
        }
        signed.then_some(text)
    }
}

impl std::fmt::Display for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&write_key(&self.name, self.id, ED25519_KIND, &self.key))
    }
}

/// The head of a log at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log.
    pub origin: String,
    /// Number of entries in the tree.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
}

impl Checkpoint {
    /// The three lines that are signed.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Reads a checkpoint signed by its log.
    #[must_use]
    pub fn open(note: &str, key: &Verifier) -> Option<Self> {
        Self::read(key.open(note)?).filter(|found| found.origin == key.name)
    }

    /// Reads a checkpoint from its three lines.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.split_terminator('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let found = Self {
            origin: origin.to_owned(),
            size: decimal(size)?,
            root: <[u8; 32]>::try_from(STANDARD.decode(root).ok()?).ok()?,
        };
        (found.text() == text).then_some(found)
    }
}

/// Splits a note into its text, with the line feed at its end, and the signature lines. The text has no control characters but
/// line feeds.
#[must_use]
pub fn split(note: &str) -> Option<(&str, &str)> {
    let at = note.rfind("\n\n")?;
    let (text, signatures) = (note.get(..=at)?, note.get(at + 2..)?);
    let is_text = !text.bytes().any(|byte| byte < b' ' && byte != b'\n');
    (is_text && signatures.ends_with('\n')).then_some((text, signatures))
}

/// Reads a number as a log writes it: at most 18 digits, without leading zeros.
#[must_use]
pub fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (text.len() <= DIGITS && number.to_string() == text).then_some(number)
}

/// Name, key id and the rest of a signature line.
pub(crate) fn read_line(line: &str) -> Option<(&str, [u8; 4], Vec<u8>)> {
    let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = STANDARD.decode(signature).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>().filter(|_| is_name(name))?;
    Some((name, *id, signature.to_vec()))
}

/// Name, key id and public key of a verifier key of this kind. A key of small order is refused: one signature under such a key
/// fits many texts and proves nothing. A key in another encoding than that of RFC 8032 is refused too.
pub(crate) fn read_key(text: &str, kind: u8) -> Option<(String, [u8; 4], VerifyingKey)> {
    let mut parts = text.splitn(3, '+');
    let (name, id, key) = (parts.next()?, parts.next()?, parts.next()?);
    let key = STANDARD.decode(key).ok()?;
    let (&found, public) = key.split_first()?;
    let key = VerifyingKey::from_bytes(public.try_into().ok()?).ok()?;
    let expected = key_id(name, kind, &key);
    let is_sound = !key.is_weak() && key.to_edwards().compress().as_bytes() == key.as_bytes();
    let fits = found == kind && id == hex::encode(expected) && is_name(name) && is_sound;
    fits.then(|| (name.to_owned(), expected, key))
}

pub(crate) fn write_key(name: &str, id: [u8; 4], kind: u8, key: &VerifyingKey) -> String {
    format!("{name}+{}+{}", hex::encode(id), STANDARD.encode([&[kind][..], key.as_bytes()].concat()))
}

pub(crate) fn key_id(name: &str, kind: u8, key: &VerifyingKey) -> [u8; 4] {
    let digest = Sha256::new().chain_update(name).chain_update([b'\n', kind]).chain_update(key).finalize();
    std::array::from_fn(|n| digest[n])
}

/// Whether a text may be the name of a signer.
#[must_use]
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer() -> Signer {
        Signer::new("shudu.example/log/s1", crate::fresh_key())
    }

    #[test]
    fn a_checkpoint_survives_its_note_and_no_changed_byte_does() {
        let signer = signer();
        let checkpoint = Checkpoint { origin: "shudu.example/log/s1".to_owned(), size: 1_000_000, root: [7; 32] };
        let note = signer.sign(&checkpoint.text());
        let key = Verifier::parse(&signer.verifier().to_string()).unwrap();
        assert_eq!(Checkpoint::open(&note, &key), Some(checkpoint));
        for at in 0..note.len() {
            for bit in 0..8 {
                let mut bytes = note.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let opened = String::from_utf8(bytes).ok().and_then(|n| Checkpoint::open(&n, &key));
                assert_eq!(opened, None, "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn a_size_that_no_log_has_is_no_checkpoint_however_it_is_signed() {
        let signer = signer();
        let key = signer.verifier();
        let of = |size: u64| {
            let text = Checkpoint { origin: key.name.clone(), size, root: [7; 32] }.text();
            Checkpoint::open(&signer.sign(&text), &key)
        };
        assert!(of(999_999_999_999_999_999).is_some());
        for size in [1_000_000_000_000_000_000, 1 << 63, (1 << 63) + 1, u64::MAX] {
            assert_eq!(of(size), None, "{size}");
        }
    }

    #[test]
    fn a_text_with_control_characters_and_a_line_without_a_name_are_no_note() {
        let signer = signer();
        let key = signer.verifier();
        assert_eq!(key.open(&signer.sign("a\n")), Some("a\n"));
        assert_eq!(key.open(&signer.sign("a\u{1b}[2J\n")), None);
        for line in ["—  AAAAAAAA", "— a+b AAAAAAAA", "— a\tb AAAAAAAA", "— a AAA="] {
            assert_eq!(key.open(&format!("{}{line}\n", signer.sign("a\n"))), None, "{line}");
        }
    }

    #[test]
    fn a_key_under_which_a_signature_proves_nothing_is_refused() {
        let named = |public: &[u8; 32]| {
            let (name, key) = ("shudu.example/log/s1", VerifyingKey::from_bytes(public).unwrap());
            Verifier::parse(&write_key(name, key_id(name, ED25519_KIND, &key), ED25519_KIND, &key))
        };
        // y = 1, y = 0, y = -1: points of order one, four and two.
        let (mut one, zero, mut minus_one) = ([0; 32], [0; 32], [0xff; 32]);
        (one[0], minus_one[0], minus_one[31]) = (1, 0xec, 0x7f);
        for public in [one, zero, minus_one] {
            assert!(named(&public).is_none(), "{}", hex::encode(public));
        }
        // y = 3 is a point of full order. 2²⁵⁵ − 16 is the same number modulo the prime, but not its canonical encoding.
        let (mut three, mut again) = ([0; 32], [0xff; 32]);
        (three[0], again[0], again[31]) = (3, 0xf0, 0x7f);
        assert!(named(&three).is_some());
        assert!(named(&again).is_none());
        assert!(named(signer().verifier().key.as_bytes()).is_some());
    }

    #[test]
    fn a_key_under_another_name_or_with_a_changed_byte_is_refused() {
        let text = signer().verifier().to_string();
        assert!(Verifier::parse(&text).is_some());
        assert!(Verifier::parse(&text.replace("/s1", "/s2")).is_none());
        assert!(Verifier::parse(&text[..text.len() - 4]).is_none());
        assert!(Verifier::parse("").is_none());
    }

    #[test]
    fn other_signatures_beside_ours_are_allowed_and_do_not_replace_it() {
        let (ours, witness) = (signer(), Signer::new("witness.example", crate::fresh_key()));
        let (note, other) = (ours.sign("a\n"), witness.sign("a\n"));
        let line = other.split_once("\n\n").unwrap().1;
        let key = ours.verifier();
        assert_eq!(key.open(&format!("{note}{line}")), Some("a\n"));
        assert_eq!(key.open(&other), None);
    }
}
