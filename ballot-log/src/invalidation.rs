//! Invalidation: the ballots that a rule meets, and the entry of the log that names them (section 2 of `docs/ballot-log.md`).
//!
//! Criteria use only facts about a ballot that the log itself shows. So a stranger can apply them and find the same ballots.

use std::fmt::Write;

use crate::leaf::{Entry, number, part, text};
use crate::vote::Track;

/// First part of an invalidation: its kind and version.
const KIND: &str = "shudu/invalidation/1";
/// Most ballots that one entry names.
pub const MAX_BALLOTS: usize = 1000;

/// Criteria of a rule. A ballot meets them when it fulfils every part that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    /// Track of the ballots.
    pub track: Option<Track>,
    /// Province code under which the ballots are counted. Ballots under `merged` are never met.
    pub province: Option<String>,
    /// Names of the blocks of the anonymous ballots' passes, ascending. A block is 4,096 passes issued one after another.
    pub blocks: Vec<String>,
    /// First and last batch in which the ballots are sealed, counted from 1.
    pub batches: Option<(u32, u32)>,
    /// Option codes of the ballots' choices, ascending. The choices have to be exactly these.
    pub choices: Vec<String>,
}

impl Criteria {
    /// The canonical spelling: the given parts as `name=value`, separated by blanks, in the order track, province, blocks,
    /// batches, choices.
    #[must_use]
    pub fn spelling(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.track.map(|track| format!("track={}", track.code())));
        parts.extend(self.province.as_ref().map(|province| format!("province={province}")));
        if !self.blocks.is_empty() {
            parts.push(format!("blocks={}", self.blocks.join(",")));
        }
        parts.extend(self.batches.map(|(first, last)| format!("batches={first}-{last}")));
        if !self.choices.is_empty() {
            parts.push(format!("choices={}", self.choices.join(",")));
        }
        parts.join(" ")
    }

    /// Reads the canonical spelling; none for a text that is not canonical.
    #[must_use]
    pub fn read(spelling: &str) -> Option<Self> {
        let mut criteria = Self::default();
        for part in spelling.split(' ') {
            let (name, value) = part.split_once('=')?;
            match name {
                "track" => criteria.track = Some(value.parse().ok()?),
                "province" => criteria.province = Some(value.to_owned()).filter(|code| is_province(code)),
                "blocks" => criteria.blocks = list(value).into_iter().filter(|name| is_block(name)).collect(),
                "batches" => criteria.batches = Some(read_range(value)?),
                "choices" => criteria.choices = list(value),
                _ => return None,
            }
        }
        (criteria.spelling() == spelling).then_some(criteria)
    }

    /// Whether a ballot of the log meets the criteria. `province` is the one that its place opens; `batch` counts from 1.
    #[must_use]
    pub fn meets(&self, ballot: &Entry<'_>, province: Option<&str>, batch: u32) -> bool {
        self.track.is_none_or(|track| ballot.track == track)
            && self.province.as_deref().is_none_or(|wanted| province == Some(wanted))
            && (self.blocks.is_empty() || block(ballot).is_some_and(|block| self.blocks.binary_search(&block).is_ok()))
            && self.batches.is_none_or(|(first, last)| (first..=last).contains(&batch))
            && (self.choices.is_empty() || ballot.choices == self.choices)
    }
}

/// Name of the block to which an anonymous ballot's pass belongs; none for a real-name ballot.
#[must_use]
pub fn block(ballot: &Entry<'_>) -> Option<String> {
    (ballot.track == Track::Anonymous).then(|| hex::encode(&ballot.serial[..4]))
}

