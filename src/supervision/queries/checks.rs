//! Reading the teams' checks.

use entity::id::AssignmentId;
use entity::verification;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::error::Result;

/// Every check of an assignment, the latest first.
///
/// # Errors
/// A store that fails.
pub async fn checks(db: &impl ConnectionTrait, id: AssignmentId) -> Result<Vec<verification::Model>> {
    Ok(verification::Entity::find()
        .filter(verification::COLUMN.assignment_id.eq(id))
        .order_by_desc(verification::COLUMN.id)
        .all(db)
        .await?)
}
