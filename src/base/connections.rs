//! Connections to the databases: pools of PostgreSQL and SQLite with their settings, and what is refused as a database.

use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::Connection;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use crate::base::error::{Error, Result};

/// Number of rows that an SQLite worker reads ahead: a whole group of ballots.
const ROWS: usize = crate::base::group_commit::MAX_BATCH;

/// Longest time that a writer waits for a writer of another process.
pub(super) const WAIT: Duration = Duration::from_secs(10);

/// A pool of connections to PostgreSQL. Statements are planned for their values: a plan for all values (a generic plan) locks all
/// partitions of a table, so voters would wait for the rewrite of another campaign's ballots.
pub(super) fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|o| o.options([("plan_cache_mode", "force_custom_plan")]));
    options
}

/// Every connection keeps a page cache of its own, beside the cache of the operating system that all share. The writing
/// connection gets a large cache; the many reading connections get small ones.
pub(super) async fn sqlite(file: &Path, connections: u32, writes: bool) -> Result<DatabaseConnection> {
    let mode = if writes { "rwc" } else { "rw" };
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode={mode}", file.display()));
    options.max_connections(connections).min_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(move |o| {
        o.journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(WAIT)
            .foreign_keys(true)
            // Rows of one answer wait for their reader; the worker thread does not stop in between.
            .row_buffer_size(ROWS)
            .pragma("cache_size", if writes { "-16000" } else { "-4000" })
            .pragma("journal_size_limit", "67108864")
    });
    // SQLite ends a transaction by itself where the disk is full or fails. The driver then believes that the transaction goes on,
    // and later transactions would be savepoints of a transaction that is never committed. Such a connection is not used again.
    options.map_sqlx_sqlite_pool_opts(|pool| {
        pool.before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
    });
    Ok(Database::connect(options).await?)
}

/// Refuses a superuser role: triggers and row-level security, which protect sealed rows and rows of other provinces, do not bind
/// it.
pub(super) async fn refuse_superuser(db: &DatabaseConnection) -> Result<()> {
    let sql = "SELECT rolname::text FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)";
    let Some(row) = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await? else {
        return Ok(());
    };
    let name: String = row.try_get_by_index(0)?;
    Err(Error::Internal(format!(
        "the database role {name} passes every grant and every row's guard (superuser or BYPASSRLS): give a plain role that owns \
         its database (CREATE ROLE shudu LOGIN PASSWORD '…'; CREATE DATABASE shudu OWNER shudu)"
    )))
}

/// Refuses SQLite before 3.51.3: those versions can corrupt a database when the write-ahead log is reset.
pub(super) async fn refuse_old_sqlite(db: &DatabaseConnection) -> Result<()> {
    let row = db
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, "SELECT sqlite_version() AS version"))
        .await?
        .ok_or_else(|| Error::Internal("SQLite does not tell its version".to_owned()))?;
    let version: String = row.try_get("", "version")?;
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if parts.as_slice() < [3, 51, 3].as_slice() {
        return Err(Error::Internal(format!(
            "SQLite {version} is older than 3.51.3, the first without the WAL-reset bug"
        )));
    }
    Ok(())
}
