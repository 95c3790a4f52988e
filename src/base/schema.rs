//! The schema of a store: brought to this version's level by one process at a time, and left alone where another version has
//! brought it further.
//!
//! Every store says its level and its floor ([`entity::schema`]). A program works on every schema whose floor it reaches, so nodes
//! of two versions serve side by side while they are replaced one by one.

use entity::schema::{Column, Entity, Model};
use migration::{MigratorTrait, SchemaManager};
use sea_orm::sea_query::Expr;
use sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, RuntimeErr, SqlxPostgresConnector};

use crate::base::error::{Error, Result};
use crate::base::store::Store;

/// How long a process that starts waits for another one that changes a schema …
const TURN: &str = "5min";
/// … and a change for those who use the table. Whoever comes after it waits as long.
const LOCK: &str = "10s";
/// The name of the lock: the same in every version.
const NAME: i64 = 0x0073_6875_6475;

/// The right to change schemas and to fill empty stores, until it is dropped. On SQLite the data directory's lock gives it.
pub struct Turn(#[expect(dead_code, reason = "held, not used")] Option<DatabaseConnection>);

/// The level of this program, for one store: how many changes it knows.
fn level<M: MigratorTrait>() -> i32 {
    i32::try_from(M::migrations().len()).unwrap_or(i32::MAX)
}

/// Waits for the turn: an advisory lock of PostgreSQL, held by a connection of its own.
///
/// # Errors
/// Another process that does not end; a store that fails.
pub(crate) async fn turn(store: &Store) -> Result<Turn> {
    if store.backend() != DbBackend::Postgres {
        return Ok(Turn(None));
    }
    let db = waiting(store, TURN).await?;
    db.execute_unprepared(&format!("SELECT pg_advisory_lock({NAME})")).await.map_err(|e| {
        Error::Internal(format!("another process is changing the stores and has not come to an end: {e}"))
    })?;
    Ok(Turn(Some(db)))
}

/// Brings a store to the level of this program.
///
/// # Errors
/// A change that cannot be applied; a schema whose floor is above this program.
pub(crate) async fn migrate<M: MigratorTrait>(store: &Store, floor: i32) -> Result<()> {
    let own = level::<M>();
    let standing = standing(store).await?;
    if standing.floor > own {
        return Err(Error::Internal(format!(
            "this program is too old for its stores: their schema is at level {}, works with programs from level {} on, and this \
             one is of level {own}. Start the newer version",
            standing.level, standing.floor
        )));
    }
    if standing.level >= own {
        return Ok(());
    }
    if store.backend() == DbBackend::Postgres {
        M::up(&waiting(store, LOCK).await?, None).await?;
    } else {
        M::up(store.unguarded(), None).await?;
    }
    store
        .write(async |tx| {
            let (level, floor) = (Expr::value(own), Expr::value(floor.max(standing.floor)));
            let row = Entity::update_many().col_expr(Column::Level, level).col_expr(Column::Floor, floor);
            row.exec(tx).await?;
            Ok(())
        })
        .await
}

/// Whether a store has all that this program needs, and nothing that it is too old for.
///
/// # Errors
/// A store that does not answer.
pub(crate) async fn fits<M: MigratorTrait>(store: &Store) -> Result<bool> {
    let standing = Entity::find().one(store.whole()).await?;
    Ok(standing.is_some_and(|row| row.level >= level::<M>() && row.floor <= level::<M>()))
}

/// What a store says of its schema; one of a version that knew no levels, or that is empty, is at none.
async fn standing(store: &Store) -> Result<Model> {
    let has_level = SchemaManager::new(store.unguarded()).has_table("schema").await?;
    let row = if has_level { Entity::find().one(store.unguarded()).await? } else { None };
    Ok(row.unwrap_or(Model { level: 0, floor: 0 }))
}

/// One connection that waits so long for locks, and no longer.
async fn waiting(store: &Store, lock_timeout: &str) -> Result<DatabaseConnection> {
    let options = store.unguarded().get_postgres_connection_pool().connect_options();
    let options = (*options).clone().options([("lock_timeout", lock_timeout)]);
    let pool = PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None).connect_with(options);
    let pool = pool.await.map_err(|e| DbErr::Conn(RuntimeErr::SqlxError(e.into())))?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}
