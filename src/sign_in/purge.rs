//! Removal of sessions that have ended, as part of the retention round.

use chrono::{DateTime, Utc};
use entity::session;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use crate::base::error::Result;

/// Most sessions that are removed in one go.
const BATCH: u64 = 500;

/// Removes sessions that have ended by themselves, and returns their number.
///
/// # Errors
/// A store that fails.
pub async fn forget(tx: &DatabaseTransaction, system: DateTime<Utc>) -> Result<u64> {
    let over = session::Entity::find().filter(session::COLUMN.expires_at.lt(system)).limit(BATCH).all(tx).await?;
    let hashes = over.into_iter().map(|row| row.token_hash);
    let gone = session::Entity::delete_many().filter(session::COLUMN.token_hash.is_in(hashes)).exec(tx).await?;
    Ok(gone.rows_affected)
}
