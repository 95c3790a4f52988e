//! `shudu verify`: the public check of a campaign's log, without access to any database. Section 10 of `docs/ballot-log.md` lists
//! the checks. `verify/verify.py` makes the same checks and shares no code with this module.

pub mod fetch;
mod flaw;
mod names;
mod questionnaire;
mod receipts;
mod recount;
mod rules;
mod site;
mod source;

use std::collections::BTreeSet;

use self::flaw::flaw;
pub use self::flaw::{Flaw, Outcome};
use self::questionnaire::Questionnaire;
pub use self::source::Source;
use crate::bundle::{PLACE, unbundle};
use crate::note::{Checkpoint, Verifier};
use crate::tiles::{Damaged, Tile, Tiles, WIDTH, touched};
use crate::tree::{Frontier, Hash, leaf_hash};
pub use crate::verify::receipts::BallotName;
pub use crate::verify::receipts::PromiseOutcome;
use crate::verify::recount::Recount;
use crate::vote::RankingRule;

/// Kinds of files that are read for each entry: the leaf hash, the entry, the place.
const FILES: [&str; 3] = ["tile/0", "tile/entries", "places"];

/// Report on a log that was checked.
#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    /// Verifier key by which the log is signed.
    pub key: String,
    /// Number of entries in the log.
    pub size: u64,
    /// Root of the tree, hexadecimal; empty where the log has no batch yet.
    pub root: String,
    /// Number of ballots, and number of invalidated ones among them; none while entries are not public.
    pub ballots: Option<(u64, u64)>,
    /// Whether the signed count was there and equals the recount.
    pub is_counted: bool,
    /// The ranking rule that the questionnaire names.
    pub rule: RankingRule,
    /// Number of options that are selected by the rule.
    pub selected: u64,
    /// Options by rank: code, votes, real-name votes.
    pub ranking: Vec<(String, i64, i64)>,
}

/// A log that was checked. Receipts, promises and the like are checked against it.
pub struct Checked {
    /// Report on the log.
    pub report: Report,
    /// Verifier key of the log.
    key: Verifier,
    /// Newest checkpoint of the log; none where the log has no batch yet.
    checkpoint: Option<Checkpoint>,
    /// Leaf hashes of all entries.
    leaves: Vec<Hash>,
    /// Indices of the entries that are known to be invalidations.
    rulings: BTreeSet<u64>,
}

/// Checks a whole log. `pinned` is a verifier key from another source than the log.
///
/// # Errors
/// The first flaw, with its file.
pub fn verify(source: &Source, pinned: Option<&str>) -> Outcome<Report> {
    check(source, pinned).map(|checked| checked.report)
}

/// As [`verify`]. Receipts, promises, older checkpoints and witnesses are checked against the result.
///
/// # Errors
/// The first flaw, with its file.
pub fn check(source: &Source, pinned: Option<&str>) -> Outcome<Checked> {
    let key = read_key(source, pinned)?;
    let questionnaire = Questionnaire::read(&source.need("questionnaire")?, &key)?;
    let Some(checkpoint) = read_checkpoint(source, &key)? else {
        names::only(source, &BTreeSet::from(["key".to_owned(), "questionnaire".to_owned()]), &[])?;
        let report = Report {
            key: key.to_string(),
            size: 0,
            root: String::new(),
            ballots: None,
            is_counted: false,
            rule: questionnaire.rule,
            selected: questionnaire.selected,
            ranking: Vec::new(),
        };
        return Ok(Checked { report, key, checkpoint: None, leaves: Vec::new(), rulings: BTreeSet::new() });
    };
    let batches = read_batches(source, checkpoint.size)?;
    let tally = source.get("tally")?;
    let mut is_public = tally.is_some();
    for name in names::signs(checkpoint.size) {
        is_public |= source.get(&name)?.is_some();
    }
    let mut census = is_public.then(|| Recount::new(&questionnaire));
    let leaves = read_leaves(source, &key, &checkpoint, &batches, census.as_mut())?;
    check_tiles(source, &leaves)?;
    if let Some(census) = &mut census {
        apply_rules(source, checkpoint.size, &batches, census)?;
    }
    if let (Some(census), Some(tally)) = (&census, &tally) {
        census.compare(tally, &key, &checkpoint)?;
    }
    let mut expected: BTreeSet<String> = ["key", "questionnaire", "checkpoint", "batches"].map(str::to_owned).into();
    expected.extend(batches.iter().map(|size| format!("history/{size}")));
    expected.extend(tally.is_some().then(|| "tally".to_owned()));
    expected.extend(names::tiles(checkpoint.size));
    expected.extend(names::bundles(checkpoint.size).filter(|_| is_public));
    names::only(source, &expected, &batches)?;
    let report = Report {
        key: key.to_string(),
        size: checkpoint.size,
        root: hex::encode(checkpoint.root),
        ballots: census.as_ref().map(Recount::ballots),
        is_counted: tally.is_some(),
        rule: questionnaire.rule,
        selected: questionnaire.selected,
        ranking: census.as_ref().map(Recount::ranking).unwrap_or_default(),
    };
    let rulings = census.as_ref().map(Recount::rulings).unwrap_or_default();
    Ok(Checked { report, key, checkpoint: Some(checkpoint), leaves, rulings })
}

