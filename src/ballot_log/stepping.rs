//! Steps of running figures: snapshots are taken, shown and sealed. [`crate::ballot_log::steps`] defines the rule.
//!
//! A snapshot lists its ballots. So a batch that is sealed while voting runs holds exactly the ballots whose figures are shown. A
//! batch of another instant than the shown figures would reveal the few ballots between the two. Snapshots are
//! objects, named by their track and the number of their ballots. A lost snapshot is taken again.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use entity::ballots::{ballot, log_head, shown_count};
use entity::stored::Track;
use futures_util::TryStreamExt;
use public_log::tree::Hash;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr,
};

use super::Sequencer;
use crate::ballot_log::running::{Running, cast, running, sealed};
use crate::ballot_log::steps::{Due, LEAST, TrackState, due, is_time};
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::base::group_commit::MAX_BATCH;
use crate::base::objects::Objects;

/// Figures of the ballots of a track at an instant.
struct Snapshot {
    /// Votes by option; an empty option counts ballots.
    counts: BTreeMap<String, i64>,
    /// Leaf hashes of those ballots that were not sealed.
    leaves: Vec<Hash>,
}

impl Snapshot {
    fn ballots(&self) -> i64 {
        self.counts.get("").copied().unwrap_or(0)
    }

    /// The snapshot as a file: the counts in one line of JSON, then the leaf hashes.
    fn bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(&self.counts).map_err(|e| Error::Internal(e.to_string()))?;
        bytes.push(b'\n');
        bytes.extend_from_slice(self.leaves.as_flattened());
        Ok(bytes)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (counts, leaves) = bytes.split_at_checked(end)?;
        let (leaves, rest) = leaves.get(1..)?.as_chunks::<32>();
        let counts = serde_json::from_slice(counts).ok()?;
        rest.is_empty().then(|| Self { counts, leaves: leaves.to_vec() })
    }
}

/// Name of the snapshots of a campaign.
fn snapshots(campaign: &str) -> String {
    format!("snapshots/{campaign}")
}

fn snapshot(campaign: &str, track: Track, ballots: i64) -> String {
    format!("{}/{track}-{ballots}", snapshots(campaign))
}

/// The snapshots of a campaign, ascending: track and number of ballots of each.
fn listed(objects: &Objects, campaign: &str) -> Result<Vec<(Track, i64)>> {
    let read = |name: &str| {
        let (track, ballots) = name.split_once('-')?;
        Some((track.parse().ok()?, ballots.parse().ok()?))
    };
    let mut listed: Vec<(Track, i64)> =
        objects.list(&snapshots(campaign))?.iter().filter_map(|one| read(&one.name)).collect();
    listed.sort_unstable();
    Ok(listed)
}

impl Sequencer {
    /// Moves the shown figures of a campaign under way, where the rule allows it. Returns whether they moved.
    ///
    /// # Errors
    /// A store or disk that fails.
    pub async fn step(&self, campaign: &str, now: DateTime<Utc>) -> Result<bool> {
        let _one = self.0.one.lock().await;
        let db = self.0.store.db();
        let standing = running(db, campaign).await?;
        let last = self.not_after(campaign, standing.as_ref(), now).await?;
        let (cast, in_log) = (cast(db, campaign).await?, sealed(db, campaign).await?);
        let listed = self.listed(campaign).await?;
        let mut tracks: BTreeMap<Track, TrackState> = cast
            .into_iter()
            .map(|(track, cast)| {
                let shown = standing.as_ref().and_then(|shown| shown.ballots(track)).unwrap_or(0);
                let known = shown.max(in_log.get(&(String::new(), track)).copied().unwrap_or(0));
                let snapshot = listed.iter().rev().find(|found| found.0 == track && found.1 > shown).map(|s| s.1);
                (track, TrackState { cast, known, snapshot })
            })
            .collect();
        let time = is_time(last, now);
        let mut steps = BTreeMap::new();
        for (track, standing) in &mut tracks {
            if due(*standing, time) != Due::Step {
                continue;
            }
            let Some(ballots) = standing.snapshot.take() else {
                continue;
            };
            match self.snapshot(campaign, *track, ballots).await?.filter(|found| found.ballots() == ballots) {
                Some(snapshot) => {
                    standing.known = ballots;
                    steps.insert(*track, snapshot.counts);
                }
                // A damaged snapshot is removed, so that a new one is taken.
                None => self.remove(snapshot(campaign, *track, ballots)).await?,
            }
        }
        let moved = !steps.is_empty() && self.show(campaign, steps, last, now).await?;
        let wanted: Vec<Track> = tracks.iter().filter(|(_, s)| due(**s, time) == Due::Snapshot).map(|t| *t.0).collect();
        for (track, snapshot) in self.snapshots(campaign, &wanted).await? {
            // The rule is checked again with the number of ballots that were found.
            let known = tracks.get(&track).map_or(0, |track| track.known);
            if snapshot.ballots() - known >= LEAST {
                let (name, bytes) = (self::snapshot(campaign, track, snapshot.ballots()), snapshot.bytes()?);
                let objects = self.0.objects.clone();
                files::blocking(move || objects.put(&name, bytes)).await?;
            }
        }
        Ok(moved)
    }

