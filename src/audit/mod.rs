//! The audit trail: a record of every write, every sign-in and every export of data that is not public. All slices call this
//! module; the module calls none.
//!
//! Entries are a hash chain: each entry carries the hash of its own content and of the entry before ([`chain`]). An entry
//! contains personal values only as salted hashes (commitments). The openings of the commitments are stored separately and can be
//! erased ([`openings`]). The end of the chain is regularly signed and published as a checkpoint ([`publishing`]), so that every
//! holder of an older checkpoint can detect a change of the past. `docs/audit.md` says what the trail proves and what it does not
//! prove.
//!
//! # Why
//! Writers take turns at the head of the chain and hold it until they commit. So the entry is the last write of a transaction: a
//! writer that holds the head never waits for another row, because otherwise two writers could deadlock. Bulk acts lock all their
//! rows first.

pub mod acts;
pub mod adopting;
pub mod api;
pub mod chain;
pub mod exporting;
pub mod openings;
pub mod pages;
pub mod publishing;
pub mod queries;
pub mod refusals;
pub mod verifying;

use chrono::{DateTime, Utc};
use entity::id::{AccountId, AuditEntryId};
use entity::{audit_entry, audit_head, audit_opening};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::Value;

use crate::base::clock;
use crate::base::ctx::{Actor, Ctx};
use crate::base::error::{Error, Result};

/// Key of the single row with the head of the chain.
pub const HEAD: &str = "audit";

/// An act for the record.
#[derive(Clone, Debug, Default)]
pub struct Entry<'a> {
    /// Name of the act, `slice.act`: one that [`acts`] lists.
    pub act: &'a str,
    /// Object of the act: a slug, a code. Never a person.
    pub object: &'a str,
    /// Facts about the act, without personal data and never a choice.
    pub detail: Value,
    /// Personal values of the act, by name. Only their salted hashes become part of the entry.
    pub private: Vec<(&'static str, String)>,
    /// Account for which the actor acts, if there is one.
    pub on_behalf_of: Option<AccountId>,
}

/// Records an act, as the last write of the transaction that does the act. `detail` holds facts, never personal data and never a
/// choice. The object of an act of `identity` is a login, which is personal.
///
/// # Errors
/// A store that fails.
pub async fn record(tx: &DatabaseTransaction, ctx: &Ctx, act: &str, object: &str, detail: Value) -> Result<()> {
    let entry = if acts::is_about_a_person(act) && !object.is_empty() {
        Entry { act, detail, private: vec![("login", object.to_owned())], ..Entry::default() }
    } else {
        Entry { act, object, detail, ..Entry::default() }
    };
    enter(tx, ctx, entry).await.map(|_| ())
}

/// As [`record`], for an entry with further personal values. Returns the number of the entry.
///
/// # Errors
/// A store that fails.
pub async fn enter(tx: &DatabaseTransaction, ctx: &Ctx, entry: Entry<'_>) -> Result<AuditEntryId> {
    let head = head_for_update(tx).await?;
    let number = AuditEntryId(head.size + 1);
    let detail = if entry.detail.is_null() { Value::Object(serde_json::Map::new()) } else { entry.detail };
    let sealed = openings::seal(number, entry.private)?;
    let mut row = audit_entry::Model {
        number,
        at: ctx.now,
        system_at: clock::stamp(),
        actor_id: ctx.account(),
        capacity: capacity(ctx),
        on_behalf_of: entry.on_behalf_of,
        act: entry.act.to_owned(),
        object: entry.object.to_owned(),
        detail: detail.to_string(),
        commitments: chain::commitments(&sealed),
        hash: String::new(),
    };
    row.hash = chain::hash(&row, &head.hash);
    let hash = row.hash.clone();
    // Unlike `into`, this sets every column for writing.
    audit_entry::Entity::insert(all_set(row)).exec_without_returning(tx).await?;
    if !sealed.is_empty() {
        let rows = sealed.into_iter().map(audit_opening::ActiveModel::from).map(sea_orm::ActiveModelTrait::reset_all);
        audit_opening::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    put_head(tx, &head, number.0, hash).await?;
    Ok(number)
}

fn all_set(row: audit_entry::Model) -> audit_entry::ActiveModel {
    sea_orm::ActiveModelTrait::reset_all(row.into())
}

/// The head of the chain: number and hash of the last entry.
///
/// # Errors
/// A store that fails.
pub async fn head(db: &impl ConnectionTrait) -> Result<audit_head::Model> {
    let found = audit_head::Entity::find_by_id(HEAD).one(db).await?;
    found.ok_or_else(|| Error::Internal("the audit trail has no head".to_owned()))
}

/// The head of the chain, locked until the transaction ends.
async fn head_for_update(tx: &DatabaseTransaction) -> Result<audit_head::Model> {
    let found = audit_head::Entity::find_by_id(HEAD).lock_exclusive().one(tx).await?;
    found.ok_or_else(|| Error::Internal("the audit trail has no head".to_owned()))
}

async fn put_head(tx: &DatabaseTransaction, old: &audit_head::Model, size: i64, hash: String) -> Result<()> {
    let moved = audit_head::Entity::update_many()
        .set(audit_head::ActiveModel { size: Set(size), hash: Set(hash), ..Default::default() })
        .filter(audit_head::COLUMN.name.eq(HEAD))
        .filter(audit_head::COLUMN.size.eq(old.size))
        .exec(tx)
        .await?;
    if moved.rows_affected == 1 {
        return Ok(());
    }
    Err(Error::Internal("the head of the audit trail moved under a writer that held it".to_owned()))
}

/// The roles of the actor, or the command of the operator.
fn capacity(ctx: &Ctx) -> String {
    match &ctx.actor {
        Actor::Nobody => String::new(),
        Actor::System(command) => format!("system {command}"),
        Actor::Staff(staff) => {
            let grants: Vec<String> =
                staff.grants.iter().map(|g| format!("{} {}", g.role, g.scope).trim().to_owned()).collect();
            grants.join(", ")
        }
    }
}

/// The latest entry among the given acts on an object.
///
/// # Errors
/// A store that fails.
pub async fn last(db: &impl ConnectionTrait, acts: &[&str], object: &str) -> Result<Option<audit_entry::Model>> {
    Ok(audit_entry::Entity::find()
        .filter(audit_entry::COLUMN.act.is_in(acts.iter().copied()))
        .filter(audit_entry::COLUMN.object.eq(object))
        .order_by_desc(audit_entry::COLUMN.number)
        .one(db)
        .await?)
}

/// The latest programme time among all entries.
///
/// # Errors
/// A store that fails.
pub async fn latest(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>> {
    let at = audit_entry::Entity::find().select_only().expr(audit_entry::Column::At.max());
    Ok(at.into_tuple::<Option<DateTime<Utc>>>().one(db).await?.flatten())
}

/// The accounts that did the given acts on an object.
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
