//! `shudu verify`: the public check of a campaign's log, with no access to any database. Section 9 of `docs/ballot-log.md`
//! says what is checked; `verify/verify.py` does the same and shares no code with this.

mod census;
mod questionnaire;
mod source;

use std::collections::BTreeSet;

use self::census::Census;
use self::questionnaire::Questionnaire;
pub use self::source::Source;
use crate::ballot::sequencer::staged::{PLACE, unbundle};
use crate::log::note::{Checkpoint, Verifier};
use crate::log::tiles::{Tile, Tiles, WIDTH, numbered, touched};
use crate::log::tree::{Frontier, Hash, leaf_hash};

/// What is wrong, and in which file.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{file}: {what}")]
pub struct Flaw {
    /// Path below the log's folder.
    pub file: String,
    /// What is wrong there.
    pub what: String,
}

/// How a check ends.
pub type Outcome<T> = Result<T, Flaw>;

/// A flaw in a file.
pub fn flaw<T>(file: &str, what: impl Into<String>) -> Outcome<T> {
    Err(Flaw { file: file.to_owned(), what: what.into() })
}

/// What was checked.
#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    /// The key by which the log is signed.
    pub key: String,
    /// Entries.
    pub size: u64,
    /// Root, hexadecimal.
    pub root: String,
    /// Ballots, of them invalidated; none while entries are not public.
    pub ballots: Option<(u64, u64)>,
    /// Whether the signed count was there and is the one counted again.
    pub is_counted: bool,
    /// Codes with their votes and real-name votes, by rank.
    pub ranking: Vec<(String, i64, i64)>,
}

/// Checks a whole log. `pinned` is a key that was got from elsewhere.
///
/// # Errors
/// The first flaw, with its file.
pub fn verify(source: &Source, pinned: Option<&str>) -> Outcome<Report> {
    let key = read_key(source, pinned)?;
    let questionnaire = Questionnaire::read(&source.need("questionnaire")?, &key)?;
    let Some(checkpoint) = read_checkpoint(source, &key)? else {
        only(source, &BTreeSet::from(["key".to_owned(), "questionnaire".to_owned()]), &[])?;
        return Ok(Report {
            key: key.to_string(),
            size: 0,
            root: String::new(),
            ballots: None,
            is_counted: false,
            ranking: Vec::new(),
        });
    };
    let batches = read_batches(source, checkpoint.size)?;
    let tally = source.get("tally")?;
    let first = |kind: &str| format!("{kind}/{}", numbered(0, checkpoint.size.min(WIDTH)));
    let is_public =
        tally.is_some() || source.get(&first("tile/entries"))?.is_some() || source.get(&first("places"))?.is_some();
    let mut census = is_public.then(|| Census::new(&questionnaire));
    let leaves = read_leaves(source, &key, &checkpoint, &batches, census.as_mut())?;
    check_tiles(source, &leaves)?;
    if let Some(census) = &mut census {
        take_back(source, checkpoint.size, census)?;
    }
    if let (Some(census), Some(tally)) = (&census, &tally) {
        census.compare(tally, &key, &checkpoint)?;
    }
    let mut expected: BTreeSet<String> = ["key", "questionnaire", "checkpoint", "batches"].map(str::to_owned).into();
    expected.extend(batches.iter().map(|size| format!("history/{size}")));
    expected.extend(tally.is_some().then(|| "tally".to_owned()));
    expected.extend(all_files(checkpoint.size, is_public));
    only(source, &expected, &batches)?;
    Ok(Report {
        key: key.to_string(),
        size: checkpoint.size,
        root: hex::encode(checkpoint.root),
        ballots: census.as_ref().map(Census::ballots),
        is_counted: tally.is_some(),
        ranking: census.map(|c| c.ranking()).unwrap_or_default(),
    })
}

fn read_key(source: &Source, pinned: Option<&str>) -> Outcome<Verifier> {
    let text = source.text("key")?;
    let key = text.strip_suffix('\n').and_then(Verifier::parse);
    let Some(key) = key.filter(|key| key.name.rsplit_once("/log/").is_some()) else {
        return flaw("key", "is not a verifier key");
    };
    match pinned {
        Some(pinned) if pinned.trim() != key.to_string() => {
            flaw("key", "is not the key that you gave; the log is signed by somebody else")
        }
        _ => Ok(key),
    }
}

fn read_checkpoint(source: &Source, key: &Verifier) -> Outcome<Option<Checkpoint>> {
    if source.get("checkpoint")?.is_none() && source.get("batches")?.is_none() {
        return Ok(None);
    }
    match Checkpoint::open(&source.text("checkpoint")?, key) {
        Some(found) if found.size > 0 || found.root == Frontier::default().root() => Ok(Some(found)),
        _ => flaw("checkpoint", "is not signed by the log's key, or not a checkpoint"),
    }
}

fn read_batches(source: &Source, size: u64) -> Outcome<Vec<u64>> {
    let text = source.text("batches")?;
    let sizes: Vec<u64> = text.lines().filter_map(|line| line.parse().ok()).collect();
    let again: String = sizes.iter().map(|size| format!("{size}\n")).collect();
    let ascends = sizes.is_sorted_by(|a, b| a < b) && sizes.first().is_none_or(|first| *first > 0);
    if again != text || !ascends || sizes.last().copied().unwrap_or(0) != size {
        return flaw("batches", format!("does not ascend to {size}, the size of the checkpoint"));
    }
    Ok(sizes)
}