    /// Removes all snapshots of a campaign: the count replaces them.
    pub(super) async fn clear_snapshots(&self, campaign: &str) -> Result<()> {
        self.remove(snapshots(campaign)).await
    }

    async fn remove(&self, name: String) -> Result<()> {
        let objects = self.0.objects.clone();
        files::blocking(move || objects.remove(&name)).await
    }

    async fn listed(&self, campaign: &str) -> Result<Vec<(Track, i64)>> {
        let (objects, campaign) = (self.0.objects.clone(), campaign.to_owned());
        files::blocking(move || listed(&objects, &campaign)).await
    }

    /// Reads a snapshot; none where there is none, or a damaged one.
    async fn snapshot(&self, campaign: &str, track: Track, ballots: i64) -> Result<Option<Snapshot>> {
        let (objects, name) = (self.0.objects.clone(), snapshot(campaign, track, ballots));
        let bytes = files::blocking(move || objects.get(&name)).await?;
        Ok(bytes.and_then(|bytes| Snapshot::read(&bytes)))
    }

    /// Seals the ballots whose figures are shown, if at least `least` of them wait.
    ///
    /// # Errors
    /// As [`Sequencer::seal`].
    pub async fn seal_shown(&self, campaign: &str, least: usize) -> Result<()> {
        let _one = self.0.one.lock().await;
        self.finish(campaign).await?;
        let db = self.0.store.db();
        let Some(shown) = running(db, campaign).await? else {
            return Ok(());
        };
        let mut ballots = 0;
        let mut leaves: HashSet<Hash> = HashSet::new();
        let in_log = sealed(db, campaign).await?;
        for track in Track::ALL {
            let (Some(n), sealed) = (shown.ballots(*track), in_log.get(&(String::new(), *track))) else {
                continue;
            };
            ballots += n - sealed.copied().unwrap_or(0);
            // A track without its snapshot waits for the next step.
            let snapshot = self.snapshot(campaign, *track, n).await?;
            leaves.extend(snapshot.map(|s| s.leaves).unwrap_or_default());
        }
        if usize::try_from(ballots).unwrap_or(0) < least {
            return Ok(());
        }
        let waiting = self.unsealed(campaign, |leaf, _, _| leaves.contains(leaf)).await?;
        if waiting < least.max(1) {
            return Ok(());
        }
        self.seal_of(campaign, waiting, Some(&leaves)).await
    }

