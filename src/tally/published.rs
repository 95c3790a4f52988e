//! What of a count is published: totals by option and track always; by province only where a cell is large enough not to
//! point at a person.
//!
//! A cell is what one track has in one province. Cells of fewer than [`LEAST`] ballots are counted together under
//! [`MERGED`], so that everything still adds up. Pages, the API and files all show these cells and no others; the digest
//! of a count is taken over them, so that a stranger can take it again. While voting runs nothing is shown by province:
//! from two looks in a row one could read a single ballot.

use std::collections::BTreeMap;

use entity::stored::Track;
use sha2::{Digest, Sha256};

use crate::ballot::paper::NO_PLACE;
use crate::ballot::queries::Counts;

/// The row under which small cells are counted together.
pub const MERGED: &str = "merged";

/// Fewest ballots of a cell that is shown by its province.
pub const LEAST: i64 = 10;

/// Fewest ballots of a province whose shares are compared with others.
pub const COMPARED: i64 = 20;

/// Ballots or option votes, by track.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByTrack {
    /// On the anonymous track.
    pub anonymous: i64,
    /// On the real-name track.
    pub real_name: i64,
}

impl ByTrack {
    /// On both tracks.
    #[must_use]
    pub const fn total(self) -> i64 {
        self.anonymous + self.real_name
    }

    fn add(&mut self, track: Track, n: i64) {
        match track {
            Track::Anonymous => self.anonymous += n,
            Track::RealName => self.real_name += n,
        }
    }
}

/// The cells as they are published.
#[must_use]
pub fn published(counts: &Counts) -> Counts {
    regrouped(counts, |province, track| {
        let ballots = counts.get(&(String::new(), province.to_owned(), track));
        province != NO_PLACE && ballots.copied().unwrap_or(0) < LEAST
    })
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

/// SHA-256 over published cells in order, one a line: option, province, track, number, parted by blanks. The ballots of a
/// cell stand under an empty option.
#[must_use]
pub fn digest(cells: &Counts) -> String {
    let mut digest = Sha256::new();
    for ((option, province, track), n) in cells {
        digest.update(format!("{option} {province} {track} {n}\n"));
    }
    hex::encode(digest.finalize())
}

/// The sums over every province, by option; ballots stand under the empty option.
#[must_use]
pub fn by_option(cells: &Counts) -> BTreeMap<&str, ByTrack> {
    sums(cells.iter().map(|((o, _, t), n)| (o.as_str(), *t, *n)))
}

/// The ballots of every row of provinces.
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
    use proptest::prelude::*;

    fn counts(cells: &[(&str, &str, Track, i64)]) -> Counts {
        cells.iter().map(|(o, p, t, n)| (((*o).to_owned(), (*p).to_owned(), *t), *n)).collect()
    }

    #[test]
    fn small_cells_are_counted_together_and_everything_adds_up() {
        use Track::{Anonymous, RealName};
        let raw = counts(&[
            ("", "320000", Anonymous, 10),
            ("", "320000", RealName, 9),
            ("", "540000", Anonymous, 2),
            ("A", "320000", Anonymous, 4),
            ("A", "320000", RealName, 8),
            ("A", "540000", Anonymous, 1),
        ]);
        let shown = published(&raw);
        assert_eq!(
            shown,
            counts(&[
                ("", "320000", Anonymous, 10),
                ("", MERGED, Anonymous, 2),
                ("", MERGED, RealName, 9),
                ("A", "320000", Anonymous, 4),
                ("A", MERGED, Anonymous, 1),
                ("A", MERGED, RealName, 8),
            ])
        );
        assert_eq!(by_option(&shown), by_option(&raw));
        assert_eq!(of_province(&shown, "320000")["A"].total(), 4);
    }

    #[test]
    fn a_campaign_without_places_stays_as_it_is() {
        let raw = counts(&[("", NO_PLACE, Track::Anonymous, 3), ("A", NO_PLACE, Track::Anonymous, 2)]);
        assert_eq!(published(&raw), raw);
        assert_eq!(without_places(&raw), raw);
    }

    proptest! {
        #[test]
        fn no_published_cell_is_small_and_no_vote_is_lost(ballots in proptest::collection::vec((0i64..30, 0i64..30), 1..8)) {
            let mut raw = Counts::new();
            for ((anonymous, real_name), n) in ballots.iter().zip(11..) {
                for (track, count) in [(Track::Anonymous, anonymous), (Track::RealName, real_name)] {
                    raw.insert((String::new(), format!("{n}0000"), track), *count);
                    raw.insert(("A".to_owned(), format!("{n}0000"), track), *count / 2);
                }
            }
            let shown = published(&raw);
            prop_assert_eq!(by_option(&shown), by_option(&raw));
            let whole = without_places(&raw);
            prop_assert_eq!(by_option(&whole), by_option(&raw));
            for ((option, province, _), n) in &shown {
                prop_assert!(!option.is_empty() || province == MERGED || *n >= LEAST);
            }
        }
    }
}
