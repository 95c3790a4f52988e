//! Criteria of an invalidation as an organiser types them. [`public_log::invalidation`] defines their meaning.

use entity::stored::Track;
use public_log::invalidation::{Criteria, is_block, is_province, list, read_range};
use serde::{Deserialize, Serialize};

use crate::base::error::{Problems, Refusal, Result};

/// Most blocks that a rule names. The limit keeps an entry of a rule within the 65,535 bytes that an entry of the log may have.
const MAX_BLOCKS: usize = 1000;

/// Criteria as they are typed. A query leaves out parts that are empty.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Typed {
    /// Track: `anonymous`, `real_name` or nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub track: String,
    /// Province code: six digits or nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub province: String,
    /// Names of blocks: eight hexadecimal digits each, separated by blanks or commas, or nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub blocks: String,
    /// Range of batches: `1`, `1-3` or nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub batches: String,
    /// Option codes, separated by blanks or commas, or nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub choices: String,
}

/// Reads typed criteria. `known` tells whether the campaign has an option.
///
/// # Errors
/// `Invalid` with all problems at once: `invalidation.track`, `invalidation.province`, `invalidation.range`,
/// `invalidation.blocks`, `invalidation.many_blocks`, `ballot.unknown_option`, and `invalidation.everything` where nothing is
/// given.
pub fn parse(typed: &Typed, known: impl Fn(&str) -> bool) -> Result<Criteria> {
    let mut problems = Problems::default();
    let track = given(&typed.track).map(str::parse::<Track>);
    if matches!(track, Some(Err(_))) {
        problems.add("track", Refusal::new("invalidation.track"));
    }
    let province = given(&typed.province).map(str::to_owned);
    if province.as_ref().is_some_and(|code| !is_province(code)) {
        problems.add("province", Refusal::new("invalidation.province"));
    }
    let blocks = list(&typed.blocks.to_ascii_lowercase());
    if !blocks.iter().all(|name| is_block(name)) {
        problems.add("blocks", Refusal::new("invalidation.blocks"));
    }
    if blocks.len() > MAX_BLOCKS {
        problems.add("blocks", Refusal::new("invalidation.many_blocks").with("most", MAX_BLOCKS));
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
    let track = track.and_then(std::result::Result::ok).map(Into::into);
    let criteria = Criteria { track, province, blocks, batches: batches.flatten(), choices };
    if problems.is_empty() && criteria == Criteria::default() {
        problems.add("criteria", Refusal::new("invalidation.everything"));
    }
    problems.finish()?;
    Ok(criteria)
}

fn given(typed: &str) -> Option<&str> {
    Some(typed.trim()).filter(|typed| !typed.is_empty())
}

#[cfg(test)]
mod tests {
    use public_log::invalidation::{MAX_BALLOTS, Ruling};

    use super::*;
    use crate::base::error::Error;

    fn typed(track: &str, blocks: &str, choices: &str) -> Typed {
        Typed { track: track.into(), blocks: blocks.into(), choices: choices.into(), ..Typed::default() }
    }

    #[test]
    fn what_is_typed_is_read_and_spelled_in_one_way() {
        let read = parse(&typed(" anonymous ", "FFFFFFFF 0000000a", "S1-07，S1-01 S1-07"), |_| true).unwrap();
        assert_eq!(read.spelling(), "track=anonymous blocks=0000000a,ffffffff choices=S1-01,S1-07");
        assert_eq!(Criteria::read(&read.spelling()).unwrap(), read);
        assert!(Criteria::read("batches=7").is_none());
        assert!(Criteria::read("").is_none());
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
        let Error::Invalid(fields) = parse(&wrong, |_| false).unwrap_err() else { panic!() };
        let named: Vec<&str> = fields.iter().map(|f| &*f.field).collect();
        assert_eq!(named, ["track", "province", "blocks", "batches", "choices"]);
        assert!(parse(&Typed::default(), |_| true).is_err());
    }

    #[test]
    fn the_longest_rule_fits_into_entries_of_the_log() {
        let blocks = |n: usize| (0..n).map(|n| format!("{n:08x}")).collect::<Vec<_>>().join(",");
        let refused = parse(&typed("", &blocks(MAX_BLOCKS + 1), ""), |_| true).unwrap_err();
        let Error::Invalid(fields) = refused else { panic!() };
        assert_eq!(fields[0].refusal.code, "invalidation.many_blocks");
        let stored = format!("blocks={}", blocks(MAX_BLOCKS + 1));
        assert_eq!(Criteria::read(&stored).unwrap().spelling(), stored);
        let choices = (0..500).map(|n| format!("{n:020}")).collect::<Vec<_>>().join(",");
        let criteria = parse(&typed("real_name", &blocks(MAX_BLOCKS), &choices), |_| true).unwrap();
        let office = "办".repeat(60);
        let ruling = Ruling { rule: 1, criteria, reason: "脚".repeat(500), offices: [office.clone(), office] };
        let ballots: Vec<u64> = (0..MAX_BALLOTS as u64).collect();
        let entries = ruling.entries("a-slug-of-forty-letters-is-the-longest-one", &ballots);
        assert!(entries.len() == 1 && entries[0].len() <= usize::from(u16::MAX), "{}", entries[0].len());
    }
}
