//! Queries that read rules and preview their effect.

use chrono::{DateTime, Utc};
use entity::campaign;
use entity::id::{AccountId, CampaignId};
use entity::invalidation::{COLUMN, Column, Entity, Model};
use entity::stored::CampaignMove;
use public_log::invalidation::Criteria;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::State;
use crate::ballot::Ballots;
use crate::ballot_log::counts::Counts;
use crate::ballot_log::criteria::{self, Typed};
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Result};
use crate::campaign::phase::next;
use crate::campaign::{phase::Phase, queries as campaigns};
use crate::tally::queries as tallies;
use crate::tally::queries::{lines, ranking};
use crate::tally::ranking::Ranked;

/// The rules of a campaign by their numbers.
///
/// # Errors
/// A store that fails.
pub async fn rules(db: &impl ConnectionTrait, campaign: CampaignId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(COLUMN.campaign_id.eq(campaign)).order_by_asc(COLUMN.number).all(db).await?)
}

/// One rule of a campaign.
///
/// # Errors
/// `NotFound`.
pub async fn rule(db: &impl ConnectionTrait, campaign: CampaignId, number: i32) -> Result<Model> {
    let rule = Entity::find().filter(COLUMN.campaign_id.eq(campaign)).filter(COLUMN.number.eq(number)).one(db).await?;
    rule.ok_or(Error::NotFound("invalidation"))
}

/// The rule of a campaign that is still to be decided or applied; there is at most one.
///
/// # Errors
/// A store that fails.
pub async fn open(db: &impl ConnectionTrait, campaign: CampaignId) -> Result<Option<Model>> {
    let open = Entity::find()
        .filter(COLUMN.campaign_id.eq(campaign))
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::AppendedAt.is_null())
        .one(db)
        .await?;
    debug_assert!(open.as_ref().is_none_or(|rule| State::of(rule).is_open()));
    Ok(open)
}

/// The effect of a rule on the count and the ranking.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Criteria of the matched ballots.
    pub criteria: Criteria,
    /// Counts that the matched ballots add now; the number of ballots is under the empty option.
    pub counts: Counts,
    /// Number of matched ballots.
    pub ballots: u64,
    /// Number of matched ballots in each block of anonymous passes, largest first.
    pub blocks: Vec<(String, usize)>,
    /// Ranking with the matched ballots.
    pub before: Vec<Ranked>,
    /// Ranking without the matched ballots.
    pub after: Vec<Ranked>,
}

impl Preview {
    /// Options whose votes, rank or selection would change, each before and after.
    pub fn changed(&self) -> impl Iterator<Item = (&Ranked, &Ranked)> {
        self.before.iter().filter_map(|before| {
            let after = self.after.iter().find(|after| after.code == before.code)?;
            let same = (before.votes, before.rank, before.selected) == (after.votes, after.rank, after.selected);
            (!same).then_some((before, after))
        })
    }
}

/// Accounts that signed a rule with the instants of their signatures; at most two.
pub fn signatures(rule: &Model) -> impl Iterator<Item = (AccountId, DateTime<Utc>)> {
    let first = rule.first_approver.zip(rule.first_at);
    first.into_iter().chain(rule.second_approver.zip(rule.second_at))
}

/// Tries criteria on the public log and changes nothing. For staff, between the count and the selection.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `Invalid` as [`crate::ballot_log::criteria::parse`].
pub async fn preview(ballots: &Ballots, ctx: &Ctx, slug: &str, typed: &Typed) -> Result<Preview> {
    ctx.require(Act::ReadCounts)?;
    let db = ballots.stores.main.db();
    let found = campaigns::campaign(db, slug).await?;
    next(Phase::of(&found, ctx.now), entity::stored::CampaignMove::Certification)?;
    let options = campaigns::options(db, found.id).await?;
    let criteria = criteria::parse(typed, |code| options.iter().any(|o| o.code == code))?;
    let met = ballots.sequencer.met(slug, &criteria).await?;
    let counted = lines(db, found.id).await?;
    let counts = met.counts();
    let after = without(&counted, &counts);
    Ok(Preview {
        ballots: met.len() as u64,
        blocks: met.blocks(),
        before: ranking(&found, &options, &counted),
        after: ranking(&found, &options, &after),
        criteria,
        counts,
    })
}

fn without(counted: &Counts, taken: &Counts) -> Counts {
    counted.iter().map(|(cell, n)| (cell.clone(), n - taken.get(cell).copied().unwrap_or(0))).collect()
}

/// The campaign, if it is between its count and the first signature under its selection.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `selection.signed`.
pub async fn undecided(db: &impl ConnectionTrait, ctx: &Ctx, slug: &str) -> Result<campaign::Model> {
    let found = campaigns::campaign(db, slug).await?;
    next(Phase::of(&found, ctx.now), CampaignMove::Certification)?;
    match tallies::selection(db, found.id).await? {
        Some(selection) if selection.first_approver.is_some() => Err(Error::conflict("selection.signed")),
        _ => Ok(found),
    }
}

/// Whether a rule is impossible: the count is not taken yet, or somebody signed the selection.
///
/// # Errors
/// A store that fails.
pub async fn is_decided(db: &impl ConnectionTrait, ctx: &Ctx, campaign: &campaign::Model) -> Result<bool> {
    let signed = tallies::selection(db, campaign.id).await?.is_some_and(|s| s.first_approver.is_some());
    Ok(signed || Phase::of(campaign, ctx.now) != Phase::Tallied)
}
