//! One store: a database with its readers and its single writer.
//!
//! # Why
//! On SQLite a transaction that begins by reading and then writes fails at once where another transaction wrote in between, and
//! no busy timeout helps. So there is one way to write: [`Store::write`] begins the transaction as IMMEDIATE on a pool of one
//! connection. PostgreSQL ignores that option and uses one pool for reading and writing. The types separate both: commands take a
//! `&DatabaseTransaction`, queries any `&impl ConnectionTrait`.

use std::path::Path;
use std::time::Duration;

use migration::{BallotsMigrator, MainMigrator, RegisterMigrator};
use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

use crate::base::connections::{WAIT, postgres, refuse_old_sqlite, refuse_superuser, sqlite};
use crate::base::error::{Error, Result};
use crate::base::main_store::Main;
use crate::base::schema::{self, Turn};
use crate::base::{files, row_security};

/// Longest wait of PostgreSQL for an exclusive lock on a table. A backup holds a shared lock from its snapshot on and requests a
/// second shared lock when it dumps the table. An exclusive request between the two would wait for the first lock and block the
/// second, and neither side would end. A request that times out is made again by the next run of the scheduler.
const NO_LONGER: &str = "SET LOCAL lock_timeout = '2s'";
/// The partitions of a table that hold rows, each with the index of its primary key.
const PARTS: &str = "SELECT relid::regclass::text, indexrelid::regclass::text \
                     FROM pg_partition_tree(to_regclass(quote_ident($1))) JOIN pg_index ON indrelid = relid AND indisprimary \
                     WHERE isleaf ORDER BY 1";
/// Number of attempts, one a second, to empty a write-ahead log while somebody reads.
const CHECKPOINTS: usize = 20;

/// One database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    /// Connections under row-level security; only in the main store on PostgreSQL.
    confined: Option<DatabaseConnection>,
    /// The SQLite file that was opened.
    file: Option<files::Identity>,
    /// Whether writing is refused while the database has no synchronous standby.
    requires_standby: bool,
}

/// URLs of the PostgreSQL databases. A store without a URL is an SQLite file of the data directory.
#[derive(Clone, Debug, Default)]
pub struct Urls {
    /// URL of the main store.
    pub main: Option<String>,
    /// URL of the ballots store.
    pub ballots: Option<String>,
    /// URL of the register.
    pub register: Option<String>,
    /// Whether writing is refused while the databases have no synchronous standby.
    pub require_standby: bool,
}

/// The three stores. They share no transaction and no table.
#[derive(Clone, Debug)]
pub struct Stores {
    /// The main store: campaigns, issues, assignments, accounts, audit trail.
    pub main: Main,
    /// The ballots store: ballot papers, ballots, counts.
    pub ballots: Store,
    /// The register: the persons who received a real-name pass, as nullifiers.
    pub register: Store,
}

impl Stores {
    /// Opens all three stores and makes SQLite files where they are absent.
    ///
    /// # Errors
    /// A store that cannot be opened, or an SQLite library with a known corruption bug.
    pub async fn connect(dir: &Path, urls: &Urls) -> Result<Self> {
        let store = async |url: &Option<String>, file| {
            let store = Store::connect(url.as_deref(), &dir.join(file)).await?;
            Ok::<_, Error>(store.requiring_standby(urls.require_standby))
        };
        Ok(Self {
            main: Main::connect(dir, urls.main.as_deref()).await?.requiring_standby(urls.require_standby),
            ballots: store(&urls.ballots, "ballots.db").await?,
            register: store(&urls.register, "register.db").await?,
        })
    }

    /// Brings all three stores to this version's schema; a newer schema is not changed. Returns the turn of this process: on
    /// PostgreSQL other starting processes wait until the turn is dropped.
    ///
    /// # Errors
    /// A migration that cannot be applied; a schema that demands a newer version.
    pub async fn migrate(&self) -> Result<Turn> {
        let turn = schema::turn(self.main.store()).await?;
        // The ballots store comes first: it may refuse a site of an earlier version, which then goes on with that version.
        schema::migrate::<BallotsMigrator>(&self.ballots, BallotsMigrator::FLOOR).await?;
        schema::migrate::<MainMigrator>(self.main.store(), MainMigrator::FLOOR).await?;
        schema::migrate::<RegisterMigrator>(&self.register, RegisterMigrator::FLOOR).await?;
        Ok(turn)
    }

