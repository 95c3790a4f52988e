//! Figures of a campaign under way: the shown figures, and the numbers that decide the next step. [`super::steps`] defines the
//! rule.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::ballots::{ballot_count, sealed_count, shown_count};
use entity::stored::Track;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::base::error::Result;

/// Figures of a campaign that are shown until the campaign is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Instant at which a track last took a step, programme time.
    pub at: DateTime<Utc>,
    /// Votes by option and track; an empty option counts ballots. A track that has taken no step is absent.
    pub counts: BTreeMap<(String, Track), i64>,
}

impl Running {
    /// Number of ballots of a track; none where the track has taken no step.
    #[must_use]
    pub fn ballots(&self, track: Track) -> Option<i64> {
        self.counts.get(&(String::new(), track)).copied()
    }
}

/// The shown figures of a campaign until the campaign is counted; none before its first step.
///
/// # Errors
/// A store that fails.
pub async fn running(db: &impl ConnectionTrait, campaign: &str) -> Result<Option<Running>> {
    let rows = shown_count::Entity::find().filter(shown_count::COLUMN.campaign.eq(campaign)).all(db).await?;
    let Some(at) = rows.iter().map(|row| row.shown_at).max() else {
        return Ok(None);
    };
    Ok(Some(Running { at, counts: rows.into_iter().map(|row| ((row.option, row.track), row.n)).collect() }))
}

/// Number of ballots in the box, by track. The cost does not grow with the number of ballots.
///
/// # Errors
/// A store that fails.
pub async fn cast(db: &impl ConnectionTrait, campaign: &str) -> Result<BTreeMap<Track, i64>> {
    let rows: Vec<(Track, i64)> = ballot_count::Entity::find()
        .filter(ballot_count::COLUMN.campaign.eq(campaign))
        .filter(ballot_count::COLUMN.option.eq(""))
        .select_only()
        .column(ballot_count::Column::Track)
        .column_as(Expr::col(ballot_count::Column::N).sum().cast_as("bigint"), "n")
        .group_by(ballot_count::Column::Track)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Votes in the public log by option and track; an empty option counts ballots. For campaigns under way, before any rule of
/// invalidation is applied.
///
/// # Errors
/// A store that fails.
pub async fn sealed(db: &impl ConnectionTrait, campaign: &str) -> Result<BTreeMap<(String, Track), i64>> {
    let rows: Vec<(String, Track, i64)> = sealed_count::Entity::find()
        .filter(sealed_count::COLUMN.campaign.eq(campaign))
        .select_only()
        .columns([sealed_count::Column::Option, sealed_count::Column::Track])
        .column_as(Expr::col(sealed_count::Column::N).sum().cast_as("bigint"), "n")
        .group_by(sealed_count::Column::Option)
        .group_by(sealed_count::Column::Track)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(option, track, n)| ((option, track), n)).collect())
}
