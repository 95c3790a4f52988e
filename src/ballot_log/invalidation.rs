//! Which ballots a rule invalidates, and the entry that says so in the log: section 2 of `docs/ballot-log.md`.
//!
//! Criteria speak only of what the log itself shows of a ballot, so a stranger can apply them and find the same ballots.

use std::fmt::Write;

use entity::stored::Track;

use crate::base::error::{Error, Problems, Refusal, Result};
use crate::log::leaf::Entry;
use crate::log::leaf::number;
use crate::log::leaf::part;
use crate::log::leaf::text;

/// What the first part of an invalidation says.
const KIND: &str = "shudu/invalidation/1";
/// Most ballots that one entry names.
pub const MAX_BALLOTS: usize = 1000;
/// Most blocks that a rule names: its entries have to fit into the log's, of 65,535 bytes.
const MAX_BLOCKS: usize = 1000;

/// Which ballots: those that fulfil every part that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    /// On this track.
    pub track: Option<Track>,
    /// Counted under this province; ballots under `merged` are never met.
    pub province: Option<String>,
    /// Anonymous ballots whose passes are of these blocks of 4,096 issued one after another: their names, ascending.
    pub blocks: Vec<String>,
    /// Sealed in these batches, counted from 1: first and last.
    pub batches: Option<(u32, u32)>,
    /// With exactly these choices, ascending.
    pub choices: Vec<String>,
}

/// Criteria as they are typed.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// `anonymous`, `real_name` or nothing.
    pub track: String,
    /// Six digits or nothing.
    pub province: String,
    /// Names of eight hexadecimal digits, parted by blanks or commas, or nothing.
    pub blocks: String,
    /// `1`, `1-3` or nothing.
    pub batches: String,
    /// Option codes, parted by blanks or commas, or nothing.
    pub choices: String,
}

impl Criteria {
    /// Reads what was typed. `known` tells whether the campaign has an option.
    ///
    /// # Errors
    /// `Invalid`, all that is wrong at once: `invalidation.track`, `invalidation.province`, `invalidation.range`,
    /// `invalidation.blocks`, `invalidation.many_blocks`, `ballot.unknown_option`, `invalidation.everything` where nothing is given.
    pub fn parse(typed: &Typed, known: impl Fn(&str) -> bool) -> Result<Self> {
        Self::with(typed, known, MAX_BLOCKS)
    }

    fn with(typed: &Typed, known: impl Fn(&str) -> bool, most_blocks: usize) -> Result<Self> {
        let mut problems = Problems::default();
        let track = given(&typed.track).map(str::parse::<Track>);
        if matches!(track, Some(Err(_))) {
            problems.add("track", Refusal::new("invalidation.track"));
        }
        let province = given(&typed.province).map(str::to_owned);
        if province.as_ref().is_some_and(|p| p.len() != 6 || !p.bytes().all(|b| b.is_ascii_digit())) {
            problems.add("province", Refusal::new("invalidation.province"));
        }
        let blocks = list(&typed.blocks.to_ascii_lowercase());
        if !blocks.iter().all(|block| block.len() == 8 && block.bytes().all(|b| b.is_ascii_hexdigit())) {
            problems.add("blocks", Refusal::new("invalidation.blocks"));
        }
        if blocks.len() > most_blocks {
            problems.add("blocks", Refusal::new("invalidation.many_blocks").with("most", most_blocks));
        }
        let batches = given(&typed.batches).map(read_range);
        if batches == Some(None) {
            problems.add("batches", Refusal::new("invalidation.range"));
        }
        let choices = list(&typed.choices);
        if let Some(unknown) = choices.iter().find(|code| !known(code)) {
            let shown: String = unknown.chars().take(20).collect();
            problems.add("choices", Refusal::new("ballot.unknown_option").with("option", shown));
        }
        let track = track.and_then(std::result::Result::ok);
        let criteria = Self { track, province, blocks, batches: batches.flatten(), choices };
        if problems.is_empty() && criteria == Self::default() {
            problems.add("criteria", Refusal::new("invalidation.everything"));
        }
        problems.finish()?;
        Ok(criteria)
    }

    /// The canonical spelling: the given parts as `name=value`, parted by blanks, in this order: track, province, blocks,
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

    /// Reads the canonical spelling.
    ///
    /// # Errors
    /// A spelling that is not canonical.
    pub fn read(spelling: &str) -> Result<Self> {
        let mut typed = Typed::default();
        for part in spelling.split(' ') {
            match part.split_once('=') {
                Some(("track", value)) => typed.track = value.to_owned(),
                Some(("province", value)) => typed.province = value.to_owned(),
                Some(("blocks", value)) => typed.blocks = value.to_owned(),
                Some(("batches", value)) => typed.batches = value.to_owned(),
                Some(("choices", value)) => typed.choices = value.to_owned(),
                _ => return Err(Error::Internal(format!("stored criteria: {spelling}"))),
            }
        }
        // Whatever is stored was taken once, also under another limit.
        let criteria = Self::with(&typed, |_| true, usize::MAX)?;
        if criteria.spelling() == spelling {
            Ok(criteria)
        } else {
            Err(Error::Internal(format!("stored criteria: {spelling}")))
        }
    }