    /// Whether all three stores answer, are the files that were opened, and have a schema on which this version works.
    ///
    /// # Errors
    /// A store that does not answer.
    pub async fn ready(&self) -> Result<bool> {
        let stores = [self.main.store(), &self.ballots, &self.register];
        Ok(stores.into_iter().all(Store::is_in_place)
            && schema::fits::<MainMigrator>(self.main.store()).await?
            && schema::fits::<BallotsMigrator>(&self.ballots).await?
            && schema::fits::<RegisterMigrator>(&self.register).await?)
    }

    /// The readers of all three stores with the names of the stores, for checks that treat the stores alike.
    #[must_use]
    pub fn connections(&self) -> [(&'static str, &DatabaseConnection); 3] {
        [("main", self.main.db()), ("ballots", self.ballots.db()), ("register", self.register.db())]
    }

    /// Closes all pools, so that SQLite checkpoints its write-ahead logs into the databases.
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
                Ok(Self { reader: pool.clone(), writer: pool, confined: None, file: None, requires_standby: false })
            }
            None => {
                // SQLite gives its journals the mode of the database file.
                files::create_private(file)?;
                let writer = sqlite(file, 1, true).await?;
                refuse_old_sqlite(&writer).await?;
                let reader = sqlite(file, 6, false).await?;
                Ok(Self {
                    reader,
                    writer,
                    confined: None,
                    file: Some(files::Identity::of(file)?),
                    requires_standby: false,
                })
            }
        }
    }

    /// Opens the pool for confined requests ([`row_security`]) where the store is on PostgreSQL.
    pub(super) async fn with_row_security(self, url: Option<&str>) -> Result<Self> {
        let Some(url) = url else {
            return Ok(self);
        };
        let mut options = postgres(url, 8);
        row_security::configure_pool(options.connect_lazy(true));
        Ok(Self { confined: Some(Database::connect(options).await?), ..self })
    }

    /// The same store, which refuses to write while the database has no synchronous standby.
    #[must_use]
    pub fn requiring_standby(self, requires_standby: bool) -> Self {
        Self { requires_standby, ..self }
    }

    /// Last statement of a transaction on PostgreSQL. A commit waits for the synchronous standby only where the transaction wrote
    /// something. A transaction that found everything written already would be confirmed at once, although its rows may be on one
    /// disk only. So each transaction writes a message into the write-ahead log, which nobody reads.
    async fn confirm(&self, tx: &DatabaseTransaction) -> Result<()> {
        if self.backend() != DbBackend::Postgres {
            return Ok(());
        }
        let sql = "SELECT pg_logical_emit_message(true, 'shudu', ''), current_setting('synchronous_standby_names')";
        let row = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        let standby: Option<String> = row.map(|row| row.try_get_by_index(1)).transpose()?;
        // Patroni writes a star where it waits for a standby: any program that follows the log would count as one.
        if self.requires_standby && standby.is_none_or(|names| matches!(names.as_str(), "" | "*")) {
            return Err(Error::Away("the database has no synchronous standby".to_owned()));
        }
        Ok(())
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

    /// Connections for reading, within the provinces of the current request ([`row_security`]).
    #[must_use]
    pub fn db(&self) -> &DatabaseConnection {
        self.confined_pool().unwrap_or(&self.reader)
    }

    /// The pool under row-level security, where the current request is confined.
    fn confined_pool(&self) -> Option<&DatabaseConnection> {
        self.confined.as_ref().filter(|_| row_security::is_confined())
    }

    /// Connections for changes of the schema: outside transactions, and only while nothing else uses the store.
    #[must_use]
    pub(crate) const fn unguarded(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Connections for reading rows of all provinces, even in a confined request: only for totals that show nothing else of
    /// another province.
    #[must_use]
    pub const fn whole(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Whether the file of the store is the one that was opened. SQLite goes on writing into a file that was removed, and all of
    /// those rows are lost when the process ends.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        self.file.as_ref().is_none_or(files::Identity::is_in_place)
    }

    /// Kind of the database: SQLite or PostgreSQL.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.reader.get_database_backend()
    }

    /// Rewrites the ballots of campaigns in the order of their keys. On PostgreSQL every row keeps the number of the transaction
    /// that last wrote the row, and each of the partitions is locked for its own rewrite: nobody who votes in another campaign waits.
    ///
    /// # Errors
    /// As [`Store::put_in_order`].
    pub async fn rewrite_ballots(&self, campaigns: &[String]) -> Result<()> {
        if self.backend() != DbBackend::Postgres {
            return self.rewrite_file().await;
        }
        for campaign in campaigns {
            let parts =
                Statement::from_sql_and_values(DbBackend::Postgres, PARTS, [format!("ballot_of_{campaign}").into()]);
            for part in self.reader.query_all_raw(parts).await? {
                let (table, key): (String, String) = (part.try_get_by_index(0)?, part.try_get_by_index(1)?);
                let cluster = format!("CLUSTER {table} USING {key}");
                self.write(async |tx| {
                    for sql in [NO_LONGER, &cluster] {
                        tx.execute_unprepared(sql).await?;
                    }
                    Ok(())
                })
                .await?;
            }
        }
        Ok(())
    }

    /// Writes all of SQLite's file anew.
    async fn rewrite_file(&self) -> Result<()> {
        self.writer.execute_unprepared("VACUUM").await?;
        self.empty_journal().await
    }

    /// Rewrites a table in the order of its key. Afterwards nothing in the store's files tells in which order the rows came:
    /// neither their places in pages nor remains of earlier rows in free pages and in the write-ahead log.
    ///
    /// # Errors
    /// A store that fails, or a store that somebody reads without a pause.
    pub async fn put_in_order(&self, table: &'static str, key: &'static str) -> Result<()> {
        if self.backend() == DbBackend::Postgres {
            let copy = format!("CREATE TEMPORARY TABLE put_in_order ON COMMIT DROP AS TABLE {table}");
            let back = format!("INSERT INTO {table} SELECT * FROM put_in_order ORDER BY {key}");
            return self
                .write(async |tx| {
                    // TRUNCATE gives a table a new file. The lock makes other writers of the table wait.
                    let (lock, empty) = (format!("LOCK TABLE {table}"), format!("TRUNCATE {table}"));
                    for sql in [NO_LONGER, &lock, &copy, &empty, &back] {
                        tx.execute_unprepared(sql).await?;
                    }
                    Ok(())
                })
                .await;
        }
        self.rewrite_file().await
    }

    /// Checkpoints SQLite's write-ahead log and empties it. The log holds pages in the order in which they were written, and
    /// keeps pages after a checkpoint.
    ///
    /// # Errors
    /// A store that fails, or a store that somebody reads without a pause.
    pub async fn empty_journal(&self) -> Result<()> {
        if self.backend() == DbBackend::Postgres {
            return Ok(());
        }
        for _ in 0..CHECKPOINTS {
            // Nobody can write while the checkpoint waits for readers. So each attempt waits only a short time.
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

    /// Runs work in a transaction: all changes happen, or none.
    ///
    /// # Errors
    /// The refusal of the work; a store that fails, or whose file was removed or replaced.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T>) -> Result<T> {
        if !self.is_in_place() {
            return Err(Error::Internal("the file of a store was removed or replaced; nothing is written".to_owned()));
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        #[expect(clippy::disallowed_methods, reason = "the one place that opens transactions")]
        let tx = self.confined_pool().unwrap_or(&self.writer).begin_with_options(options).await?;
        match work(&tx).await {
            Ok(value) => {
                self.confirm(&tx).await?;
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

/// Name of the store, from its file.
fn named(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
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
