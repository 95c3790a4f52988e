//! Reading published incidents.

use entity::incident;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};

use crate::base::error::Result;

/// All incidents, the newest first.
///
/// # Errors
/// A store that fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<incident::Model>> {
    Ok(incident::Entity::find()
        .order_by_desc(incident::COLUMN.published_at)
        .order_by_desc(incident::COLUMN.id)
        .all(db)
        .await?)
}
