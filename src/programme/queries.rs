//! Reading the reference data and the working-day calendar.

use std::collections::HashMap;

use entity::stored::TermKind;
use entity::{calendar_arrangement, calendar_exception, place, team, term};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::calendar::{Arrangement, Calendar, Known};
use crate::base::error::{Error, Result};

/// Every place, in official order.
///
/// # Errors
/// A store that fails.
pub async fn places(db: &impl ConnectionTrait) -> Result<Vec<place::Model>> {
    Ok(place::Entity::find().order_by_asc(place::COLUMN.position).all(db).await?)
}

/// The places to which campaigns dispatch by default, in official order.
///
/// # Errors
/// A store that fails.
pub async fn provinces(db: &impl ConnectionTrait) -> Result<Vec<place::Model>> {
    Ok(place::Entity::find()
        .filter(place::COLUMN.in_dispatch.eq(true))
        .order_by_asc(place::COLUMN.position)
        .all(db)
        .await?)
}

/// One place, by its code.
///
/// # Errors
/// `NotFound` for an unknown code.
pub async fn place(db: &impl ConnectionTrait, code: &str) -> Result<place::Model> {
    place::Entity::find_by_id(code).one(db).await?.ok_or(Error::NotFound("place"))
}

/// Locks the row of a place until the transaction ends (`SELECT ... FOR UPDATE`), so that a sum over the place stays true
/// until more is written. On SQLite there is one writer anyway.
///
/// # Errors
/// A store that fails.
pub async fn hold(tx: &DatabaseTransaction, code: &str) -> Result<()> {
    place::Entity::find_by_id(code).lock_exclusive().one(tx).await?;
    Ok(())
}

/// Every supervision team.
///
/// # Errors
/// A store that fails.
pub async fn teams(db: &impl ConnectionTrait) -> Result<Vec<team::Model>> {
    Ok(team::Entity::find().order_by_asc(team::COLUMN.code).all(db).await?)
}

/// Reference words of one kind, in the order of their positions.
///
/// # Errors
/// A store that fails.
pub async fn terms(db: &impl ConnectionTrait, kind: TermKind) -> Result<Vec<term::Model>> {
    Ok(term::Entity::find().filter(term::COLUMN.kind.eq(kind)).order_by_asc(term::COLUMN.position).all(db).await?)
}

/// All reference words by kind and code, for showing names beside codes.
///
/// # Errors
/// A store that fails.
pub async fn words(db: &impl ConnectionTrait) -> Result<HashMap<(TermKind, String), term::Model>> {
    let all = term::Entity::find().all(db).await?;
    Ok(all.into_iter().map(|t| ((t.kind, t.code.clone()), t)).collect())
}

/// The working-day calendar as it was known.
///
/// # Errors
/// A store that fails.
pub async fn calendar(db: &impl ConnectionTrait, known: Known) -> Result<Calendar> {
    Ok(Calendar::of(&arrangements(db).await?, known))
}

/// Every arrangement of every year, in the order in which they were loaded.
///
/// # Errors
/// A store that fails.
pub async fn arrangements(db: &impl ConnectionTrait) -> Result<Vec<Arrangement>> {
    let mut days: HashMap<_, Vec<_>> = HashMap::new();
    let exceptions = calendar_exception::Entity::find().order_by_asc(calendar_exception::COLUMN.day).all(db).await?;
    for exception in exceptions {
        days.entry(exception.arrangement_id).or_default().push((exception.day, exception.kind));
    }
    let loaded = calendar_arrangement::Entity::find().order_by_asc(calendar_arrangement::COLUMN.id).all(db).await?;
    Ok(loaded
        .into_iter()
        .map(|a| Arrangement {
            year: a.year,
            loaded_at: a.loaded_at,
            known_from: a.known_from,
            days: days.remove(&a.id).unwrap_or_default(),
        })
        .collect())
}
