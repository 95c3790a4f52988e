//! Openings of personal values: the entry has a salted hash, a separate row has the salt and the value. The row can be erased.
//! Erasing leaves the chain intact and is itself recorded.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::id::{AccountId, AuditEntryId};
use entity::{audit_entry, audit_opening};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use serde_json::{Value, json};

use super::{Entry, enter, record};
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Problems, Result};
use crate::base::keys;

/// Name of the act of erasing openings.
pub const ERASE: &str = "audit.erase";

/// Largest number of openings that are erased at once.
pub const BATCH: u64 = 500;

/// Makes the openings of an entry: every value gets a random salt.
pub(super) fn seal(entry: AuditEntryId, private: Vec<(&'static str, String)>) -> Result<Vec<audit_opening::Model>> {
    let seal = |(name, value): (&str, String)| {
        let salt = hex::encode(keys::random::<32>()?);
        Ok(audit_opening::Model { entry, name: name.to_owned(), salt, value })
    };
    private.into_iter().map(seal).collect()
}

/// The openings of some entries.
///
/// # Errors
/// A store that fails.
pub async fn of(db: &impl ConnectionTrait, entries: &[AuditEntryId]) -> Result<Vec<audit_opening::Model>> {
    Ok(audit_opening::Entity::find()
        .filter(audit_opening::COLUMN.entry.is_in(entries.iter().copied()))
        .order_by_asc(audit_opening::COLUMN.name)
        .all(db)
        .await?)
}

/// Shows the openings of an entry to an auditor who states a reason. The act is recorded.
///
/// # Errors
/// `NotFound` for an entry without openings, and for an account that may not read the trail; `Invalid` without a reason.
pub async fn unmask(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    number: AuditEntryId,
    reason: &str,
) -> Result<Vec<audit_opening::Model>> {
    ctx.require(crate::base::access::Act::ReadTrail)?;
    let mut problems = Problems::default();
    let reason = problems.text("reason", reason, 200);
    problems.finish()?;
    let found = of(tx, &[number]).await?;
    if found.is_empty() {
        return Err(Error::NotFound("entry"));
    }
    record(tx, ctx, "audit.unmask", &number.to_string(), json!({ "reason": reason })).await?;
    Ok(found)
}

/// Erases openings of entries older than an instant of system time, at most [`BATCH`]. Returns the number of erased openings.
///
/// # Errors
/// A store that fails.
pub async fn erase_before(tx: &DatabaseTransaction, ctx: &Ctx, before: DateTime<Utc>) -> Result<u64> {
    let standing = audit_opening::Entity::find().order_by_asc(audit_opening::COLUMN.entry).limit(BATCH).all(tx).await?;
    let entries = audit_entry::Entity::find()
        .filter(audit_entry::COLUMN.number.is_in(standing.iter().map(|o| o.entry)))
        .filter(audit_entry::COLUMN.system_at.lt(before))
        .all(tx)
        .await?;
    erase(tx, ctx, entries.into_iter().map(|e| e.number).collect(), "retention").await
}

/// Erases the openings about a person: those of acts of the account, and those with the given values. Returns the number of
/// erased openings.
///
/// # Errors
/// A store that fails.
pub async fn erase_person(tx: &DatabaseTransaction, ctx: &Ctx, who: AccountId, values: &[&str]) -> Result<u64> {
    erase(tx, ctx, about(tx, who, values).await?, "person").await
}

/// The entries with openings about a person.
///
/// # Errors
/// A store that fails.
pub async fn about(db: &impl ConnectionTrait, who: AccountId, values: &[&str]) -> Result<BTreeSet<AuditEntryId>> {
    let own = audit_entry::Entity::find()
        .select_only()
        .column(audit_entry::Column::Number)
        .filter(audit_entry::COLUMN.actor_id.eq(who))
        .into_query();
    let found = audit_opening::Entity::find()
        .filter(
            Condition::any()
                .add(audit_opening::Column::Entry.in_subquery(own))
                .add(audit_opening::Column::Value.is_in(values.iter().copied())),
        )
        .all(db)
        .await?;
    Ok(found.into_iter().map(|o| o.entry).collect())
}

async fn erase(tx: &DatabaseTransaction, ctx: &Ctx, entries: BTreeSet<AuditEntryId>, cause: &str) -> Result<u64> {
    if entries.is_empty() {
        return Ok(0);
    }
    let mut erased = 0;
    let all: Vec<AuditEntryId> = entries.iter().copied().collect();
    for chunk in all.chunks(500) {
        let gone = audit_opening::Entity::delete_many()
            .filter(audit_opening::COLUMN.entry.is_in(chunk.iter().copied()))
            .exec(tx)
            .await?;
        erased += gone.rows_affected;
    }
    if erased > 0 {
        let detail = json!({ "cause": cause, "openings": erased, "entries": ranges(&entries) });
        enter(tx, ctx, Entry { act: ERASE, detail, ..Entry::default() }).await?;
    }
    Ok(erased)
}

/// Numbers as runs, each with its first and its last number.
fn ranges(entries: &BTreeSet<AuditEntryId>) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for AuditEntryId(number) in entries {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    runs
}

/// The runs of entries that an entry of erasure names; none for other entries.
#[must_use]
pub fn erased_by(entry: &audit_entry::Model) -> Vec<(i64, i64)> {
    if entry.act != ERASE {
        return Vec::new();
    }
    let detail: Value = serde_json::from_str(&entry.detail).unwrap_or_default();
    serde_json::from_value(detail["entries"].clone()).unwrap_or_default()
}

/// Number of openings in the store.
///
/// # Errors
/// A store that fails.
pub async fn count(db: &impl ConnectionTrait) -> Result<u64> {
    Ok(audit_opening::Entity::find().count(db).await?)
}

/// A personal value in masked form: its first and last character.
#[must_use]
pub fn masked(value: &str) -> String {
    let mut signs = value.chars();
    match (signs.next(), signs.next_back()) {
        (Some(first), Some(last)) if value.chars().count() > 3 => format!("{first}•••{last}"),
        _ => "•••".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_numbers_are_told_by_their_ends() {
        let numbers = [1, 2, 3, 7, 9, 10].map(AuditEntryId).into();
        assert_eq!(ranges(&numbers), [(1, 3), (7, 7), (9, 10)]);
    }

    #[test]
    fn a_mask_hides_all_but_the_ends_and_short_values_wholly() {
        assert_eq!(["coordinator-js", "abc", ""].map(masked), ["c•••s", "•••", "•••"]);
    }
}
