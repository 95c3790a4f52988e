//! Adoption of the entries of a version without the hash chain: they are chained once, at the first start.

use entity::{audit_entry, audit_opening};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::chain::Chain;
use super::{acts, chain, head_for_update, openings, put_head};
use crate::base::error::Result;
use crate::base::main_store::{Changes, Main};

/// Number of entries that are read at once.
const PART: u64 = 500;

/// Chains the entries of an earlier version, if there are any. A login that is readable in an entry becomes a commitment.
///
/// # Errors
/// A store that fails.
pub async fn adopt(store: &Main) -> Result<()> {
    let waiting = audit_entry::Entity::find_by_id(entity::id::AuditEntryId(1)).one(store.db()).await?;
    if waiting.is_none_or(|first| !first.hash.is_empty()) {
        return Ok(());
    }
    store.write(Changes::Internal, async |tx| chain_all(tx).await).await
}

async fn chain_all(tx: &DatabaseTransaction) -> Result<()> {
    let head = head_for_update(tx).await?;
    let mut done = Chain { size: head.size, hash: head.hash.clone() };
    loop {
        let part = audit_entry::Entity::find()
            .filter(audit_entry::COLUMN.number.gt(done.size))
            .order_by_asc(audit_entry::COLUMN.number)
            .limit(PART)
            .all(tx)
            .await?;
        if part.is_empty() {
            break;
        }
        for mut entry in part {
            if acts::is_about_a_person(&entry.act) && !entry.object.is_empty() {
                let sealed = openings::seal(entry.number, vec![("login", std::mem::take(&mut entry.object))])?;
                entry.commitments = chain::commitments(&sealed);
                let rows = sealed.into_iter().map(|row| row.into_active_model().reset_all());
                audit_opening::Entity::insert_many(rows).exec_without_returning(tx).await?;
            }
            entry.hash = chain::hash(&entry, &done.hash);
            (done.size, done.hash) = (entry.number.0, entry.hash.clone());
            audit_entry::Entity::update_many()
                .set(audit_entry::ActiveModel {
                    object: Set(entry.object),
                    commitments: Set(entry.commitments),
                    hash: Set(entry.hash),
                    ..Default::default()
                })
                .filter(audit_entry::COLUMN.number.eq(entry.number))
                .exec(tx)
                .await?;
        }
    }
    tracing::info!(entries = done.size, "the audit trail of an earlier version is chained");
    put_head(tx, &head, done.size, done.hash).await
}