/// Whether a text has the form of a province code: six digits.
#[must_use]
pub fn is_province(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a text has the form of the name of a block: eight hexadecimal digits.
#[must_use]
pub fn is_block(name: &str) -> bool {
    name.len() == 8 && name.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Words separated by blanks or commas, in ascending order, without repetition.
#[must_use]
pub fn list(typed: &str) -> Vec<String> {
    let words = typed.split([' ', ',', '，', '、', '\t']).filter(|word| !word.is_empty());
    let words: std::collections::BTreeSet<String> = words.map(str::to_owned).collect();
    words.into_iter().collect()
}

/// First and last number of a range such as `1-3`, or of a single number; none for a descending range.
#[must_use]
pub fn read_range(typed: &str) -> Option<(u32, u32)> {
    let (first, last) = typed.split_once(['-', '–']).unwrap_or((typed, typed));
    let range = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (range.0 <= range.1).then_some(range)
}

/// Content of an invalidation, without the ballots that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Number of the rule in its campaign, from 1.
    pub rule: i32,
    /// Criteria that the invalidated ballots meet.
    pub criteria: Criteria,
    /// Reason of the rule, in words.
    pub reason: String,
    /// Offices of the two people who signed the rule (dual control).
    pub offices: [String; 2],
}

impl Ruling {
    /// The canonical bytes of the entries that name the given ballots. `ballots` ascends. An entry names at most [`MAX_BALLOTS`].
    #[must_use]
    pub fn entries(&self, campaign: &str, ballots: &[u64]) -> Vec<Vec<u8>> {
        let mut said = self.criteria.spelling();
        // Writing to a string does not fail.
        let _ = write!(said, "\n{}", self.reason);
        ballots
            .chunks(MAX_BALLOTS)
            .map(|chunk| {
                let mut bytes = Vec::with_capacity(256 + 8 * chunk.len());
                for value in [KIND, campaign, &said, &self.offices[0], &self.offices[1]] {
                    part(&mut bytes, value.as_bytes());
                }
                bytes.extend_from_slice(&u16::try_from(chunk.len()).unwrap_or(u16::MAX).to_be_bytes());
                chunk.iter().for_each(|index| bytes.extend_from_slice(&index.to_be_bytes()));
                bytes
            })
            .collect()
    }
}

/// Content of an entry of the log that invalidates ballots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// Criteria with the reason, then the two offices. The three texts are the same in all entries of a rule.
    pub said: [&'a str; 3],
    /// Indices of the invalidated ballots, ascending.
    pub ballots: Vec<u64>,
}

impl Named<'_> {
    /// Criteria of the rule; none where they are not in the canonical spelling.
    #[must_use]
    pub fn criteria(&self) -> Option<Criteria> {
        Criteria::read(self.said[0].split('\n').next()?)
    }
}

/// Reads an invalidation; none where the bytes are not an invalidation of this campaign.
#[must_use]
pub fn named<'a>(entry: &'a [u8], campaign: &str) -> Option<Named<'a>> {
    let mut rest = entry;
    let is_one = text(&mut rest)? == KIND && text(&mut rest)? == campaign;
    let said = [text(&mut rest)?, text(&mut rest)?, text(&mut rest)?];
    let count = number(&mut rest)?;
    let (indices, after) = rest.as_chunks::<8>();
    let ballots: Vec<u64> = indices.iter().map(|bytes| u64::from_be_bytes(*bytes)).collect();
    let fits = is_one && after.is_empty() && ballots.len() == count && (1..=MAX_BALLOTS).contains(&count);
    (fits && ballots.is_sorted_by(|a, b| a < b)).then_some(Named { said, ballots })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_ballot_is_met_by_all_parts_or_not_at_all() {
        let mut serial = [0; 32];
        serial[3] = 8;
        let ballot = Entry {
            campaign: "s1",
            questionnaire: &[0; 32],
            track: Track::Anonymous,
            place: &[0; 32],
            choices: vec!["A", "B"],
            serial: &serial,
        };
        let meets = |spelling: &str| Criteria::read(spelling).unwrap().meets(&ballot, Some("320000"), 3);
        for met in ["track=anonymous", "province=320000 blocks=00000008", "batches=3-9", "choices=A,B"] {
            assert!(meets(met), "{met}");
        }
        for missed in
            ["track=real_name", "province=330000", "blocks=00000009", "batches=1-2", "choices=A", "choices=A,B,C"]
        {
            assert!(!meets(missed), "{missed}");
        }
        let real_name = Entry { track: Track::RealName, ..ballot.clone() };
        assert!(!Criteria::read("blocks=00000008").unwrap().meets(&real_name, None, 3));
        assert!(!Criteria::read("province=320000").unwrap().meets(&ballot, None, 3));
    }

    proptest! {
        #[test]
        fn entries_name_every_ballot_once_and_no_changed_byte_is_an_invalidation_of_the_same_ballots(
            ballots in prop::collection::btree_set(any::<u32>(), 1..2100),
            flip in any::<prop::sample::Index>(),
        ) {
            let ballots: Vec<u64> = ballots.into_iter().map(u64::from).collect();
            let ruling = Ruling {
                rule: 1,
                criteria: Criteria { batches: Some((1, 2)), ..Criteria::default() },
                reason: "脚本刷票".into(),
                offices: ["甲".into(), "乙".into()],
            };
            let entries = ruling.entries("s1", &ballots);
            let read: Vec<u64> = entries.iter().flat_map(|e| named(e, "s1").unwrap().ballots).collect();
            prop_assert_eq!(&read, &ballots);
            prop_assert_eq!(named(&entries[0], "s1").unwrap().criteria(), Some(ruling.criteria));
            prop_assert_eq!(named(&entries[0], "s2"), None);
            let last = entries.last().unwrap();
            prop_assert_eq!(named(&last[..last.len() - 1], "s1"), None);
            let mut changed = last.clone();
            let at = changed.len() - 8 + flip.index(8);
            changed[at] ^= 1;
            prop_assert_ne!(named(&changed, "s1"), named(last, "s1"));
        }
    }
}
