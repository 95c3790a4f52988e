//! Whether ballots are taken, counts, recounts.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::ballots::{ballot_paper, log_head};
use entity::campaign;
use entity::stored::{Display, Track};
use sea_orm::{EntityTrait, QueryFilter, QuerySelect};

use super::Ballots;
use crate::ballot_log::receipts::Proof;
use crate::ballot_log::running::cast;
use crate::ballot_log::running::running;
use crate::base::error::Result;
use crate::base::store::Store;
use crate::campaign::phase::Phase;
use crate::pass::paper::FORMAT;

/// Whether any campaign of the store was published by an earlier version than this one.
///
/// # Errors
/// A store that fails.
pub async fn has_earlier_formats(store: &Store) -> Result<bool> {
    let earlier = ballot_paper::Entity::find().filter(ballot_paper::COLUMN.format.lt(FORMAT));
    Ok(earlier.limit(1).one(store.db()).await?.is_some())
}

/// How many entries every campaign's public log has.
///
/// # Errors
/// A store that fails.
pub async fn sealed(store: &Store) -> Result<Vec<(String, u64)>> {
    let heads = log_head::Entity::find().all(store.db()).await?;
    Ok(heads.into_iter().map(|head| (head.campaign, head.size.unsigned_abs())).collect())
}

/// A ballot that was looked up by its leaf hash.
pub struct FoundBallot {
    /// Slug.
    pub campaign: Arc<str>,
    /// By when it has to be in the log, by programme time.
    pub include_before: DateTime<Utc>,
    /// The signed promise that it is in the log in time.
    pub promise: String,
    /// Its place in the log, once it is sealed.
    pub proof: Option<Proof>,
    /// The rule that made it void; none for a ballot that counts.
    pub void_by: Option<i32>,
}

impl FoundBallot {
    /// Whether the promise is broken: its time is past, and the ballot is not in the log.
    #[must_use]
    pub fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.proof.is_none() && now > self.include_before
    }
}

/// Looks a ballot up; none where no box has it.
///
/// # Errors
/// `Busy` while the process has not read all ballots since its start; a store or disk that fails.
pub async fn receipt(ballots: &Ballots, leaf: [u8; 32]) -> Result<Option<FoundBallot>> {
    let Some(campaign) = ballots.ballot_box.receipts().campaign_of(&leaf)? else {
        return Ok(None);
    };
    let include_before = ballots.passes.papers.get(&campaign).await?.include_before();
    let promise = ballots.sequencer.promise(&campaign, &leaf, include_before)?;
    let proof = ballots.sequencer.proof(&campaign, &leaf).await?;
    let void_by = match &proof {
        Some(proof) => ballots.sequencer.rule_of(&campaign, proof.index).await?,
        None => None,
    };
    Ok(Some(FoundBallot { campaign, include_before, promise, proof, void_by }))
}

/// Ballots in the box: all, and of these on the real-name track. For counting, not for showing: that is [`shown_turnout`].
///
/// # Errors
/// A store that fails.
pub async fn turnout(store: &Store, campaign: &str) -> Result<(i64, i64)> {
    let cast = cast(store.db(), campaign).await?;
    Ok((cast.values().sum(), cast.get(&Track::RealName).copied().unwrap_or(0)))
}

/// The turnout as it may be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turnout {
    /// Ballots on all tracks.
    pub ballots: i64,
    /// Of these on the real-name track; none where that track has taken no step yet.
    pub real_name: Option<i64>,
    /// When a figure last moved, by the programme's clock; the closing for a campaign that was counted.
    pub at: DateTime<Utc>,
}

/// What may be known of the turnout at an instant: until the count that of the last step, and nothing before the first one or
/// where a campaign shows nothing. It binds everyone.
///
/// # Errors
/// A store that fails.
pub async fn shown_turnout(store: &Store, campaign: &campaign::Model, now: DateTime<Utc>) -> Result<Option<Turnout>> {
    if Phase::of(campaign, now).is_counted() {
        let (ballots, real_name) = turnout(store, &campaign.slug).await?;
        return Ok(Some(Turnout { ballots, real_name: Some(real_name), at: campaign.closes_at }));
    }
    if campaign.display == Display::Closed {
        return Ok(None);
    }
    let shown = running(store.db(), &campaign.slug).await?;
    Ok(shown.map(|shown| {
        let real_name = shown.ballots(Track::RealName);
        let ballots = shown.ballots(Track::Anonymous).unwrap_or(0) + real_name.unwrap_or(0);
        Turnout { ballots, real_name, at: shown.at }
    }))
}
