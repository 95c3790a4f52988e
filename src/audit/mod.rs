//! The audit trail: every write, on record, append-only. Called by all, calls none.

use entity::audit_entry;
use entity::id::AccountId;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::clock;
use crate::ctx::Ctx;
use crate::error::Result;

/// Puts an act on record, in the transaction that does it. `detail` holds facts, never personal data and never a choice.
///
/// # Errors
/// A store that fails.
pub async fn record(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    act: &str,
    object: &str,
    detail: serde_json::Value,
) -> Result<()> {
    let entry = audit_entry::ActiveModel {
        at: Set(ctx.now),
        system_at: Set(clock::stamp()),
        actor_id: Set(ctx.account()),
        act: Set(act.to_owned()),
        object: Set(object.to_owned()),
        detail: Set(detail),
        ..Default::default()
    };
    audit_entry::Entity::insert(entry).exec_without_returning(tx).await?;
    Ok(())
}

/// The last of some acts on an object.
///
/// # Errors
/// A store that fails.
pub async fn last(db: &impl ConnectionTrait, acts: &[&str], object: &str) -> Result<Option<audit_entry::Model>> {
    Ok(audit_entry::Entity::find()
        .filter(audit_entry::COLUMN.act.is_in(acts.iter().copied()))
        .filter(audit_entry::COLUMN.object.eq(object))
        .order_by_desc(audit_entry::COLUMN.id)
        .one(db)
        .await?)
}

/// Everybody by whose hand some acts on an object were done.
///
/// # Errors
/// A store that fails.
pub async fn actors(db: &impl ConnectionTrait, acts: &[&str], object: &str) -> Result<Vec<AccountId>> {
    Ok(audit_entry::Entity::find()
        .filter(audit_entry::COLUMN.act.is_in(acts.iter().copied()))
        .filter(audit_entry::COLUMN.object.eq(object))
        .all(db)
        .await?
        .into_iter()
        .filter_map(|entry| entry.actor_id)
        .collect())
}
