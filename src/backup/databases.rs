//! Copies of a store while others write to it, and a view of exactly the copied state.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use entity::ballots::{ballot, ballot_paper, log_batch, log_head};
use entity::campaign;
use entity::stored::{PaperState, StoredPhase};
use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Statement,
};

use super::copying::{Copy, refused};
use super::manifest::Kind;
use super::{keys, postgres};
use crate::audit;
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::config::Config;

/// Lifetime of a connection that holds a view, longer than any copy takes, so that the pool does not close it as idle.
const LONG: Duration = Duration::from_secs(7 * 24 * 3600);

/// Name of a store's file in a copy.
pub fn file(store: &str, kind: Kind) -> String {
    match kind {
        Kind::Sqlite => format!("{store}.db"),
        Kind::Postgresql => format!("{store}.dump"),
    }
}

/// Kind of a store's database, by its setting.
pub const fn kind(url: Option<&str>) -> Kind {
    if url.is_some() { Kind::Postgresql } else { Kind::Sqlite }
}

/// Fixes one state of a store, while others write to it. SQLite writes its copy at once, which takes moments. PostgreSQL
/// exports a snapshot, which [`View::write`] dumps afterwards, so that the states of all stores are fixed close together.
///
/// # Errors
/// A store that cannot be opened; a disk that is full.
pub async fn hold(url: Option<&str>, store: &str, copy: &Copy) -> Result<View> {
    let name = file(store, kind(url));
    match url {
        None => {
            let to = copy.to.join(&name);
            vacuum_into(&copy.from.join(&name), &to).await?;
            if store == "main" {
                leave_pass_keys_out(&to).await?;
            }
            Ok(View { db: connect_file(&to, true).await?, file: name, snapshot: None })
        }
        Some(url) => {
            let (db, snapshot) = export_snapshot(url).await?;
            Ok(View { db, file: name, snapshot: Some((url.to_owned(), snapshot)) })
        }
    }
}

/// Makes SQLite write the snapshot of one reading transaction into a new file, while others write.
async fn vacuum_into(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Err(refused(from, "is not there: this data directory holds no stores"));
    }
    let db = connect_file(from, false).await?;
    files::create_private(to)?;
    let target = to.display().to_string().replace('\'', "''");
    db.execute_unprepared(&format!("VACUUM INTO '{target}'")).await?;
    db.close().await?;
    Ok(())
}

/// Removes the pass keys from the copy of the main store. They are copied with the keys.
async fn leave_pass_keys_out(copy: &Path) -> Result<()> {
    let db = connect_file(copy, false).await?;
    for sql in ["DELETE FROM pass_key", "VACUUM"] {
        db.execute_unprepared(sql).await?;
    }
    Ok(db.close().await?)
}

async fn connect_file(file: &Path, is_frozen: bool) -> Result<DatabaseConnection> {
    let file = file.to_owned();
    let mut options = ConnectOptions::new("sqlite:");
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(move |o| {
        o.filename(&file).immutable(is_frozen).read_only(is_frozen).busy_timeout(Duration::from_secs(30))
    });
    Ok(Database::connect(options).await?)
}

