//! Queries that read tallies, rankings and issues.

mod comparison;
mod results;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::id::{AccountId, CampaignId};
use entity::stored::Track;
use entity::{campaign, campaign_option, issue, selection, tally, tally_line};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

pub use self::comparison::{Comparison, Difference, comparison};
pub use self::results::{Count, Results, results, signed_lines, signed_ranking, turnout};
use super::ranking::{Counted, Otherwise, Ranked, otherwise, rank};
use crate::ballot_log::counts::Counts;
use crate::base::error::{Error, Result};
use crate::campaign::draft::tracks;

/// The stored count of a campaign.
///
/// # Errors
/// A store that fails.
pub async fn tally(db: &impl ConnectionTrait, campaign: CampaignId) -> Result<Option<tally::Model>> {
    Ok(tally::Entity::find_by_id(campaign).one(db).await?)
}

/// The cells of the stored count, as the ballots store counts them.
///
/// # Errors
/// A store that fails.
pub async fn lines(db: &impl ConnectionTrait, campaign: CampaignId) -> Result<Counts> {
    let rows = tally_line::Entity::find().filter(tally_line::COLUMN.campaign_id.eq(campaign)).all(db).await?;
    Ok(rows.into_iter().map(|l| ((l.option, l.province, l.track), l.n)).collect())
}

/// The selection of a campaign, signed or not.
///
/// # Errors
/// A store that fails.
pub async fn selection(db: &impl ConnectionTrait, campaign: CampaignId) -> Result<Option<selection::Model>> {
    Ok(selection::Entity::find_by_id(campaign).one(db).await?)
}

/// Accounts that signed a selection with the instants of their signatures; at most two.
pub fn signatures(selection: &selection::Model) -> impl Iterator<Item = (AccountId, DateTime<Utc>)> {
    let first = selection.first_approver.zip(selection.first_at);
    let second = selection.second_approver.zip(selection.second_at);
    first.into_iter().chain(second)
}

/// Ranks the options by the campaign's rule. The counts are the stored ones, or those of a running `live` campaign.
#[must_use]
pub fn ranking(campaign: &campaign::Model, options: &[campaign_option::Model], counts: &Counts) -> Vec<Ranked> {
    let mut votes: HashMap<&str, (i64, i64)> = HashMap::new();
    for ((option, _, track), n) in counts {
        let entry = votes.entry(option).or_default();
        entry.0 += n;
        entry.1 += if *track == Track::RealName { *n } else { 0 };
    }
    let counted = options.iter().map(|o| {
        let (votes, votes_real_name) = votes.get(o.code.as_str()).copied().unwrap_or_default();
        Counted { code: o.code.clone(), ballot_no: o.ballot_no, votes, votes_real_name }
    });
    rank(campaign.ranking_rule, counted.collect(), usize::try_from(campaign.top_n).unwrap_or(0))
}

/// The selection by the other rule. None where there is only one track, because both rules rank alike, and where nothing is
/// selected.
#[must_use]
pub fn other_selection(campaign: &campaign::Model, ranking: &[Ranked]) -> Option<Otherwise> {
    (tracks(campaign).len() > 1 && campaign.top_n > 0).then(|| otherwise(campaign.ranking_rule, ranking))
}

/// The issues of a campaign by rank.
///
/// # Errors
/// A store that fails.
pub async fn issues(db: &impl ConnectionTrait, campaign: CampaignId) -> Result<Vec<issue::Model>> {
    Ok(issue::Entity::find()
        .filter(issue::COLUMN.campaign_id.eq(campaign))
        .order_by_asc(issue::COLUMN.rank)
        .all(db)
        .await?)
}

/// One issue by its code.
///
/// # Errors
/// `NotFound`, also for an option that was not selected.
pub async fn issue(db: &impl ConnectionTrait, code: &str) -> Result<issue::Model> {
    issue::Entity::find_by_code(code).one(db).await?.ok_or(Error::NotFound("issue"))
}

/// The decided ranking, from the stored selection.
///
/// # Errors
/// A stored ranking that cannot be read.
pub fn decided(selection: &selection::Model) -> Result<Vec<Ranked>> {
    serde_json::from_value(selection.ranking.clone()).map_err(|e| Error::Internal(format!("stored ranking: {e}")))
}
