//! The schema of a store. One process at a time brings it to this version's level; a schema that a newer version brought further
//! is not changed.
//!
//! Every store records its level and its floor ([`entity::schema`]). A program works on every schema whose floor is not above the
//! program's own level, so nodes of two versions serve side by side while they are replaced one by one.

use entity::schema::{Column, Entity, Model};
use migration::{MigratorTrait, SchemaManager};
use sea_orm::sea_query::Expr;
use sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, RuntimeErr, SqlxPostgresConnector};

use crate::base::error::{Error, Result};
use crate::base::store::Store;

/// Longest time that a starting process waits for another process that changes a schema.
const TURN: &str = "5min";
/// Longest time that a change of the schema waits for the users of a table. Later users of the table wait as long.
const LOCK: &str = "10s";
/// Number of the advisory lock: the same in every version.
const NAME: i64 = 0x0073_6875_6475;

/// The right to change schemas and to fill empty stores, until the value is dropped. On SQLite the lock of the data directory
/// gives the right.
pub struct Turn(#[expect(dead_code, reason = "held, not used")] Option<DatabaseConnection>);

/// Level of this program for one store: the number of migrations that the program knows.
fn level<M: MigratorTrait>() -> i32 {
    i32::try_from(M::migrations().len()).unwrap_or(i32::MAX)
}

/// Waits for the turn: an advisory lock of PostgreSQL, held by a separate connection.
///
/// # Errors
/// Another process that keeps the lock too long; a store that fails.
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
/// A migration that cannot be applied; a schema whose floor is above the level of this program.
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

/// Whether the schema of a store has everything that this program needs, and does not demand a newer program.
///
/// # Errors
/// A store that does not answer.
pub(crate) async fn fits<M: MigratorTrait>(store: &Store) -> Result<bool> {
    let standing = Entity::find().one(store.whole()).await?;
    Ok(standing.is_some_and(|row| row.level >= level::<M>() && row.floor <= level::<M>()))
}

/// Level and floor that a store records; 0 for an empty store and for a store of a version without levels.
async fn standing(store: &Store) -> Result<Model> {
    let has_level = SchemaManager::new(store.unguarded()).has_table("schema").await?;
    let row = if has_level { Entity::find().one(store.unguarded()).await? } else { None };
    Ok(row.unwrap_or(Model { level: 0, floor: 0 }))
}

/// A single connection whose waits for locks end after the given time.
async fn waiting(store: &Store, lock_timeout: &str) -> Result<DatabaseConnection> {
    let options = store.unguarded().get_postgres_connection_pool().connect_options();
    let options = (*options).clone().options([("lock_timeout", lock_timeout)]);
    let pool = PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None).connect_with(options);
    let pool = pool.await.map_err(|e| DbErr::Conn(RuntimeErr::SqlxError(e.into())))?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}
