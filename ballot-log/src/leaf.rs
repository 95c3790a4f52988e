//! The leaf: a ballot as canonical bytes, version 1, and its hash (RFC 6962, section 2.1).
//!
//! The parts follow in this order: the words `shudu/ballot/1`, the campaign's slug, SHA-256 of the published questionnaire (32
//! bytes), the track's word, the place commitment (32 bytes), the number of choices in two bytes, the option codes in ascending
//! order, the serial (32 bytes). Each part of variable length has its length in two big-endian bytes before it.
//!
//! The place commitment hides the place until the close. The commitment is SHA-256 of salt and province code. The salt is an HMAC
//! of the serial under the campaign's place key.

use sha2::{Digest, Sha256};

use crate::tree::leaf_hash;
use crate::vote::Track;

/// Serial of a pass: 32 bytes, the primary key of the ballot. So a repeated submission is idempotent.
pub type Serial = [u8; 32];

/// First part of a ballot: its kind and version.
const KIND: &str = "shudu/ballot/1";

/// Content of a ballot that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Leaf<'a> {
    /// Slug of the campaign.
    pub campaign: &'a str,
    /// SHA-256 of the questionnaire.
    pub questionnaire: &'a [u8; 32],
    /// Track of the ballot.
    pub track: Track,
    /// Province code of the ballot, six digits.
    pub province: &'a str,
    /// Option codes of the choices, ascending.
    pub choices: &'a [&'a str],
    /// Serial of the pass.
    pub serial: &'a Serial,
}

impl Leaf<'_> {
    /// The leaf hash: SHA-256 of a zero byte and the canonical bytes. `salt` hides the place until the close.
    #[must_use]
    pub fn hash(&self, salt: &[u8; 32]) -> [u8; 32] {
        leaf_hash(&self.bytes(salt))
    }

    /// The canonical bytes: an entry of the log.
    #[must_use]
    pub fn bytes(&self, salt: &[u8; 32]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        part(&mut bytes, KIND.as_bytes());
        part(&mut bytes, self.campaign.as_bytes());
        bytes.extend_from_slice(self.questionnaire);
        part(&mut bytes, self.track.code().as_bytes());
        bytes.extend_from_slice(&commitment(salt, self.province));
        bytes.extend_from_slice(&length(self.choices.len()));
        for code in self.choices {
            part(&mut bytes, code.as_bytes());
        }
        bytes.extend_from_slice(self.serial);
        bytes
    }
}

/// The place commitment: SHA-256 of salt and province code.
#[must_use]
pub fn commitment(salt: &[u8; 32], province: &str) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(province).finalize().into()
}

/// Content of a ballot, read from the canonical bytes of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Slug of the campaign.
    pub campaign: &'a str,
    /// SHA-256 of the questionnaire.
    pub questionnaire: &'a [u8; 32],
    /// Track of the ballot.
    pub track: Track,
    /// Commitment to the place of the ballot.
    pub place: &'a [u8; 32],
    /// Option codes of the choices, ascending.
    pub choices: Vec<&'a str>,
    /// Serial of the pass.
    pub serial: &'a Serial,
}

impl<'a> Entry<'a> {
    /// Reads an entry. None where the bytes are not those of a ballot: a part is missing, superfluous or in another order.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes;
        if text(&mut rest)? != KIND {
            return None;
        }
        let campaign = text(&mut rest)?;
        let questionnaire = array(&mut rest)?;
        let track = text(&mut rest)?.parse().ok()?;
        let place = array(&mut rest)?;
        let count = number(&mut rest)?;
        let choices: Vec<&str> = (0..count).map(|_| text(&mut rest)).collect::<Option<_>>()?;
        let serial = array(&mut rest)?;
        let ascending = choices.is_sorted_by(|a, b| a < b);
        (rest.is_empty() && ascending).then_some(Self { campaign, questionnaire, track, place, choices, serial })
    }
}

/// The next 32 bytes.
pub(crate) fn array<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8; 32]> {
    let (array, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(array)
}

/// The next two bytes as a number.
pub(crate) fn number(rest: &mut &[u8]) -> Option<usize> {
    let (number, after) = rest.split_first_chunk::<2>()?;
    *rest = after;
    Some(usize::from(u16::from_be_bytes(*number)))
}

/// The next text, with its length before it.
pub(crate) fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let length = number(rest)?;
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    std::str::from_utf8(text).ok()
}

/// Adds a text with its length before it.
pub(crate) fn part(bytes: &mut Vec<u8>, value: &[u8]) {
    bytes.extend_from_slice(&length(value.len()));
    bytes.extend_from_slice(value);
}

fn length(n: usize) -> [u8; 2] {
    u16::try_from(n).unwrap_or(u16::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_ballot_changes_its_leaf() {
        let salt = [9; 32];
        let base = Leaf {
            campaign: "s1",
            questionnaire: &[1; 32],
            track: Track::Anonymous,
            province: "320000",
            choices: &["S1-01", "S1-07"],
            serial: &[2; 32],
        };
        let others = [
            Leaf { campaign: "s2", ..base },
            Leaf { questionnaire: &[3; 32], ..base },
            Leaf { track: Track::RealName, ..base },
            Leaf { province: "330000", ..base },
            Leaf { choices: &["S1-01"], ..base },
            Leaf { serial: &[4; 32], ..base },
        ];
        for other in others {
            assert_ne!(base.hash(&salt), other.hash(&salt), "{other:?}");
        }
        assert_eq!(base.hash(&salt), base.hash(&salt));
    }

    #[test]
    fn an_entry_is_read_as_it_was_written_and_not_otherwise() {
        let salt = [9; 32];
        let leaf = Leaf {
            campaign: "s1",
            questionnaire: &[1; 32],
            track: Track::RealName,
            province: "320000",
            choices: &["S1-01", "S1-07"],
            serial: &[2; 32],
        };
        let bytes = leaf.bytes(&salt);
        let read = Entry::read(&bytes).unwrap();
        assert_eq!((read.campaign, read.track, read.serial), ("s1", Track::RealName, &[2; 32]));
        assert_eq!(read.choices, leaf.choices);
        assert_eq!(*read.place, commitment(&salt, "320000"));
        for end in 0..bytes.len() {
            assert_eq!(Entry::read(&bytes[..end]), None);
        }
        assert_eq!(Entry::read(&[&bytes[..], &[0]].concat()), None);
        for choices in [&["S1-07", "S1-01"], &["S1-01", "S1-01"]] {
            assert_eq!(Entry::read(&Leaf { choices, ..leaf }.bytes(&salt)), None);
        }
    }
}