    /// The time of the last step, but never later than now. Where the clock was put back, the wait begins again.
    async fn not_after(
        &self,
        campaign: &str,
        standing: Option<&Running>,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>> {
        let last = standing.map(|standing| standing.at);
        if last.is_some_and(|last| last > now) {
            tracing::warn!(campaign, "the clock was put back: the next step of running figures waits from now on");
            self.0
                .store
                .write(async |tx| {
                    shown_count::Entity::update_many()
                        .col_expr(shown_count::Column::ShownAt, Expr::value(now))
                        .filter(shown_count::COLUMN.campaign.eq(campaign))
                        .filter(shown_count::COLUMN.shown_at.gt(now))
                        .exec(tx)
                        .await?;
                    Ok(())
                })
                .await?;
        }
        Ok(last.map(|last| last.min(now)))
    }

    /// Replaces the shown counts. False where another process took a step meanwhile.
    async fn show(
        &self,
        campaign: &str,
        steps: BTreeMap<Track, BTreeMap<String, i64>>,
        last: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let shown: Vec<(Track, i64)> =
            steps.iter().map(|(track, counts)| (*track, counts.get("").copied().unwrap_or(0))).collect();
        let moved = self
            .0
            .store
            .write(async |tx| {
                // PostgreSQL: the row lock admits one step at a time.
                log_head::Entity::find_by_id(campaign).lock_exclusive().one(tx).await?;
                if running(tx, campaign).await?.map(|standing| standing.at) != last {
                    return Ok(false);
                }
                replace(tx, campaign, steps, now).await?;
                Ok(true)
            })
            .await?;
        let older = |(track, ballots): &(Track, i64)| shown.iter().any(|step| step.0 == *track && *ballots < step.1);
        for (track, ballots) in self.listed(campaign).await?.into_iter().filter(|found| moved && older(found)) {
            self.remove(snapshot(campaign, track, ballots)).await?;
        }
        Ok(moved)
    }

    /// The figures of tracks at this instant. Sealed ballots are counted by the log; waiting ballots are read one by one.
    async fn snapshots(&self, campaign: &str, tracks: &[Track]) -> Result<BTreeMap<Track, Snapshot>> {
        if tracks.is_empty() {
            return Ok(BTreeMap::new());
        }
        let empty = || Snapshot { counts: BTreeMap::new(), leaves: Vec::new() };
        let mut found: BTreeMap<Track, Snapshot> = tracks.iter().map(|track| (*track, empty())).collect();
        for ((option, track), n) in sealed(self.0.store.db(), campaign).await? {
            if let Some(snapshot) = found.get_mut(&track) {
                snapshot.counts.insert(option, n);
            }
        }
        self.unsealed(campaign, |leaf, track, choices| {
            let Some(snapshot) = found.get_mut(&track) else {
                return false;
            };
            snapshot.leaves.push(*leaf);
            for option in std::iter::once("").chain(choices.split(',')) {
                *snapshot.counts.entry(option.to_owned()).or_default() += 1;
            }
            true
        })
        .await?;
        Ok(found)
    }

    /// Passes every waiting ballot to `take`: leaf hash, track, choices. Returns the number of ballots for which `take` is true.
    async fn unsealed(&self, campaign: &str, mut take: impl FnMut(&Hash, Track, &str) -> bool) -> Result<usize> {
        let mut rows = ballot::Entity::find()
            .filter(ballot::COLUMN.campaign.eq(campaign))
            .filter(ballot::COLUMN.batch.is_null())
            .select_only()
            .columns([ballot::Column::Leaf, ballot::Column::Track, ballot::Column::Choices])
            .into_tuple::<(Vec<u8>, Track, String)>()
            .stream(self.0.store.db())
            .await?;
        let mut taken = 0;
        while let Some((leaf, track, choices)) = rows.try_next().await? {
            let leaf = Hash::try_from(leaf).map_err(|_| Error::Internal("a ballot's leaf is damaged".to_owned()))?;
            taken += usize::from(take(&leaf, track, &choices));
        }
        Ok(taken)
    }
}

async fn replace(
    tx: &DatabaseTransaction,
    campaign: &str,
    steps: BTreeMap<Track, BTreeMap<String, i64>>,
    now: DateTime<Utc>,
) -> Result<()> {
    shown_count::Entity::delete_many()
        .filter(shown_count::COLUMN.campaign.eq(campaign))
        .filter(shown_count::Column::Track.is_in(steps.keys().copied()))
        .exec(tx)
        .await?;
    let rows: Vec<shown_count::ActiveModel> = steps
        .into_iter()
        .flat_map(|(track, counts)| counts.into_iter().map(move |(option, n)| (track, option, n)))
        .map(|(track, option, n)| shown_count::ActiveModel {
            campaign: Set(campaign.to_owned()),
            track: Set(track),
            option: Set(option),
            n: Set(n),
            shown_at: Set(now),
        })
        .collect();
    for chunk in rows.chunks(MAX_BATCH) {
        shown_count::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx).await?;
    }
    Ok(())
}
