//! Deletion of the register after the vote. The register prevents a second real-name pass for the same person, and has no other
//! use.

use chrono::{DateTime, Utc};
use entity::register::nullifier;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::base::error::Result;
use crate::base::store::Stores;
use crate::campaign::phase::Phase;
use crate::campaign::queries;

/// Number of entries that one transaction removes.
const BATCH: u64 = 500;

/// Removes the register entries of campaigns that are counted and closed before an instant. Returns the number of removed
/// entries.
///
/// # Errors
/// A store that fails.
pub async fn forget(stores: &Stores, now: DateTime<Utc>, before: DateTime<Utc>) -> Result<u64> {
    let mut removed = 0;
    let campaigns = queries::all(stores.main.db()).await?;
    let over = campaigns.iter().filter(|c| c.closes_at < before && Phase::of(c, now).is_counted());
    for campaign in over {
        loop {
            let slug = campaign.slug.as_str();
            let gone = stores
                .register
                .write(async |tx| {
                    let part = nullifier::Entity::find()
                        .filter(nullifier::Column::Campaign.eq(slug))
                        .limit(BATCH)
                        .all(tx)
                        .await?;
                    let gone = nullifier::Entity::delete_many()
                        .filter(nullifier::Column::Campaign.eq(slug))
                        .filter(nullifier::Column::Nullifier.is_in(part.into_iter().map(|row| row.nullifier)))
                        .exec(tx)
                        .await?;
                    Ok(gone.rows_affected)
                })
                .await?;
            removed += gone;
            if gone == 0 {
                break;
            }
        }
    }
    Ok(removed)
}
