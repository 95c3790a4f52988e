//! Receipt numbers: how a voter names the own ballot.
//!
//! A number has 16 bytes: a locator and the first eight bytes of the ballot's leaf hash. The locator is the first eight bytes of the
//! serial, masked under a key of the site. So a number leads to its row by the primary key, without an index and without memory,
//! and shows nothing of the serial. A number belongs to one ballot: row and leaf hash are compared with it.
//!
//! A promise carries the number too: the locator is the first half of its blinder.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use public_log::leaf::Serial;
use public_log::promise::{Blinder, Promised};
use public_log::tree::Hash;

use crate::base::error::Result;
use crate::base::keys::{self, Key};
use crate::base::text;

/// Number of bytes of a serial that a receipt number leads to, and of a leaf hash that a number repeats.
const HALF: usize = 8;

/// Receipt number of a ballot, 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReceiptNumber {
    locator: [u8; HALF],
    leaf: [u8; HALF],
}

impl ReceiptNumber {
    /// The number in hexadecimal, 32 lower-case digits: its form in addresses and in the API.
    #[must_use]
    pub fn plain(&self) -> String {
        hex::encode([self.locator, self.leaf].as_flattened())
    }

    /// The number for people: eight groups of four digits.
    #[must_use]
    pub fn grouped(&self) -> String {
        let groups: Vec<String> = [self.locator, self.leaf].as_flattened().chunks(2).map(hex::encode_upper).collect();
        groups.join(" ")
    }

    /// Whether the number can be that of a ballot with this leaf hash.
    #[must_use]
    pub fn fits(&self, leaf: &[u8]) -> bool {
        leaf.starts_with(&self.leaf)
    }

    fn of_bytes(bytes: &[u8; 2 * HALF]) -> Self {
        Self { locator: std::array::from_fn(|n| bytes[n]), leaf: std::array::from_fn(|n| bytes[HALF + n]) }
    }
}

/// Masks of locators; one key for all campaigns, because a number does not name its campaign.
#[derive(Clone, Debug)]
pub struct Locators(Key);

impl Locators {
    /// The masks of a site, derived from the site's key.
    #[must_use]
    pub fn of(site: &Key) -> Self {
        Self(site.derive("locator/1", ""))
    }

    /// The receipt number of a ballot.
    #[must_use]
    pub fn number(&self, serial: &Serial, leaf: &Hash) -> ReceiptNumber {
        let leaf = std::array::from_fn(|n| leaf[n]);
        let start = std::array::from_fn(|n| serial[n]);
        ReceiptNumber { locator: self.masked(start, &leaf), leaf }
    }

    /// The first eight bytes of the serial to which a number leads.
    #[must_use]
    pub fn serial_start(&self, number: &ReceiptNumber) -> [u8; HALF] {
        self.masked(number.locator, &number.leaf)
    }

    /// The ballot for a promise that is signed together with others. The second half of the blinder is random.
    ///
    /// # Errors
    /// A machine without a source of randomness.
    pub fn promised(&self, serial: &Serial, leaf: &Hash) -> Result<Promised> {
        let noise = keys::random::<HALF>()?;
        Ok(Promised { leaf: *leaf, blinder: blinder(&self.number(serial, leaf), noise) })
    }

    /// The ballot for a promise that is signed alone: always the same, so the promise is always the same text.
    #[must_use]
    pub fn promised_alone(&self, serial: &Serial, leaf: &Hash) -> Promised {
        Promised { leaf: *leaf, blinder: blinder(&self.number(serial, leaf), [0; HALF]) }
    }

    /// Adds the mask, which is its own inverse.
    fn masked(&self, bytes: [u8; HALF], leaf: &[u8; HALF]) -> [u8; HALF] {
        let mask = self.0.mac(&[leaf]);
        std::array::from_fn(|n| bytes[n] ^ mask[n])
    }
}

fn blinder(number: &ReceiptNumber, noise: [u8; HALF]) -> Blinder {
    let both = [number.locator, noise];
    std::array::from_fn(|n| both[n / HALF][n % HALF])
}

