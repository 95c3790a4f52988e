//! The files of a log of a certain size: their names, their largest sizes, and the partial files that an earlier size left
//! behind.

use std::collections::BTreeSet;

use super::flaw::{Outcome, flaw};
use super::source::Source;
use crate::bundle::{PLACE, unbundle};
use crate::tiles::{Tile, WIDTH, numbered, touched};

/// Every tile of a log of this size, lowest level first.
pub fn tiles(size: u64) -> impl Iterator<Item = String> {
    (0..8).flat_map(move |level| (0..).map_while(move |number| Tile::of(size, level, number))).map(|tile| tile.path())
}

/// Every file of entries and of places of a log of this size.
pub fn bundles(size: u64) -> impl Iterator<Item = String> {
    touched(0, size).flat_map(move |(number, _)| both(number * WIDTH, size))
}

/// The files that hold an entry and its place.
fn both(index: u64, size: u64) -> [String; 2] {
    ["tile/entries", "places"].map(|kind| bundle(kind, index, size))
}

/// The file of this kind that holds an entry.
pub fn bundle(kind: &str, index: u64, size: u64) -> String {
    let number = index / WIDTH;
    format!("{kind}/{}", numbered(number, (size - number * WIDTH).min(WIDTH)))
}

/// Files that show whether entries and places are public. Where one of them exists, all files of entries and places have to
/// exist.
pub fn signs(size: u64) -> BTreeSet<String> {
    size.checked_sub(1).into_iter().flat_map(|last| [0, last]).flat_map(|index| both(index, size)).collect()
}

/// The most bytes that a file of a log has, by section 4 of the specification and by the largest campaign that is possible.
#[must_use]
pub fn largest(name: &str) -> u64 {
    match name.split('/').next().unwrap_or_default() {
        _ if name.starts_with("tile/entries/") => 256 * (2 + 65_535),
        "tile" => 256 * 32,
        "places" => 256 * 38,
        "key" => 4 << 10,
        "checkpoint" | "history" => 64 << 10,
        _ => 64 << 20,
    }
}

/// Refuses every other file of a directory. A partial file of an earlier size has to be the beginning of today's file.
///
/// # Errors
/// The first file that does not belong there.
pub fn only(source: &Source, expected: &BTreeSet<String>, batches: &[u64]) -> Outcome<()> {
    let left_behind: BTreeSet<String> = batches.iter().flat_map(|size| partial_files(*size)).collect();
    for name in source.names()? {
        if expected.contains(&name) || name.rsplit('/').next() == Some("index.html") {
            continue;
        }
        let Some((stem, width)) = name.split_once(".p/").filter(|_| left_behind.contains(&name)) else {
            return flaw(&name, "is not a file of this log");
        };
        let Some(today) = expected.iter().find(|file| file.split(".p/").next() == Some(stem)) else {
            return flaw(&name, "is not a file of this log");
        };
        let (old, new) = (source.need(&name)?, source.need(today)?);
        let width: usize = width.parse().unwrap_or(0);
        let whole = match stem {
            _ if stem.starts_with("tile/entries") => unbundle(&old).is_some_and(|entries| entries.len() == width),
            _ if stem.starts_with("places") => old.len() == width * PLACE,
            _ => old.len() == width * 32,
        };
        if !whole || !new.starts_with(&old) {
            return flaw(&name, "is not the beginning of what stands there today");
        }
    }
    Ok(())
}

/// The partial tiles and bundles that a log of this size has.
fn partial_files(size: u64) -> Vec<String> {
    let edge = |level| Tile::of(size, level, (size >> (8 * level)) / WIDTH);
    let tiles = (0..8).filter_map(edge).map(|tile| tile.path());
    let bundles = edge(0).map(|tile| numbered(tile.number, tile.width));
    tiles.chain(bundles.iter().flat_map(|n| [format!("tile/entries/{n}"), format!("places/{n}")])).collect()
}
