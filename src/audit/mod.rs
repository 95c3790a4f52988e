//! The audit trail: every write and sign-in, and what is taken away that is not public, on record. Called by all, calls none.
//!
//! Entries are a chain: each carries the hash of its own words and of the entry before ([`chain`]). What is personal is in an
//! entry only as a salted hash; what opens it lies apart and can be erased ([`openings`]). The end of the chain is signed and
//! published again and again ([`publishing`]), so that whoever keeps a copy can tell whether the past was changed.
//! `docs/audit.md` says what that proves and what not.
//!
//! # Why
//! Writers take turns at the head of the chain, and hold it until they commit. So an entry comes last: whoever holds the head
//! waits for no row of anybody else, or two writers could wait for each other. Bulk acts take all their rows first.

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

/// The name of the one row of the head.
pub const HEAD: &str = "audit";

/// An act to be put on record.
#[derive(Clone, Debug, Default)]
pub struct Entry<'a> {
    /// What, as `slice.act`: one that [`acts`] lists.
    pub act: &'a str,
    /// On what: a slug, a code. Never a person.
    pub object: &'a str,
    /// Facts, without personal data and never a choice.
    pub detail: Value,
    /// What is personal, by name: only its salted hash goes into the entry.
    pub private: Vec<(&'static str, String)>,
    /// For whom, where somebody acts for another.
    pub on_behalf_of: Option<AccountId>,
}

/// Puts an act on record, in the transaction that does it: as its last write. `detail` holds facts, never personal data and
/// never a choice. Acts of `identity` have a login for their object, which is personal.
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

/// As [`record`], with what is personal beside it. Gives the number of the entry.
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
    // Not `into`: every column is to be written.
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

/// The end of the chain.
///
/// # Errors
/// A store that fails.
pub async fn head(db: &impl ConnectionTrait) -> Result<audit_head::Model> {
    let found = audit_head::Entity::find_by_id(HEAD).one(db).await?;
    found.ok_or_else(|| Error::Internal("the audit trail has no head".to_owned()))
}

/// The end of the chain, held until the transaction ends.
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

/// The roles of the one who acts, or the command of the operator.
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

/// The last of some acts on an object.
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

/// The latest programme time of all that is on record.
///
/// # Errors
/// A store that fails.
pub async fn latest(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>> {
    let at = audit_entry::Entity::find().select_only().expr(audit_entry::Column::At.max());
    Ok(at.into_tuple::<Option<DateTime<Utc>>>().one(db).await?.flatten())
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