/// Text by which somebody asks for a ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Receipt number.
    Number(ReceiptNumber),
    /// Promise, by its number and the whole leaf hash.
    Promise(ReceiptNumber, Hash),
    /// Merkle inclusion proof, by campaign, index and leaf hash.
    Proof {
        /// Slug of the campaign.
        campaign: String,
        /// Index of the entry in the log.
        index: u64,
        /// Leaf hash of the ballot.
        leaf: Hash,
    },
}

/// Greatest length of a pasted receipt, in characters.
const LONGEST: usize = 4000;
/// Length of 32 bytes in base64, and of 16 bytes.
const LENGTH_OF_32: usize = 44;
const LENGTH_OF_16: usize = 24;

/// Parses a receipt as people copy it: the number in groups, in capitals, in full width, with surrounding spaces; the address of its
/// page on any host; or a whole promise or proof, with or without line ends.
#[must_use]
pub fn parse(text: &str) -> Option<Asked> {
    // A field of one line drops line ends, so texts of several lines are read without them.
    let flat: String = text::plain(text).chars().filter(|c| !c.is_whitespace()).take(LONGEST).collect();
    if let Some((_, rest)) = flat.split_once("shudu/promise/2") {
        return parse_promise(rest);
    }
    if let Some((_, rest)) = flat.split_once("shudu/receipt/1") {
        return parse_proof(rest);
    }
    parse_number(&flat)
}

/// Reads a number, or the address of its page.
fn parse_number(flat: &str) -> Option<Asked> {
    let plain = text::ungrouped(flat);
    let path = plain.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let mut bytes = [0; 2 * HALF];
    hex::decode_to_slice(last, &mut bytes).ok()?;
    Some(Asked::Number(ReceiptNumber::of_bytes(&bytes)))
}

/// Reads leaf hash and blinder of a promise. The lines are origin, leaf hash and blinder.
fn parse_promise(rest: &str) -> Option<Asked> {
    let (_, leaf, rest) = split_at_hash(rest)?;
    let blinder: Blinder = STANDARD.decode(rest.get(..LENGTH_OF_16)?).ok()?.try_into().ok()?;
    let number = ReceiptNumber { locator: std::array::from_fn(|n| blinder[n]), leaf: std::array::from_fn(|n| leaf[n]) };
    Some(Asked::Promise(number, leaf))
}

/// Reads campaign, leaf hash and index of a proof. The lines are origin, leaf hash, index and hashes, and then the checkpoint. In a
/// tree of one entry there are no hashes, and the checkpoint repeats the origin.
fn parse_proof(rest: &str) -> Option<Asked> {
    let (origin, leaf, rest) = split_at_hash(rest)?;
    let index = match rest.split_once(origin) {
        Some((before, _)) if !before.contains('=') => before,
        _ => split_at_hash(rest)?.0,
    };
    let campaign = origin.rsplit('/').next()?.to_owned();
    Some(Asked::Proof { campaign, index: index.parse().ok()?, leaf })
}

