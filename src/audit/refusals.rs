//! Refused sign-ins: on record with what was typed and where it came from, as commitments. Only so many an hour one by one, so
//! that a flood does not fill the disk; the others are counted, and the count is entered when the hour is over.
//!
//! Attempts that come before their waiting time is over are not looked at and not entered: the failures that caused it are.

use chrono::{DateTime, Utc};
use entity::audit_refusal::{ActiveModel, COLUMN, Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{Entry, enter, record};
use crate::base::ctx::{Actor, Ctx};
use crate::base::error::Result;
use crate::base::main_store::{Changes, Main};

/// Refusals of one hour that are entered one by one.
pub const SHOWN: i64 = 200;
/// Longest text that is kept of what was typed.
const LONGEST: usize = 80;

/// Puts a refused sign-in on record, or counts it: what was typed, empty where nothing was, and where it came from.
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

/// Enters the counts of hours that are over, and forgets them.
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
