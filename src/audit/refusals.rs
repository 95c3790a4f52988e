//! Refused sign-ins in the trail, with the typed login and the client's address as commitments. Only a limited number of refusals
//! in an hour get entries of their own, so that a flood does not fill the disk. The others are counted, and the count is recorded
//! when the hour is over.
//!
//! Attempts before the end of a waiting time are neither checked nor recorded; the failures that caused the waiting time are.

use chrono::{DateTime, Utc};
use entity::audit_refusal::{ActiveModel, COLUMN, Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{Entry, enter, record};
use crate::base::ctx::{Actor, Ctx};
use crate::base::error::Result;
use crate::base::main_store::{Changes, Main};

/// Largest number of refusals in one hour that get entries of their own.
pub const SHOWN: i64 = 200;
/// Largest number of characters of a typed login that are kept.
const LONGEST: usize = 80;

/// Records a refused sign-in, or counts it. `login` is the typed text, empty where there was none; `address` is the address of
/// the client.
///
/// # Errors
/// A store that fails.
pub async fn note(store: &Main, ctx: &Ctx, login: &str, address: &str) -> Result<()> {
    let nobody = ctx.by(Actor::Nobody);
    store.write(Changes::Internal, async |tx| refused(tx, &nobody, login, address).await).await
}

async fn refused(tx: &DatabaseTransaction, ctx: &Ctx, login: &str, address: &str) -> Result<()> {
    let hour = ctx.system.timestamp().div_euclid(3600);
    let row = ActiveModel { hour: Set(hour), count: Set(1) };
    let more = Expr::col((Entity, Column::Count)).add(1);
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Hour).value(Column::Count, more).to_owned())
        .exec_without_returning(tx)
        .await?;
    let count = Entity::find_by_id(hour).one(tx).await?.map_or(0, |row| row.count);
    if count > SHOWN {
        return Ok(());
    }
    let typed: String = login.trim().chars().take(LONGEST).collect();
    let mut private = vec![("login", typed)];
    if !address.is_empty() {
        private.push(("address", address.to_owned()));
    }
    let detail = json!({ "in_hour": count });
    let entry = Entry { act: "identity.refuse_sign_in", detail, private, ..Entry::default() };
    enter(tx, ctx, entry).await?;
    Ok(())
}

/// Records the counts of hours that are over, and removes the counters.
///
/// # Errors
/// A store that fails.
pub async fn attend(store: &Main, ctx: &Ctx, system: DateTime<Utc>) -> Result<()> {
    let hour = system.timestamp().div_euclid(3600);
    if Entity::find().filter(COLUMN.hour.lt(hour)).one(store.db()).await?.is_none() {
        return Ok(());
    }
    store.write(Changes::Internal, async |tx| sum_up(tx, ctx, hour).await).await
}

async fn sum_up(tx: &DatabaseTransaction, ctx: &Ctx, hour: i64) -> Result<()> {
    let over = Entity::find().filter(COLUMN.hour.lt(hour)).order_by_asc(COLUMN.hour).all(tx).await?;
    Entity::delete_many().filter(COLUMN.hour.lt(hour)).exec(tx).await?;
    for row in over.iter().filter(|row| row.count > SHOWN) {
        let began = DateTime::from_timestamp(row.hour * 3600, 0).map(|at| at.to_rfc3339()).unwrap_or_default();
        let detail = json!({ "hour": began, "refused": row.count, "entered": SHOWN });
        record(tx, ctx, "identity.refuse_many", "", detail).await?;
    }
    Ok(())
}
