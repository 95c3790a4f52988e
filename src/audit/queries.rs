//! Search in the trail by account, act, object and day.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::id::{AccountId, AuditEntryId};
use entity::{account, audit_entry, audit_opening};
use sea_orm::sea_query::LikeExpr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

use super::{acts, openings};
use crate::base::clock::{end_of, start_of};
use crate::base::error::{Error, Result};

/// Number of entries on one page.
pub const ROWS: u64 = 30;

/// Conditions of a search. An empty text is no condition.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Account that acted: a login, or the number of an account after `#`.
    pub who: String,
    /// Name of an act, or the beginning of one.
    pub act: String,
    /// Object of the act or its beginning, or a login.
    pub object: String,
    /// First day of the search, programme time.
    pub from: Option<NaiveDate>,
    /// Last day of the search, programme time.
    pub until: Option<NaiveDate>,
}

/// Result of a search: one page of entries.
#[derive(Clone, Debug)]
pub struct FoundEntries {
    /// Entries of the page, newest first.
    pub entries: Vec<audit_entry::Model>,
    /// Number of matching entries on all pages.
    pub total: u64,
    /// Accounts that acted, or for which somebody acted, by key.
    pub names: HashMap<AccountId, account::Model>,
    /// Openings of the entries on the page, by entry.
    pub openings: BTreeMap<AuditEntryId, Vec<audit_opening::Model>>,
}

/// One page of the matching entries. Pages are counted from 1.
///
/// # Errors
/// A store that fails.
pub async fn search(db: &impl ConnectionTrait, asked: &Search, page: u64) -> Result<FoundEntries> {
    let condition = condition(db, asked).await?;
    let total = audit_entry::Entity::find().filter(condition.clone()).count(db).await?;
    let entries = audit_entry::Entity::find()
        .filter(condition)
        .order_by_desc(audit_entry::COLUMN.number)
        .offset(page.saturating_sub(1) * ROWS)
        .limit(ROWS)
        .all(db)
        .await?;
    let names = names(db, &entries).await?;
    let numbers: Vec<AuditEntryId> = entries.iter().map(|e| e.number).collect();
    let mut by_entry: BTreeMap<AuditEntryId, Vec<audit_opening::Model>> = BTreeMap::new();
    for opening in openings::of(db, &numbers).await? {
        by_entry.entry(opening.entry).or_default().push(opening);
    }
    Ok(FoundEntries { entries, total, names, openings: by_entry })
}

/// All matching entries, newest first, up to a limit.
///
/// # Errors
/// A store that fails.
pub async fn all(db: &impl ConnectionTrait, asked: &Search, most: u64) -> Result<Vec<audit_entry::Model>> {
    let condition = condition(db, asked).await?;
    let found = audit_entry::Entity::find().filter(condition);
    Ok(found.order_by_desc(audit_entry::COLUMN.number).limit(most).all(db).await?)
}

/// One entry and the hash of the entry before.
///
/// # Errors
/// `NotFound` for a number without an entry.
pub async fn entry(db: &impl ConnectionTrait, number: AuditEntryId) -> Result<(audit_entry::Model, String)> {
    let found = audit_entry::Entity::find_by_id(number).one(db).await?.ok_or(Error::NotFound("entry"))?;
    let before = audit_entry::Entity::find_by_id(AuditEntryId(number.0 - 1)).one(db).await?;
    Ok((found, before.map_or_else(|| super::chain::START.to_owned(), |e| e.hash)))
}

/// The accounts that acted, or for which somebody acted, in some entries.
///
/// # Errors
/// A store that fails.
pub async fn names(
    db: &impl ConnectionTrait,
    entries: &[audit_entry::Model],
) -> Result<HashMap<AccountId, account::Model>> {
    let ids = entries.iter().flat_map(|e| [e.actor_id, e.on_behalf_of]).flatten();
    let found = account::Entity::find().filter(account::COLUMN.id.is_in(ids)).all(db).await?;
    Ok(found.into_iter().map(|row| (row.id, row)).collect())
}

/// LIKE pattern for texts with the given beginning; the wildcards of LIKE are escaped.
fn beginning(text: &str) -> LikeExpr {
    let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    LikeExpr::new(format!("{plain}%")).escape('\\')
}

async fn condition(db: &impl ConnectionTrait, asked: &Search) -> Result<Condition> {
    use audit_entry::Column;
    let mut all = Condition::all();
    let who = asked.who.trim();
    if !who.is_empty() {
        let id = match who.strip_prefix('#').and_then(|n| n.parse().ok()) {
            Some(number) => Some(AccountId(number)),
            None => account::Entity::find_by_login(who.to_lowercase()).one(db).await?.map(|row| row.id),
        };
        all = all.add(Column::ActorId.eq(id.unwrap_or(AccountId(-1))));
    }
    let act = asked.act.trim();
    if !act.is_empty() {
        let is_whole = acts::all().any(|known| known == act);
        all = all.add(if is_whole { Column::Act.eq(act) } else { Column::Act.like(beginning(act)) });
    }
    let object = asked.object.trim();
    if !object.is_empty() {
        let opened = audit_opening::Entity::find()
            .select_only()
            .column(audit_opening::Column::Entry)
            .filter(audit_opening::Column::Value.eq(object))
            .into_query();
        let beginning = Condition::any().add(Column::Object.like(beginning(object)));
        all = all.add(beginning.add(Column::Number.in_subquery(opened)));
    }
    if let Some(day) = asked.from {
        all = all.add(Column::At.gte(start_of(day)));
    }
    if let Some(day) = asked.until {
        all = all.add(Column::At.lt(end_of(day)));
    }
    Ok(all)
}