/// Reads the log once from its first entry to its last; gives the leaf hashes.
fn read_leaves(
    source: &Source,
    key: &Verifier,
    checkpoint: &Checkpoint,
    batches: &[u64],
    mut census: Option<&mut Census<'_>>,
) -> Outcome<Vec<Hash>> {
    let mut leaves = Vec::new();
    let mut edge = Frontier::default();
    let mut ends = batches.iter().copied().peekable();
    for (number, width) in touched(0, checkpoint.size) {
        let names = ["tile/0", "tile/entries", "places"].map(|kind| format!("{kind}/{}", numbered(number, width)));
        let hashes = exact_hashes(&names[0], &source.need(&names[0])?, width)?;
        let bundle = match &census {
            Some(_) => Some(read_bundle(source, &names, width)?),
            None => None,
        };
        for (offset, leaf) in hashes.iter().enumerate() {
            if let (Some(census), Some((entries, places))) = (census.as_deref_mut(), &bundle) {
                if leaf_hash(&entries[offset]) != *leaf {
                    return flaw(&names[1], format!("entry {} is not the one that {} holds", leaves.len(), names[0]));
                }
                census.take(&names[1], &names[2], leaves.len() as u64, leaf, &entries[offset], &places[offset])?;
            }
            edge.push(*leaf);
            leaves.push(*leaf);
            if ends.next_if_eq(&edge.size()).is_some() {
                check_history(source, key, &edge, if census.is_some() { None } else { Some(&names[0]) })?;
                if let Some(census) = census.as_deref_mut() {
                    census.close_batch(&names[2])?;
                }
            }
        }
    }
    if edge.root() == checkpoint.root { Ok(leaves) } else { flaw("checkpoint", "its root is not that of the entries") }
}

/// Takes back what was invalidated: the entries were checked when they were read first.
fn take_back(source: &Source, size: u64, census: &mut Census<'_>) -> Outcome<()> {
    for index in census.invalidated() {
        let (number, width) = (index / WIDTH, (size - index / WIDTH * WIDTH).min(WIDTH));
        let names = ["tile/0", "tile/entries", "places"].map(|kind| format!("{kind}/{}", numbered(number, width)));
        let (entries, places) = read_bundle(source, &names, width)?;
        let at = usize::try_from(index % WIDTH).unwrap_or(0);
        if let (Some(entry), Some(place)) = (entries.get(at), places.get(at)) {
            census.take_back(entry, place);
        }
    }
    Ok(())
}

type Bundle = (Vec<Vec<u8>>, Vec<[u8; PLACE]>);

fn read_bundle(source: &Source, names: &[String; 3], width: u64) -> Outcome<Bundle> {
    let entries = unbundle(&source.need(&names[1])?).unwrap_or_default();
    if entries.len() as u64 != width {
        return flaw(&names[1], format!("does not hold {width} entries"));
    }
    let places = source.need(&names[2])?;
    let (places, rest) = places.as_chunks::<PLACE>();
    if places.len() as u64 != width || !rest.is_empty() {
        return flaw(&names[2], format!("does not hold {width} places"));
    }
    Ok((entries, places.to_vec()))
}

fn exact_hashes(name: &str, bytes: &[u8], width: u64) -> Outcome<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    if hashes.len() as u64 != width || !rest.is_empty() {
        return flaw(name, format!("does not hold {width} hashes"));
    }
    Ok(hashes.to_vec())
}

/// Before entries are public a checkpoint that does not fit speaks against the hashes: `hashes` is the file to name then.
fn check_history(source: &Source, key: &Verifier, edge: &Frontier, hashes: Option<&str>) -> Outcome<()> {
    let name = format!("history/{}", edge.size());
    match Checkpoint::open(&source.text(&name)?, key) {
        Some(found) if found.size == edge.size() && found.root == edge.root() => Ok(()),
        Some(_) => {
            flaw(hashes.unwrap_or(&name), format!("the checkpoint {name} is not the one of the entries up to there"))
        }
        None => flaw(&name, "is not signed by the log's key, or not a checkpoint"),
    }
}

/// Computes every tile again from the leaf hashes.
fn check_tiles(source: &Source, leaves: &[Hash]) -> Outcome<()> {
    let empty = Tiles::new(0, |_: Tile| Ok(Vec::new()));
    let grown = empty.grow(leaves).map_err(|e| Flaw { file: "tile".to_owned(), what: e.to_string() })?;
    for (tile, hashes) in grown {
        if source.need(&tile.path())? != hashes.as_flattened() {
            return flaw(&tile.path(), "is not what follows from the entries");
        }
    }
    Ok(())
}

/// Every tile and bundle that a log of this size has.
fn all_files(size: u64, is_public: bool) -> Vec<String> {
    let mut files = Vec::new();
    for level in 0..8 {
        files.extend((0..).map_while(|number| Tile::of(size, level, number)).map(|tile| tile.path()));
    }
    if is_public {
        let bundles = touched(0, size).map(|(number, width)| numbered(number, width));
        files.extend(bundles.flat_map(|n| [format!("tile/entries/{n}"), format!("places/{n}")]));
    }
    files
}

/// Refuses any other file of a directory; a partial one of an earlier size has to be the beginning of today's.
fn only(source: &Source, expected: &BTreeSet<String>, batches: &[u64]) -> Outcome<()> {
    let left_behind: BTreeSet<String> = batches.iter().flat_map(|size| partial_files(*size)).collect();
    for name in source.names()? {
        if expected.contains(&name) || name.rsplit('/').next() == Some("index.html") {
            continue;
        }
        let Some((stem, width)) = name.split_once(".p/").filter(|_| left_behind.contains(&name)) else {
            return flaw(&name, "is not a file of this log");
        };
        let today = expected.iter().find(|file| file.split(".p/").next() == Some(stem));
        let (old, new) = (source.need(&name)?, source.need(today.map_or("", String::as_str))?);
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