fn read_key(source: &Source, pinned: Option<&str>) -> Outcome<Verifier> {
    let text = source.text("key")?;
    let key = text.strip_suffix('\n').and_then(Verifier::parse);
    let is_origin = |name: &str| {
        name.rsplit_once("/log/")
            .is_some_and(|(site, slug)| !site.is_empty() && !slug.is_empty() && !slug.contains('/'))
    };
    let Some(key) = key.filter(|key| is_origin(&key.name)) else {
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
    let is_missing = |name: &str| source.get(name).map(|file| file.is_none());
    if is_missing("checkpoint")? && is_missing("batches")? && is_missing("tally")? {
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

/// Reads the log once, from its first entry to its last. Returns the leaf hashes.
fn read_leaves(
    source: &Source,
    key: &Verifier,
    checkpoint: &Checkpoint,
    batches: &[u64],
    mut census: Option<&mut Recount<'_>>,
) -> Outcome<Vec<Hash>> {
    let mut leaves = Vec::new();
    let mut edge = Frontier::default();
    let mut ends = batches.iter().copied().peekable();
    for (number, width) in touched(0, checkpoint.size) {
        let names = FILES.map(|kind| names::bundle(kind, number * WIDTH, checkpoint.size));
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

/// Takes back the invalidated ballots, and checks that they are exactly those that the rules meet. All entries are read a second
/// time for that. Their other checks were made at the first reading.
fn apply_rules(source: &Source, size: u64, batches: &[u64], census: &mut Recount<'_>) -> Outcome<()> {
    if !census.has_rules() {
        return Ok(());
    }
    for (number, width) in touched(0, size) {
        let names = FILES.map(|kind| names::bundle(kind, number * WIDTH, size));
        let (entries, places) = read_bundle(source, &names, width)?;
        for (index, (entry, place)) in (number * WIDTH..).zip(entries.iter().zip(&places)) {
            let before = batches.partition_point(|end| *end <= index);
            census.judge(size, index, u32::try_from(before + 1).unwrap_or(u32::MAX), entry, place)?;
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

/// Checks the checkpoint of an earlier size. Before entries are public, a checkpoint that does not fit means that the hashes are
/// wrong. The flaw then names the file `hashes`.
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
    let empty = Tiles::new(0, |_: Tile| Ok::<_, Damaged>(Vec::new()));
    let grown = empty.grow(leaves).map_err(|e| Flaw { file: "tile".to_owned(), what: e.to_string() })?;
    for (tile, hashes) in grown {
        if source.need(&tile.path())? != hashes.as_flattened() {
            return flaw(&tile.path(), "is not what follows from the entries");
        }
    }
    Ok(())
}
