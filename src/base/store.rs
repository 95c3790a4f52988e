//! One store: a database, its readers and its one writer.
//!
//! # Why
//! On SQLite a transaction that begins by reading and then writes fails at once when another one wrote in between, and no
//! busy timeout helps. So there is one way to write, [`Store::write`], which begins IMMEDIATE on a pool of one connection.
//! PostgreSQL ignores that option and uses one pool for both. The types carry the proof: commands take a
//! `&DatabaseTransaction`, queries any `&impl ConnectionTrait`.

use std::path::Path;
use std::time::Duration;

use migration::{BallotsMigrator, MainMigrator, RegisterMigrator};
use sea_orm::sqlx::Connection;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::base::error::{Error, Result};
use crate::base::files;
use crate::base::main_store::Main;
use crate::base::row_security;
use crate::base::schema::{self, Turn};

/// Rows that an SQLite worker reads ahead: a whole group of ballots.
const ROWS: usize = crate::base::group_commit::MAX_BATCH;

/// How long a writer waits for another one, of another process.
const WAIT: Duration = Duration::from_secs(10);
/// The longest wait of PostgreSQL for an exclusive lock on a table. A backup holds a shared lock from its snapshot and asks for a second
/// one when it dumps the table: an exclusive request between the two would wait for the first and block the second, and neither side
/// would end. A request that runs out of time is made again at the next look of the clockwork.
const NO_LONGER: &str = "SET LOCAL lock_timeout = '2s'";
/// How often emptying a write-ahead log is tried while somebody reads, once a second.
const CHECKPOINTS: usize = 20;

/// One database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    /// Connections under row-level security; only of the main store, on PostgreSQL.
    confined: Option<DatabaseConnection>,
}

/// Addresses of the PostgreSQL databases; a store without one is an SQLite file of the data directory.
#[derive(Clone, Debug, Default)]
pub struct Urls {
    /// Of the main store.
    pub main: Option<String>,
    /// Of the ballots store.
    pub ballots: Option<String>,
    /// Of the register.
    pub register: Option<String>,
}

/// The three stores. They share no transaction and no table.
#[derive(Clone, Debug)]
pub struct Stores {
    /// The programme: campaigns, issues, assignments, accounts, audit.
    pub main: Main,
    /// Ballot papers, ballots, counts.
    pub ballots: Store,
    /// Who was given a real-name pass.
    pub register: Store,
}

impl Stores {
    /// Opens all three, making SQLite files where they are absent.
    ///
    /// # Errors
    /// A store that cannot be opened, or an SQLite library with a known corruption bug.
    pub async fn connect(dir: &Path, urls: &Urls) -> Result<Self> {
        Ok(Self {
            main: Main::connect(dir, urls.main.as_deref()).await?,
            ballots: Store::connect(urls.ballots.as_deref(), &dir.join("ballots.db")).await?,
            register: Store::connect(urls.register.as_deref(), &dir.join("register.db")).await?,
        })
    }

    /// Brings all three to this version's schema; a newer schema is left as it is. Gives the turn of this process: on PostgreSQL
    /// others that start wait until it is dropped.
    ///
    /// # Errors
    /// A change that cannot be applied; a schema that this version is too old for.
    pub async fn migrate(&self) -> Result<Turn> {
        let turn = schema::turn(self.main.store()).await?;
        schema::migrate::<MainMigrator>(self.main.store(), MainMigrator::FLOOR).await?;
        schema::migrate::<BallotsMigrator>(&self.ballots, BallotsMigrator::FLOOR).await?;
        schema::migrate::<RegisterMigrator>(&self.register, RegisterMigrator::FLOOR).await?;
        Ok(turn)
    }

    /// Whether all three answer and have a schema that this version works on.
    ///
    /// # Errors
    /// A store that does not answer.
    pub async fn ready(&self) -> Result<bool> {
        Ok(schema::fits::<MainMigrator>(self.main.store()).await?
            && schema::fits::<BallotsMigrator>(&self.ballots).await?
            && schema::fits::<RegisterMigrator>(&self.register).await?)
    }

