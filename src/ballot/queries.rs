//! Queries on the state of the ballot box, on receipts and on turnout.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::ballots::{ballot_paper, log_head};
use entity::campaign;
use entity::stored::{Display, Track};
use sea_orm::{EntityTrait, QueryFilter, QuerySelect};

use super::Ballots;
use crate::ballot_log::receipts::Proof;
use crate::ballot_log::running::{cast, running};
use crate::base::error::Result;
use crate::base::store::Store;
use crate::campaign::phase::Phase;
use crate::pass::paper::FORMAT;

/// Whether an earlier version published any campaign of the store.
///
/// # Errors
/// A store that fails.
pub async fn has_earlier_formats(store: &Store) -> Result<bool> {
    let earlier = ballot_paper::Entity::find().filter(ballot_paper::COLUMN.format.lt(FORMAT));
    Ok(earlier.limit(1).one(store.db()).await?.is_some())
}

/// The number of entries in the public log of each campaign.
///
/// # Errors
/// A store that fails.
pub async fn sealed(store: &Store) -> Result<Vec<(String, u64)>> {
    let heads = log_head::Entity::find().all(store.db()).await?;
    Ok(heads.into_iter().map(|head| (head.campaign, head.size.unsigned_abs())).collect())
}

/// A ballot that was looked up by its leaf hash.
pub struct FoundBallot {
    /// Slug of the campaign.
    pub campaign: Arc<str>,
    /// Instant by which the ballot has to be in the log, programme time.
    pub include_before: DateTime<Utc>,
    /// Signed promise that the ballot is in the log by that instant.
    pub promise: String,
    /// Merkle inclusion proof of the ballot, once it is sealed.
    pub proof: Option<Proof>,
    /// Number of the rule that invalidated the ballot; none for a ballot that counts.
    pub void_by: Option<i32>,
}

impl FoundBallot {
    /// Whether the promise is broken: its deadline is past and the ballot is not in the log.
    #[must_use]
    pub fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.proof.is_none() && now > self.include_before
    }
}

/// Looks up a ballot; none where no box holds it.
///
/// # Errors
/// `Busy` while the process has not yet read all ballots after its start; a store or disk that fails.
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

/// Number of ballots in the box: on all tracks, and on the real-name track. The figures serve counting; [`shown_turnout`] gives
/// the figures to show.
///
/// # Errors
/// A store that fails.
pub async fn turnout(store: &Store, campaign: &str) -> Result<(i64, i64)> {
    let cast = cast(store.db(), campaign).await?;
    Ok((cast.values().sum(), cast.get(&Track::RealName).copied().unwrap_or(0)))
}

/// The turnout as far as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turnout {
    /// Number of ballots on all tracks.
    pub ballots: i64,
    /// Number of ballots on the real-name track; none where that track has taken no step yet.
    pub real_name: Option<i64>,
    /// Instant at which a figure last moved, programme time; the close for a counted campaign.
    pub at: DateTime<Utc>,
}

/// The turnout that may be shown at an instant. Until the count that is the turnout of the last step. There is none before the
/// first step, or where the campaign shows nothing. The rule binds everyone.
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
