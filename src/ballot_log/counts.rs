//! Counts of ballots: kept by the writer, and recounted from the ballots.

use std::collections::BTreeMap;

use entity::ballots::{ballot, ballot_count};
use entity::stored::Track;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use crate::base::error::Result;
use crate::base::store::Store;

/// Counts by option, province and track; an empty option counts ballots.
pub type Counts = BTreeMap<(String, String, Track), i64>;

/// The counts that the writer keeps.
///
/// # Errors
/// A store that fails.
pub async fn counts(store: &Store, campaign: &str) -> Result<Counts> {
    let rows: Vec<(String, String, Track, i64)> = ballot_count::Entity::find()
        .filter(ballot_count::COLUMN.campaign.eq(campaign))
        .select_only()
        .columns([ballot_count::Column::Option, ballot_count::Column::Province, ballot_count::Column::Track])
        .column_as(sum(), "n")
        .group_by(ballot_count::Column::Option)
        .group_by(ballot_count::Column::Province)
        .group_by(ballot_count::Column::Track)
        .into_tuple()
        .all(store.db())
        .await?;
    Ok(rows.into_iter().map(|(option, province, track, n)| ((option, province, track), n)).collect())
}

/// Sums stay `bigint` on both databases (PostgreSQL would widen to `numeric`).
fn sum() -> sea_orm::sea_query::SimpleExpr {
    Expr::col(ballot_count::Column::N).sum().cast_as("bigint")
}

/// Rows read at a time.
const PAGE: u64 = 20_000;

/// Computes the counts again from the ballots themselves. `seen` receives the number of ballots that were read so far.
///
/// # Errors
/// A store that fails.
pub async fn recount(store: &Store, campaign: &str, mut seen: impl FnMut(u64)) -> Result<Counts> {
    let mut counts = Counts::new();
    let mut after: Option<Vec<u8>> = None;
    let mut total = 0;
    loop {
        let mut page = ballot::Entity::find().filter(ballot::COLUMN.campaign.eq(campaign));
        if let Some(serial) = after {
            page = page.filter(ballot::Column::Serial.gt(serial));
        }
        let rows: Vec<(Vec<u8>, Track, String, String)> = page
            .select_only()
            .columns([ballot::Column::Serial, ballot::Column::Track, ballot::Column::Province, ballot::Column::Choices])
            .order_by_asc(ballot::Column::Serial)
            .limit(PAGE)
            .into_tuple()
            .all(store.db())
            .await?;
        for (_, track, province, choices) in &rows {
            for option in std::iter::once("").chain(choices.split(',')) {
                *counts.entry((option.to_owned(), province.clone(), *track)).or_default() += 1;
            }
        }
        total += rows.len() as u64;
        seen(total);
        match rows.into_iter().next_back() {
            Some((serial, ..)) => after = Some(serial),
            None => return Ok(counts),
        }
    }
}