    /// The readers of all three with their names, for checks that treat the stores alike.
    #[must_use]
    pub fn connections(&self) -> [(&'static str, &DatabaseConnection); 3] {
        [("main", self.main.db()), ("ballots", self.ballots.db()), ("register", self.register.db())]
    }

    /// Closes all pools, so that SQLite folds its write-ahead logs back.
    ///
    /// # Errors
    /// A pool that cannot be closed.
    pub async fn close(self) -> Result<()> {
        self.main.close().await?;
        self.ballots.close().await?;
        self.register.close().await
    }
}

impl Store {
    /// Opens a store: PostgreSQL where a URL is given, else the SQLite file.
    ///
    /// # Errors
    /// A store that cannot be opened.
    pub async fn connect(url: Option<&str>, file: &Path) -> Result<Self> {
        match url {
            Some(url) => {
                let away =
                    |e| Error::Internal(format!("the database of the store {} does not answer: {e}", named(file)));
                let pool = Database::connect(postgres(url, 16)).await.map_err(away)?;
                refuse_superuser(&pool).await?;
                Ok(Self { reader: pool.clone(), writer: pool, confined: None })
            }
            None => {
                // SQLite gives its journals the mode of the file.
                files::create_private(file)?;
                let writer = sqlite(file, 1, true).await?;
                refuse_old_sqlite(&writer).await?;
                let reader = sqlite(file, 6, false).await?;
                Ok(Self { reader, writer, confined: None })
            }
        }
    }

    /// Opens the pool for confined requests ([`row_security`]), where the store is on PostgreSQL.
    pub(super) async fn with_row_security(self, url: Option<&str>) -> Result<Self> {
        let Some(url) = url else {
            return Ok(self);
        };
        let mut options = postgres(url, 8);
        row_security::configure_pool(options.connect_lazy(true));
        Ok(Self { confined: Some(Database::connect(options).await?), ..self })
    }

    /// Closes all pools.
    ///
    /// # Errors
    /// A pool that cannot be closed.
    pub async fn close(self) -> Result<()> {
        if let Some(confined) = self.confined {
            confined.close().await?;
        }
        self.reader.close().await?;
        self.writer.close().await?;
        Ok(())
    }

    /// For reading.
    #[must_use]
    pub fn db(&self) -> &DatabaseConnection {
        self.confined_pool().unwrap_or(&self.reader)
    }

    /// The pool of the current request, where the request is confined.
    fn confined_pool(&self) -> Option<&DatabaseConnection> {
        self.confined.as_ref().filter(|_| row_security::is_confined())
    }

