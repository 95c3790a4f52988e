//! Queries on the state of the ballot box, on receipts and on turnout.

use chrono::{DateTime, Utc};
use entity::ballots::{ballot, ballot_paper, log_head};
use entity::campaign;
use entity::stored::{Display, Track};
use public_log::leaf::Serial;
use public_log::tree::Hash;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::Ballots;
use super::receipts::{Asked, ReceiptNumber};
use crate::ballot_log::receipts::Proof;
use crate::ballot_log::running::{cast, running};
use crate::base::error::Result;
use crate::base::store::Store;
use crate::campaign::phase::Phase;
use crate::pass::paper::FORMAT_OF_WHOLE_RECEIPTS;

/// Whether a version that identified receipts by their beginning published any campaign of the store.
///
/// # Errors
/// A store that fails.
pub async fn has_receipts_by_beginning(store: &Store) -> Result<bool> {
    let earlier = ballot_paper::Entity::find().filter(ballot_paper::COLUMN.format.lt(FORMAT_OF_WHOLE_RECEIPTS));
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

/// A ballot that was looked up.
pub struct FoundBallot {
    /// Receipt number of the ballot.
    pub number: ReceiptNumber,
    /// Leaf hash of the ballot.
    pub leaf: Hash,
    /// Slug of the campaign.
    pub campaign: String,
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

/// Looks up a ballot; none where no box holds it. Where a whole leaf hash was given, all of its bytes are compared.
///
/// # Errors
/// A store or disk that fails.
pub async fn receipt(ballots: &Ballots, asked: &Asked) -> Result<Option<FoundBallot>> {
    let Some((row, serial, leaf)) = stored(ballots, asked).await? else {
        return Ok(None);
    };
    let number = ballots.locators.number(&serial, &leaf);
    let include_before = ballots.passes.papers.get(&row.campaign).await?.include_before();
    let promised = ballots.locators.promised_alone(&serial, &leaf);
    let promise = ballots.sequencer.promise(&row.campaign, &promised, include_before).await?;
    let proof = match row.batch {
        Some(batch) => ballots.sequencer.proof(&row.campaign, batch, &leaf).await?,
        None => None,
    };
    let void_by = match &proof {
        Some(proof) => ballots.sequencer.rule_of(&row.campaign, proof.index).await?,
        None => None,
    };
    Ok(Some(FoundBallot { number, leaf, campaign: row.campaign, include_before, promise, proof, void_by }))
}

/// The stored ballot that is asked for, with its serial and its leaf hash.
async fn stored(ballots: &Ballots, asked: &Asked) -> Result<Option<(ballot::Model, Serial, Hash)>> {
    let (number, whole) = match asked {
        Asked::Number(number) => (*number, None),
        Asked::Promise(number, leaf) => (*number, Some(*leaf)),
        Asked::Proof { campaign, index, leaf } => {
            if !is_published(&ballots.stores.ballots, campaign).await? {
                return Ok(None);
            }
            let Some(serial) = ballots.sequencer.serial_at(campaign, *index, leaf).await? else {
                return Ok(None);
            };
            (ballots.locators.number(&serial, leaf), Some(*leaf))
        }
    };
    let rows = rows_from(&ballots.stores.ballots, ballots.locators.serial_start(&number)).await?;
    let sound = rows.into_iter().filter_map(|row| {
        let (serial, leaf) = (row.serial.as_slice().try_into().ok()?, row.leaf.as_slice().try_into().ok()?);
        Some((row, serial, leaf))
    });
    let is_asked = |leaf: &Hash| number.fits(leaf) && whole.is_none_or(|whole| whole == *leaf);
    Ok(sound.into_iter().find(|(_, _, leaf)| is_asked(leaf)))
}

/// The ballots of all campaigns whose serials begin with these bytes: one ballot, but for a rare chance. The primary key is searched
/// once for each campaign. Campaigns whose ballots may be locked for their rewrite come last, and only where nothing else is found.
async fn rows_from(store: &Store, start: [u8; 8]) -> Result<Vec<ballot::Model>> {
    let campaigns: Vec<String> = ballot_paper::Entity::find()
        .select_only()
        .column(ballot_paper::Column::Campaign)
        .into_tuple()
        .all(store.db())
        .await?;
    let counted: Vec<String> = log_head::Entity::find()
        .filter(log_head::COLUMN.is_disclosed.eq(true))
        .filter(log_head::COLUMN.rewritten.eq(false))
        .select_only()
        .column(log_head::Column::Campaign)
        .into_tuple()
        .all(store.db())
        .await?;
    let (locked, free): (Vec<String>, Vec<String>) = campaigns.into_iter().partition(|slug| counted.contains(slug));
    let bound = |rest: u8| [start.as_slice(), &[rest; 24]].concat();
    for campaigns in [free, locked].into_iter().filter(|campaigns| !campaigns.is_empty()) {
        let rows = ballot::Entity::find()
            .filter(ballot::COLUMN.campaign.is_in(campaigns))
            .filter(ballot::Column::Serial.between(bound(0), bound(u8::MAX)))
            .all(store.db())
            .await?;
        if !rows.is_empty() {
            return Ok(rows);
        }
    }
    Ok(Vec::new())
}

async fn is_published(store: &Store, campaign: &str) -> Result<bool> {
    Ok(ballot_paper::Entity::find_by_id(campaign).one(store.db()).await?.is_some())
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
