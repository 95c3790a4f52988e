//! Queries that read the checks of the supervision teams.

use entity::verification;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::base::error::Result;
use crate::dispatch::queries::LoadedAssignment;

/// Every check of an assignment, the latest first.
///
/// # Errors
/// A store that fails.
pub async fn checks(db: &impl ConnectionTrait, found: &LoadedAssignment) -> Result<Vec<verification::Model>> {
    Ok(verification::Entity::find()
        .filter(verification::COLUMN.assignment_id.eq(found.id()))
        .order_by_desc(verification::COLUMN.id)
        .all(db)
        .await?)
}
