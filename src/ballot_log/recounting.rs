//! Counts the log again from its own objects, before its count is signed. Every entry is compared with the tiles and the root,
//! every opened place with its commitment, the sums with the log's own count, and every sealed row of the box with its entry.
//!
//! # Why
//! Others rely on the count that the site signs. An attacker who changes rows of the database (a sealed ballot together with both
//! count tables) changes no file that was published before. The count is read from the files alone, and is refused where rows and
//! files differ. So a changed database cannot lead to a false signed count.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};

use entity::ballots::{ballot, log_head};
use entity::stored::Track;
use futures_util::TryStreamExt;
use public_log::bundle::{MERGED, PLACE};
use public_log::invalidation::named;
use public_log::leaf::{Entry, commitment};
use public_log::tiles::{Tile, WIDTH};
use public_log::tree::{Frontier, Hash, leaf_hash};
use sea_orm::{EntityTrait, QueryFilter};

use super::entry_of;
use super::log_files::LogFiles;
use super::reading::{Seen, each};
use super::{Sequencer, head};
use crate::ballot_log::counts::Counts;
use crate::base::error::{Error, Refusal, Result};
use crate::base::files;
use crate::pass::paper::Paper;

/// Result of a recount from the files of a log.
pub struct Recounted {
    /// Ballots that count, by option, opened place and track; an empty option counts ballots.
    pub counts: Counts,
    /// Number of ballots that were invalidated.
    pub invalidated: i64,
    /// Sum of the ballots of every batch, for the comparison with the ballots in the box.
    batches: Vec<Sum>,
    key: RandomState,
}

/// A multiset hash of leaf hashes: their number, and the sum of their keyed hashes. Nobody knows the key. So two sums are equal
/// only where the leaf hashes are equal, except with a chance of one in 2^64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    ballots: u64,
    hashes: u64,
}

impl Sum {
    fn add(&mut self, key: &RandomState, leaf: &Hash) {
        self.ballots += 1;
        self.hashes = self.hashes.wrapping_add(key.hash_one(leaf));
    }
}

/// The refusal of every check here. `what` names a file, a batch, a receipt or a table, and is never prose.
fn differs(campaign: &str, what: impl std::fmt::Display) -> Error {
    tracing::error!(campaign, %what, "the files of the log and the database differ; nothing is signed");
    Error::Conflict(Refusal::new("tally.unequal").with("campaign", campaign).with("what", what))
}

impl Sequencer {
    /// Counts a log again from its files, disclosed or not.
    ///
    /// # Errors
    /// `tally.unequal` with the first file, entry or table that differs; a store or disk that fails.
    pub async fn recount(&self, campaign: &str) -> Result<Recounted> {
        let (head, paper) = (self.head(campaign).await?, self.0.papers.get(campaign).await?);
        let (files, ends) = (self.files(campaign), self.batch_ends(campaign).await?);
        let recounted = files::blocking(move || read(&files, &ends, &head, &paper)).await?;
        if recounted.counts != self.counts(campaign).await? {
            return Err(differs(campaign, "sealed_count"));
        }
        if recounted.invalidated != self.invalidated(campaign).await? {
            return Err(differs(campaign, "sealed_rule"));
        }
        Ok(recounted)
    }

    /// Compares every sealed row of the box with the log. The leaf hash is computed again from the content of the row, and every
    /// batch has to hold the same ballots in the box and in the log.
    ///
    /// # Errors
    /// `tally.unequal` with the receipt or the batch that differs; a store that fails.
    pub async fn compare_rows(&self, campaign: &str, recounted: &Recounted) -> Result<()> {
        let paper = self.0.papers.get(campaign).await?;
        let mut batches = vec![Sum::default(); recounted.batches.len()];
        let mut rows = ballot::Entity::find()
            .filter(ballot::COLUMN.campaign.eq(campaign))
            .filter(ballot::COLUMN.batch.is_not_null())
            .stream(self.0.store.db())
            .await?;
        while let Some(row) = rows.try_next().await? {
            let receipt = hex::encode(&row.leaf);
            let leaf = <Hash>::try_from(row.leaf.as_slice()).map_err(|_| differs(campaign, &receipt))?;
            if leaf_of(&paper, &row).is_none_or(|again| again != leaf) {
                return Err(differs(campaign, receipt));
            }
            let batch = row.batch.and_then(|batch| usize::try_from(batch).ok());
            let sum = batch.and_then(|batch| batches.get_mut(batch)).ok_or_else(|| differs(campaign, &receipt))?;
            sum.add(&recounted.key, &leaf);
        }
        match (0..batches.len()).find(|batch| batches.get(*batch) != recounted.batches.get(*batch)) {
            Some(batch) => Err(differs(campaign, format!("batch {}", batch + 1))),
            None => Ok(()),
        }
    }
}

