//! The published cells of a count: totals by option and track always; totals by province only where a cell is large enough not to
//! identify a person.
//!
//! A cell is the number of ballots or option votes of one track in one province, as the public log counts them. Ballots of cells
//! that are too small in their batch are merged under [`MERGED`], so that everything still adds up. Pages, the API and files all
//! show these cells and no others. The digest of a count is taken over these cells, so that anybody can compute it again. While
//! voting runs, nothing is shown by province: two readings in a row could reveal a single ballot.

use std::collections::BTreeMap;

use entity::stored::{RankingRule, Track};
use sha2::{Digest, Sha256};

use super::ranking::deciding;
use crate::ballot_log::counts::Counts;
pub use public_log::bundle::MERGED;
use public_log::bundle::NO_PLACE;

/// Fewest ballots of a province whose shares are compared with others.
pub const COMPARED: i64 = 20;

/// Ballots or option votes, by track.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByTrack {
    /// Number on the anonymous track.
    pub anonymous: i64,
    /// Number on the real-name track.
    pub real_name: i64,
}

impl ByTrack {
    /// Number on both tracks.
    #[must_use]
    pub const fn total(self) -> i64 {
        self.anonymous + self.real_name
    }

    /// Number that decides by a ranking rule.
    #[must_use]
    pub const fn deciding(self, rule: RankingRule) -> i64 {
        deciding(rule, self.total(), self.real_name)
    }

    fn add(&mut self, track: Track, n: i64) {
        match track {
            Track::Anonymous => self.anonymous += n,
            Track::RealName => self.real_name += n,
        }
    }
}

/// The cells without their provinces, as they are shown while voting runs.
#[must_use]
pub fn without_places(counts: &Counts) -> Counts {
    regrouped(counts, |province, _| province != NO_PLACE)
}

fn regrouped(counts: &Counts, is_merged: impl Fn(&str, Track) -> bool) -> Counts {
    let mut cells = Counts::new();
    for ((option, province, track), n) in counts {
        let row = if is_merged(province, *track) { MERGED } else { province };
        *cells.entry((option.clone(), row.to_owned(), *track)).or_default() += n;
    }
    cells
}

/// SHA-256 over published cells in order, one cell a line: option, province, track and number, separated by spaces. The ballots
/// of a cell have an empty option.
#[must_use]
pub fn digest(cells: &Counts) -> String {
    let mut digest = Sha256::new();
    for ((option, province, track), n) in cells {
        digest.update(format!("{option} {province} {track} {n}\n"));
    }
    hex::encode(digest.finalize())
}

/// The sums over all provinces, by option; ballots have an empty option.
#[must_use]
pub fn by_option(cells: &Counts) -> BTreeMap<&str, ByTrack> {
    sums(cells.iter().map(|((o, _, t), n)| (o.as_str(), *t, *n)))
}

/// The ballots of each province row.
#[must_use]
pub fn ballots_by_province(cells: &Counts) -> BTreeMap<&str, ByTrack> {
    let ballots = cells.iter().filter(|((option, ..), _)| option.is_empty());
    sums(ballots.map(|((_, p, t), n)| (p.as_str(), *t, *n)))
}

/// The sums of one province, by option.
#[must_use]
pub fn of_province<'a>(cells: &'a Counts, province: &str) -> BTreeMap<&'a str, ByTrack> {
    let there = cells.iter().filter(|((_, p, _), _)| p == province);
    sums(there.map(|((o, _, t), n)| (o.as_str(), *t, *n)))
}

fn sums<'a>(cells: impl Iterator<Item = (&'a str, Track, i64)>) -> BTreeMap<&'a str, ByTrack> {
    let mut sums: BTreeMap<&str, ByTrack> = BTreeMap::new();
    for (key, track, n) in cells {
        sums.entry(key).or_default().add(track, n);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_places_every_option_and_track_keeps_its_sum() {
        use Track::{Anonymous, RealName};
        let cells = [
            ("", "320000", Anonymous, 10),
            ("", "320000", RealName, 9),
            ("", MERGED, Anonymous, 2),
            ("A", "320000", Anonymous, 4),
            ("A", "320000", RealName, 8),
            ("A", MERGED, Anonymous, 1),
        ];
        let shown: Counts = cells.map(|(o, p, t, n)| ((o.to_owned(), p.to_owned(), t), n)).into();
        let whole = without_places(&shown);
        assert_eq!(by_option(&whole), by_option(&shown));
        assert_eq!(whole.len(), 4);
        assert_eq!(of_province(&shown, "320000")["A"].total(), 12);
        let placeless: Counts = [((String::new(), NO_PLACE.to_owned(), Anonymous), 3)].into();
        assert_eq!(without_places(&placeless), placeless);
    }
}