    /// For changes of the schema: outside of transactions, and where nothing else is at work.
    #[must_use]
    pub(crate) const fn unguarded(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// For reading rows of all provinces whatever the request is confined to: totals that show nothing else of another province.
    #[must_use]
    pub const fn whole(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Which database this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.reader.get_database_backend()
    }

    /// Writes a table anew in the order of its key, where the table refuses to be emptied; on PostgreSQL every row keeps the
    /// number of the transaction that wrote it last.
    ///
    /// # Errors
    /// As [`Store::put_in_order`].
    pub async fn rewrite(&self, table: &'static str) -> Result<()> {
        if self.backend() == DbBackend::Postgres {
            let cluster = format!("CLUSTER {table} USING {table}_pkey");
            return self
                .write(async |tx| {
                    for sql in [NO_LONGER, &cluster] {
                        tx.execute_unprepared(sql).await?;
                    }
                    Ok(())
                })
                .await;
        }
        self.writer.execute_unprepared("VACUUM").await?;
        self.empty_journal().await
    }

    /// Writes a table anew in the order of its key. Afterwards nothing in the store's files tells in which order its rows came:
    /// neither their places in pages nor what was left of earlier ones, in free pages and in the write-ahead log.
    ///
    /// # Errors
    /// A store that fails, or that is read without a pause.
    pub async fn put_in_order(&self, table: &'static str, key: &'static str) -> Result<()> {
        if self.backend() == DbBackend::Postgres {
            let copy = format!("CREATE TEMPORARY TABLE put_in_order ON COMMIT DROP AS TABLE {table}");
            let back = format!("INSERT INTO {table} SELECT * FROM put_in_order ORDER BY {key}");
            return self
                .write(async |tx| {
                    // Emptied, a table gets a new file; what waits to be written to it waits.
                    let (lock, empty) = (format!("LOCK TABLE {table}"), format!("TRUNCATE {table}"));
                    for sql in [NO_LONGER, &lock, &copy, &empty, &back] {
                        tx.execute_unprepared(sql).await?;
                    }
                    Ok(())
                })
                .await;
        }
        self.rewrite(table).await
    }

    /// Folds SQLite's write-ahead log back and empties it: it holds pages in the order in which they were written, and keeps
    /// those that were folded back before.
    ///
    /// # Errors
    /// A store that fails, or that is read without a pause.
    pub async fn empty_journal(&self) -> Result<()> {
        if self.backend() == DbBackend::Postgres {
            return Ok(());
        }
        for _ in 0..CHECKPOINTS {
            // While it waits for readers nobody writes, so it waits shortly and comes again.
            self.writer.execute_unprepared("PRAGMA busy_timeout = 200").await?;
            let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
            let row = self.writer.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await;
            self.writer.execute_unprepared(&format!("PRAGMA busy_timeout = {}", WAIT.as_millis())).await?;
            if row?.map(|r| r.try_get_by_index::<i32>(0)).transpose()? == Some(0) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Err(Error::Busy { retry_after: 5 })
    }

    /// Runs work in a transaction: all of it happens, or nothing.
    ///
    /// # Errors
    /// What the work refuses, or a store that fails.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T>) -> Result<T> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        #[expect(clippy::disallowed_methods, reason = "the one place that opens transactions")]
        let tx = self.confined_pool().unwrap_or(&self.writer).begin_with_options(options).await?;
        match work(&tx).await {
            Ok(value) => {
                tx.commit().await?;
                Ok(value)
            }
            Err(error) => {
                if let Err(failed) = tx.rollback().await {
                    tracing::warn!(error = %failed, "not rolled back");
                }
                Err(error)
            }
        }
    }
}

/// The name of a store.
fn named(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
    options
}

/// Pages are kept by every connection for itself, beside those that the operating system keeps for all: a lot for the one that writes,
/// little for the many that read.
async fn sqlite(file: &Path, connections: u32, writes: bool) -> Result<DatabaseConnection> {
    let mode = if writes { "rwc" } else { "rw" };
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode={mode}", file.display()));
    options.max_connections(connections).min_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(move |o| {
        o.journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(WAIT)
            .foreign_keys(true)
            // Rows of one answer wait for their reader without stopping the worker thread in between.
            .row_buffer_size(ROWS)
            .pragma("cache_size", if writes { "-16000" } else { "-4000" })
            .pragma("journal_size_limit", "67108864")
    });
    // SQLite ends a transaction by itself where the disk is full or fails. The driver then believes that it goes on: the next
    // ones would be savepoints inside of nothing that is ever committed. Such a connection is not used again.
    options.map_sqlx_sqlite_pool_opts(|pool| {
        pool.before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
    });
    Ok(Database::connect(options).await?)
}

/// What the product forbids itself (changing what is sealed, rows of other provinces) does not hold for such a role.
async fn refuse_superuser(db: &DatabaseConnection) -> Result<()> {
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

/// Versions before 3.51.3 can corrupt a database when its write-ahead log is reset.
async fn refuse_old_sqlite(db: &DatabaseConnection) -> Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    async fn tables(store: &Store) -> Vec<String> {
        let names = sea_orm::Statement::from_string(DbBackend::Sqlite, "SELECT name FROM sqlite_master ORDER BY name");
        let rows = store.db().query_all_raw(names).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    #[tokio::test]
    async fn after_a_transaction_that_the_store_ended_by_itself_what_is_written_is_committed() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::connect(None, &dir.path().join("store.db")).await.unwrap();
        for _ in 0..2 {
            // As SQLite does where the disk is full.
            let full = store.write(async |tx| {
                tx.execute_unprepared("CREATE TABLE lost (n int)").await?;
                tx.execute_unprepared("ROLLBACK").await?;
                Err::<(), _>(Error::Busy { retry_after: 5 })
            });
            assert!(matches!(full.await, Err(Error::Busy { .. })));
        }
        store.write(async |tx| Ok(tx.execute_unprepared("CREATE TABLE kept (n int)").await?)).await.unwrap();
        assert_eq!(tables(&store).await, ["kept"]);
    }
}