/// The leaf hash of the content of a row; none where the row's serial is damaged.
fn leaf_of(paper: &Paper, row: &ballot::Model) -> Option<Hash> {
    let (entry, _) = entry_of(paper, row, row.serial.as_slice().try_into().ok()?);
    Some(leaf_hash(&entry))
}

fn read(files: &LogFiles, ends: &[u64], head: &log_head::Model, paper: &Paper) -> Result<Recounted> {
    let campaign = head.campaign.as_str();
    let checkpoint = head::checkpoint(head)?;
    if ends.last().copied().unwrap_or(0) != checkpoint.size {
        return Err(differs(campaign, "log_batch"));
    }
    let mut counter = Counter {
        campaign,
        paper,
        counts: Counts::new(),
        batches: vec![Sum::default(); ends.len()],
        key: RandomState::new(),
        tree: Frontier::default(),
        named: BTreeSet::new(),
    };
    let tiles = files.tiles(checkpoint.size);
    let mut tile: Option<(u64, Vec<Hash>)> = None;
    each(files, ends, |seen| {
        let number = seen.index / WIDTH;
        if tile.as_ref().is_none_or(|(standing, _)| *standing != number) {
            let wanted = Tile::of(checkpoint.size, 0, number).ok_or_else(|| differs(campaign, "tile"))?;
            tile = Some((number, tiles.tile(wanted)?));
        }
        let published = tile.as_ref().and_then(|(_, hashes)| hashes.get(usize::try_from(seen.index % WIDTH).ok()?));
        counter.take(seen, published)
    })?;
    if counter.tree.root() != checkpoint.root || tiles.root()? != checkpoint.root {
        return Err(differs(campaign, "checkpoint"));
    }
    let named = std::mem::take(&mut counter.named);
    if !named.is_empty() {
        each(files, ends, |seen| if named.contains(&seen.index) { counter.count(seen, -1) } else { Ok(()) })?;
    }
    counter.counts.retain(|_, n| *n != 0);
    Ok(Recounted {
        counts: counter.counts,
        invalidated: i64::try_from(named.len()).unwrap_or(i64::MAX),
        batches: counter.batches,
        key: counter.key,
    })
}

struct Counter<'a> {
    campaign: &'a str,
    paper: &'a Paper,
    counts: Counts,
    batches: Vec<Sum>,
    key: RandomState,
    tree: Frontier,
    /// Indices of ballots that later entries invalidate.
    named: BTreeSet<u64>,
}

impl Counter<'_> {
    /// Checks and counts one entry. `published` is the hash that the tiles have for the entry.
    fn take(&mut self, seen: &Seen<'_>, published: Option<&Hash>) -> Result<()> {
        let leaf = leaf_hash(seen.entry);
        if published != Some(&leaf) {
            return Err(self.wrong(seen));
        }
        self.tree.push(leaf);
        if let Some(rule) = named(seen.entry, self.campaign) {
            self.named.extend(rule.ballots);
            return Ok(());
        }
        let batch = usize::try_from(seen.batch).unwrap_or(0).checked_sub(1);
        match batch.and_then(|batch| self.batches.get_mut(batch)) {
            Some(sum) => sum.add(&self.key, &leaf),
            None => return Err(self.wrong(seen)),
        }
        self.count(seen, 1)
    }

    /// Adds a ballot to the counts where `by` is 1, and takes the ballot back where `by` is -1.
    fn count(&mut self, seen: &Seen<'_>, by: i64) -> Result<()> {
        let ballot = Entry::read(seen.entry).ok_or_else(|| self.wrong(seen))?;
        let salt = seen.place.last_chunk::<32>().ok_or_else(|| self.wrong(seen))?;
        let opens = seen.place == &[0; PLACE]
            || seen.province.is_some_and(|province| commitment(salt, province) == *ballot.place);
        let is_ours = ballot.campaign == self.campaign && *ballot.questionnaire == self.paper.questionnaire;
        if !is_ours || !opens {
            return Err(self.wrong(seen));
        }
        let province = seen.province.unwrap_or(MERGED);
        let track: Track = ballot.track.try_into()?;
        for option in std::iter::once("").chain(ballot.choices.iter().copied()) {
            *self.counts.entry((option.to_owned(), province.to_owned(), track)).or_default() += by;
        }
        Ok(())
    }

    fn wrong(&self, seen: &Seen<'_>) -> Error {
        differs(self.campaign, format!("entry {}", seen.index))
    }
}