    /// Whether a ballot of the log is met: its entry, the province that its place opens, its batch from 1.
    #[must_use]
    pub fn meets(&self, ballot: &Entry<'_>, province: Option<&str>, batch: u32) -> bool {
        self.track.is_none_or(|track| ballot.track == track)
            && self.province.as_deref().is_none_or(|wanted| province == Some(wanted))
            && (self.blocks.is_empty() || block(ballot).is_some_and(|block| self.blocks.binary_search(&block).is_ok()))
            && self.batches.is_none_or(|(first, last)| (first..=last).contains(&batch))
            && (self.choices.is_empty() || ballot.choices == self.choices)
    }
}

/// The name of the block that an anonymous ballot's pass is of.
#[must_use]
pub fn block(ballot: &Entry<'_>) -> Option<String> {
    (ballot.track == Track::Anonymous).then(|| hex::encode(&ballot.serial[..4]))
}

/// Words parted by blanks or commas, ascending, none twice.
fn list(typed: &str) -> Vec<String> {
    let words = typed.split([' ', ',', '，', '、', '\t']).filter(|word| !word.is_empty());
    let words: std::collections::BTreeSet<String> = words.map(str::to_owned).collect();
    words.into_iter().collect()
}

fn given(typed: &str) -> Option<&str> {
    Some(typed.trim()).filter(|typed| !typed.is_empty())
}

fn read_range(typed: &str) -> Option<(u32, u32)> {
    let (first, last) = typed.split_once(['-', '–']).unwrap_or((typed, typed));
    let range = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (range.0 <= range.1).then_some(range)
}

/// What an invalidation says of itself, beside the ballots that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Number among the rules of its campaign, from 1.
    pub rule: i32,
    /// Which ballots.
    pub criteria: Criteria,
    /// Why.
    pub reason: String,
    /// Offices of the two who signed.
    pub offices: [String; 2],
}

impl Ruling {
    /// The canonical bytes of the entries that name the given ballots, ascending, at most [`MAX_BALLOTS`] each.
    #[must_use]
    pub fn entries(&self, campaign: &str, ballots: &[u64]) -> Vec<Vec<u8>> {
        let mut said = self.criteria.spelling();
        // Writing to a text does not fail.
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

/// What an entry of the log says of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// Criteria with the reason, and the two offices: the same in all entries of a rule.
    pub said: [&'a str; 3],
    /// Indices of ballots, ascending.
    pub ballots: Vec<u64>,
}

impl Named<'_> {
    /// Which ballots the rule is about; none where that is not said in the canonical spelling.
    #[must_use]
    pub fn criteria(&self) -> Option<Criteria> {
        Criteria::read(self.said[0].split('\n').next()?).ok()
    }
}

/// Reads an invalidation; none where the bytes are not one of this campaign.
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

    fn typed(track: &str, blocks: &str, choices: &str) -> Typed {
        Typed { track: track.into(), blocks: blocks.into(), choices: choices.into(), ..Typed::default() }
    }

    #[test]
    fn what_is_typed_is_read_and_spelled_in_one_way() {
        let read = Criteria::parse(&typed(" anonymous ", "FFFFFFFF 0000000a", "S1-07，S1-01 S1-07"), |_| true).unwrap();
        assert_eq!(read.spelling(), "track=anonymous blocks=0000000a,ffffffff choices=S1-01,S1-07");
        assert_eq!(Criteria::read(&read.spelling()).unwrap(), read);
        assert!(Criteria::read("batches=7").is_err());
        assert!(Criteria::read("").is_err());
    }

    #[test]
    fn nonsense_and_nothing_are_refused() {
        let wrong = Typed {
            track: "secret".into(),
            province: "32".into(),
            blocks: "9-7".into(),
            batches: "3-1".into(),
            choices: "S9".into(),
        };
        let Error::Invalid(fields) = Criteria::parse(&wrong, |_| false).unwrap_err() else { panic!() };
        let named: Vec<&str> = fields.iter().map(|f| &*f.field).collect();
        assert_eq!(named, ["track", "province", "blocks", "batches", "choices"]);
        assert!(Criteria::parse(&Typed::default(), |_| true).is_err());
    }

    #[test]
    fn the_longest_rule_fits_into_entries_of_the_log() {
        let blocks = |n: usize| (0..n).map(|n| format!("{n:08x}")).collect::<Vec<_>>().join(",");
        let refused = Criteria::parse(&typed("", &blocks(MAX_BLOCKS + 1), ""), |_| true).unwrap_err();
        let Error::Invalid(fields) = refused else { panic!() };
        assert_eq!(fields[0].refusal.code, "invalidation.many_blocks");
        let stored = format!("blocks={}", blocks(MAX_BLOCKS + 1));
        assert_eq!(Criteria::read(&stored).unwrap().spelling(), stored);
        let choices = (0..500).map(|n| format!("{n:020}")).collect::<Vec<_>>().join(",");
        let criteria = Criteria::parse(&typed("real_name", &blocks(MAX_BLOCKS), &choices), |_| true).unwrap();
        let office = "办".repeat(60);
        let ruling = Ruling { rule: 1, criteria, reason: "脚".repeat(500), offices: [office.clone(), office] };
        let ballots: Vec<u64> = (0..MAX_BALLOTS as u64).collect();
        let entries = ruling.entries("a-slug-of-forty-letters-is-the-longest-one", &ballots);
        assert!(entries.len() == 1 && entries[0].len() <= usize::from(u16::MAX), "{}", entries[0].len());
    }

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