/// A PostgreSQL connection that keeps seeing one state (its snapshot), and the name by which `pg_dump` sees the same state.
async fn export_snapshot(url: &str) -> Result<(DatabaseConnection, String)> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).idle_timeout(LONG).max_lifetime(LONG).sqlx_logging(false);
    let db = Database::connect(options).await?;
    let text = async |sql: &str| -> Result<Option<String>> {
        let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.flatten())
    };
    let tables = text(&format!("SELECT string_agg(format('%I.%I', table_schema, table_name), ', ') {TABLES}")).await?;
    let tables = tables.ok_or_else(|| Error::Internal("a database of the settings holds no tables".to_owned()))?;
    // The transaction writes nothing. The pool has one connection, which stays in the transaction until the pool is closed.
    db.execute_unprepared("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    // The transaction is idle while the copy is written, longer than a careful server allows.
    db.execute_unprepared("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
    // The lock precedes the snapshot: a table that is truncated and refilled in between would look empty in the snapshot.
    db.execute_unprepared(&format!("LOCK TABLE {tables} IN ACCESS SHARE MODE")).await?;
    let snapshot = text("SELECT pg_export_snapshot()").await?;
    Ok((db.clone(), snapshot.ok_or_else(|| Error::Internal("PostgreSQL exports no snapshot".to_owned()))?))
}

/// FROM clause for all tables that do not belong to the system.
const TABLES: &str = "FROM information_schema.tables \
                      WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'";

/// The stores with their URLs from the settings, in the order of copying.
pub fn urls(config: &Config) -> [(&'static str, Option<&str>); 3] {
    [
        ("ballots", config.ballots_url.as_deref()),
        ("register", config.register_url.as_deref()),
        ("main", config.main_url.as_deref()),
    ]
}

/// Whether a PostgreSQL database holds no table.
///
/// # Errors
/// A database that does not answer.
pub async fn is_empty(url: &str) -> Result<bool> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await?;
    let sql = format!("SELECT count(*) AS n {TABLES}");
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    let count = row.map(|row| row.try_get::<i64>("", "n")).transpose()?;
    db.close().await?;
    Ok(count == Some(0))
}

/// One fixed state of a store, for queries and for the copy.
pub struct View {
    db: DatabaseConnection,
    /// Name of the store's file in the copy.
    file: String,
    /// URL of a PostgreSQL database with the name of its snapshot; `None` for SQLite.
    snapshot: Option<(String, String)>,
}

/// The head of a log in the ballots store.
pub struct Head {
    /// Slug of the log's campaign.
    pub campaign: String,
    /// Name of the log (origin of its checkpoints).
    pub origin: String,
    /// Number of entries in the log.
    pub size: u64,
    /// Root hash of the log's Merkle tree, 32 bytes.
    pub root: Vec<u8>,
    /// Number of entries after each batch, ascending.
    pub batches: Vec<u64>,
    /// Number of entries of the checkpoint that is shown: less than `size` while a batch is being finished.
    pub shown: u64,
}

impl View {
    /// Writes this state into the copy, where that has not happened yet.
    ///
    /// # Errors
    /// A disk that is full; PostgreSQL's tools missing.
    pub async fn write(&self, copy: &mut Copy) -> Result<()> {
        if let Some((url, snapshot)) = &self.snapshot {
            postgres::dump(url, snapshot, &copy.to.join(&self.file)).await?;
        }
        copy.adopt(&self.file)
    }

    /// Releases this state and removes its file, which [`Self::write`] has not adopted.
    ///
    /// # Errors
    /// A connection that cannot be closed; a file that cannot be removed.
    pub async fn discard(self, copy: &Copy) -> Result<()> {
        self.db.close().await?;
        match self.snapshot {
            Some(_) => Ok(()),
            None => files::remove_file(&copy.to.join(self.file)),
        }
    }

    /// The heads of all logs in the ballots store.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn heads(&self) -> Result<Vec<Head>> {
        use log_head::Column;
        let batches: Vec<(String, i64, bool)> = log_batch::Entity::find()
            .order_by_asc(log_batch::Column::Number)
            .select_only()
            .columns([log_batch::Column::Campaign, log_batch::Column::Size, log_batch::Column::IsSigned])
            .into_tuple()
            .all(&self.db)
            .await?;
        let rows: Vec<(String, String, i64, Vec<u8>)> = log_head::Entity::find()
            .select_only()
            .columns([Column::Campaign, Column::Origin, Column::Size, Column::Root])
            .into_tuple()
            .all(&self.db)
            .await?;
        let head = |(campaign, origin, size, root): (String, _, i64, _)| {
            let own = batches.iter().filter(|(slug, ..)| *slug == campaign);
            let (ends, is_signed): (Vec<u64>, Vec<bool>) =
                own.map(|(_, size, is_signed)| (size.unsigned_abs(), *is_signed)).unzip();
            let shown = ends.iter().zip(is_signed).filter_map(|(end, is_signed)| is_signed.then_some(*end)).max();
            Head { campaign, origin, size: size.unsigned_abs(), root, batches: ends, shown: shown.unwrap_or(0) }
        };
        Ok(rows.into_iter().map(head).collect())
    }

    /// File names of the pass keys whose fingerprints are in papers.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn pass_keys(&self) -> Result<BTreeSet<String>> {
        let campaigns: Vec<String> = ballot_paper::Entity::find()
            .filter(ballot_paper::Column::PassKey.is_not_null())
            .select_only()
            .column(ballot_paper::Column::Campaign)
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(campaigns.iter().map(|campaign| keys::pass_name(campaign)).collect())
    }

    /// Whether the ballots store holds the complete ballots of a counted campaign: its paper is closed for good, and no ballot
    /// waits for the log.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn is_complete(&self, campaign: &str) -> Result<bool> {
        let closed = ballot_paper::Entity::find()
            .filter(ballot_paper::Column::Campaign.eq(campaign))
            .filter(ballot_paper::Column::State.eq(PaperState::Closed))
            .count(&self.db)
            .await?;
        let waiting = ballot::Entity::find()
            .filter(ballot::Column::Campaign.eq(campaign))
            .filter(ballot::Column::Batch.is_null())
            .count(&self.db)
            .await?;
        Ok(closed == 1 && waiting == 0)
    }

    /// Slugs of the counted campaigns in the main store.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn counted(&self) -> Result<BTreeSet<String>> {
        let counted = [StoredPhase::Tallied, StoredPhase::Certified, StoredPhase::Dispatched];
        let slugs: Vec<String> = campaign::Entity::find()
            .filter(campaign::Column::Phase.is_in(counted))
            .select_only()
            .column(campaign::Column::Slug)
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(slugs.into_iter().collect())
    }

    /// Number of entries of the audit trail; 0 in a store of a version without one. This query has to be the last one, after
    /// [`Self::write`]: a failed query ends the transaction, and with the transaction PostgreSQL drops the snapshot.
    pub async fn trail(&self) -> i64 {
        audit::head(&self.db).await.map_or(0, |head| head.size)
    }

    /// Releases this state.
    ///
    /// # Errors
    /// A connection that cannot be closed.
    pub async fn close(self) -> Result<()> {
        Ok(self.db.close().await?)
    }
}
