//! The leaf: a ballot as canonical bytes, version 1, and its hash (RFC 6962, section 2.1).
//!
//! In order, each part of variable length with its length in two big-endian bytes before it: the words `shudu/ballot/1`,
//! the campaign's slug, SHA-256 of the published questionnaire (32 bytes), the track's word, the place commitment
//! (32 bytes), the number of choices in two bytes, the option codes in ascending order, the serial (32 bytes).
//!
//! The commitment hides the place until the close: SHA-256 of salt and province code, the salt an HMAC of the serial
//! under the campaign's place key.

use entity::stored::Track;
use sha2::{Digest, Sha256};

use super::pass::Serial;
use crate::keys::Key;

/// Everything that a ballot says.
#[derive(Clone, Copy, Debug)]
pub struct Leaf<'a> {
    /// Slug.
    pub campaign: &'a str,
    /// SHA-256 of the questionnaire.
    pub questionnaire: &'a [u8; 32],
    /// Track.
    pub track: Track,
    /// Province code, six digits.
    pub province: &'a str,
    /// Option codes, ascending.
    pub choices: &'a [&'a str],
    /// Serial of the pass.
    pub serial: &'a Serial,
}

impl Leaf<'_> {
    /// The leaf hash: SHA-256 of a zero byte and the canonical bytes.
    #[must_use]
    pub fn hash(&self, place_key: &Key) -> [u8; 32] {
        Sha256::new().chain_update([0]).chain_update(self.bytes(place_key)).finalize().into()
    }

    fn bytes(&self, place_key: &Key) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        part(&mut bytes, b"shudu/ballot/1");
        part(&mut bytes, self.campaign.as_bytes());
        bytes.extend_from_slice(self.questionnaire);
        part(&mut bytes, self.track.code().as_bytes());
        bytes.extend_from_slice(&commitment(place_key, self.serial, self.province));
        bytes.extend_from_slice(&length(self.choices.len()));
        for code in self.choices {
            part(&mut bytes, code.as_bytes());
        }
        bytes.extend_from_slice(self.serial);
        bytes
    }
}

/// SHA-256 of salt and province code.
#[must_use]
pub fn commitment(place_key: &Key, serial: &Serial, province: &str) -> [u8; 32] {
    let salt = place_key.mac(&[serial]);
    Sha256::new().chain_update(salt).chain_update(province).finalize().into()
}

fn part(bytes: &mut Vec<u8>, value: &[u8]) {
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
        let key = Key::ephemeral().unwrap();
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
            assert_ne!(base.hash(&key), other.hash(&key), "{other:?}");
        }
        assert_eq!(base.hash(&key), base.hash(&key));
    }
}