/// The text before the first hash in base64, the hash, and the text after it. Only a hash contains `=`.
fn split_at_hash(text: &str) -> Option<(&str, Hash, &str)> {
    let end = text.find('=')? + 1;
    let start = end.checked_sub(LENGTH_OF_32)?;
    let hash = STANDARD.decode(text.get(start..end)?).ok()?.try_into().ok()?;
    Some((text.get(..start)?, hash, text.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use public_log::note::{Checkpoint, Signer};
    use public_log::promise::{sign_alone, sign_together};

    fn locators() -> Locators {
        Locators::of(&Key::from_text(&"07".repeat(32)).unwrap())
    }

    const SERIAL: Serial = [200; 32];

    fn leaf() -> Hash {
        std::array::from_fn(|n| u8::try_from(n * 7).unwrap())
    }

    proptest! {
        #[test]
        fn a_number_leads_to_its_serial_and_fits_its_leaf_only(serial: [u8; 32], leaf: [u8; 32], bit in 0usize..64) {
            let number = locators().number(&serial, &leaf);
            prop_assert_eq!(&locators().serial_start(&number)[..], &serial[..8]);
            prop_assert!(number.fits(&leaf));
            let mut other = leaf;
            other[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!number.fits(&other));
            prop_assert_eq!(parse(&number.plain()), Some(Asked::Number(number)));
        }

        #[test]
        fn nonsense_is_refused_without_a_panic(text in ".{0,200}") {
            prop_assert!(parse(&text).is_none());
        }
    }

    #[test]
    fn passes_of_one_block_show_no_common_bytes_in_their_numbers() {
        let one = locators().number(&[5; 32], &leaf());
        let other = locators().number(&[5; 32], &[9; 32]);
        assert_ne!(one.locator, other.locator);
        assert_ne!(one.locator, [5; 8]);
    }

    #[test]
    fn a_number_is_read_in_every_way_of_copying_it() {
        let number = locators().number(&SERIAL, &leaf());
        let plain = number.plain();
        assert_eq!(number.grouped().len(), 8 * 4 + 7);
        let full_width: String = plain.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
        for spelling in [
            plain.clone(),
            plain.to_uppercase(),
            number.grouped(),
            number.grouped().replace(' ', "-"),
            format!("\u{3000}{}\n", number.grouped().replace(' ', "\u{a0}")),
            full_width,
            format!("http://127.0.0.1:8080/receipts/{plain}"),
            format!("https://shudu.example/receipts/{plain}?lang=en"),
            format!("https://shudu.example/receipts/{}/?lang=zh-CN#main", plain.to_uppercase()),
            format!("shudu.example/receipts/{plain}"),
            format!(" /receipts/{plain}\n"),
        ] {
            assert_eq!(parse(&spelling), Some(Asked::Number(number)), "{spelling}");
        }
    }

    fn spellings(text: &str) -> [String; 4] {
        [text.to_owned(), text.replace('\n', ""), text.replace('\n', " "), text.replace('\n', "\r\n")]
    }

    #[test]
    fn a_promise_is_read_with_and_without_its_line_ends() {
        let signer = Signer::new("shudu.example/log/s1", Key::ephemeral().unwrap().ed25519());
        let (locators, by) = (locators(), "2018-04-09T16:00:00Z");
        let number = locators.number(&SERIAL, &leaf());
        let mut promises = sign_together(&signer, by, &[locators.promised(&SERIAL, &leaf()).unwrap()]).unwrap();
        promises.push(sign_alone(&signer, by, &locators.promised_alone(&SERIAL, &leaf())));
        for spelling in promises.iter().flat_map(|text| spellings(text)) {
            assert_eq!(parse(&spelling), Some(Asked::Promise(number, leaf())), "{spelling}");
        }
    }

    #[test]
    fn a_proof_is_read_with_and_without_its_line_ends() {
        let signer = Signer::new("shudu.example/log/2018-s1", Key::ephemeral().unwrap().ed25519());
        let line = STANDARD.encode(leaf());
        for (index, hashes) in [(0, 0), (7, 3), (1_234_567, 21)] {
            let checkpoint = Checkpoint { origin: signer.name().to_owned(), size: index + 1, root: [3; 32] };
            let path = format!("{}\n", STANDARD.encode([255; 32])).repeat(hashes);
            let note = signer.sign(&checkpoint.text());
            let text = format!("shudu/receipt/1\n{}\n{line}\n{index}\n{path}\n{note}", signer.name());
            for spelling in spellings(&text) {
                let expected = Asked::Proof { campaign: "2018-s1".to_owned(), index, leaf: leaf() };
                assert_eq!(parse(&spelling), Some(expected), "{spelling}");
            }
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        let plain = "ab".repeat(16);
        for wrong in [
            "",
            "回执",
            &plain[1..],
            &format!("{plain}a"),
            &"ab".repeat(32),
            &plain.replace('a', "g"),
            "=",
            "abc=",
            "shudu/promise/2",
            "shudu/promise/2 shudu.example/log/s1 abc= abc=",
            "shudu/receipt/1",
            &format!("shudu/receipt/1 shudu.example/log/s1 {} x", STANDARD.encode([1; 32])),
            "https://shudu.example/receipts/",
            "https://shudu.example/receipts?lang=en",
            &format!("https://shudu.example/receipts/{}", &plain[1..]),
            &format!("https://shudu.example/receipts/{plain}/promise"),
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
