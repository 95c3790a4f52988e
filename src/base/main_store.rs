//! The main store: the programme's rows, with one way of writing them.
//!
//! A transaction states what it changes ([`Changes`]). Public pages are served from a cache until the public version moves, so
//! only a change of public rows moves the version. A change of campaigns also runs the after-commit hook, which brings the
//! ballots store in step with the main store before the caller goes on.

use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use entity::public_version;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait};

use super::error::{Error, Result};
use super::store::Store;

/// Name of the SQLite file in the data directory.
pub const FILE: &str = "main.db";
/// Number of the only row of the public version.
const ROW: i32 = 1;
/// Time between two readings of the public version.
const FOLLOW: Duration = Duration::from_secs(1);

/// Kind of rows that a transaction of the main store changes, for caches and for the ballots store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Rows that no public page shows: sessions, drafts, the audit trail.
    Internal,
    /// Rows that public pages show.
    Public,
    /// Campaigns: public pages show them, and the ballots store has to follow.
    Campaigns,
}

/// Number of the latest public change that this process knows. Cheap to clone; all clones move together. The number itself is a row
/// of the store, so that the processes of a site share it.
#[derive(Clone, Debug, Default)]
pub struct PublicVersion(Arc<AtomicU64>);

impl PublicVersion {
    /// Moves to a version of the store: cached pages of earlier versions are no longer served.
    fn advance_to(&self, version: u64) {
        self.0.fetch_max(version, Ordering::Release);
    }

    /// The present version.
    #[must_use]
    pub fn current(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}

type Hook = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

/// The main store. Cheap to clone.
#[derive(Clone)]
pub struct Main {
    store: Store,
    public: PublicVersion,
    after_campaigns: Arc<OnceLock<Hook>>,
}

impl Main {
    /// Opens only the main store: the database of the URL, else the SQLite file of the data directory. The schema is not changed.
    ///
    /// # Errors
    /// A store that cannot be opened.
    pub async fn connect(data: &Path, url: Option<&str>) -> Result<Self> {
        let store = Store::connect(url, &data.join(FILE)).await?.with_row_security(url).await?;
        Ok(Self { store, public: PublicVersion::default(), after_campaigns: Arc::default() })
    }

    /// The same store, which refuses to write while the database has no synchronous standby.
    #[must_use]
    pub fn requiring_standby(self, requires_standby: bool) -> Self {
        Self { store: self.store.requiring_standby(requires_standby), ..self }
    }

    /// The store inside, for work that is the same on all three stores: schema and key fingerprints.
    pub(super) const fn store(&self) -> &Store {
        &self.store
    }

    /// Sets the hook that runs after the commit of every [`Changes::Campaigns`]. Only the first call counts; without a hook
    /// nothing runs.
    pub fn after_campaigns<F>(&self, hook: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let boxed: Hook = Box::new(move || Box::pin(hook()));
        // An application is assembled once; a second hook would mean a second application on the same store.
        drop(self.after_campaigns.set(boxed));
    }

    /// The public version, for caches and for changes of public figures outside this store.
    #[must_use]
    pub const fn public(&self) -> &PublicVersion {
        &self.public
    }

    /// Connections for reading, within the provinces of the current request ([`super::row_security`]).
    #[must_use]
    pub fn db(&self) -> &DatabaseConnection {
        self.store.db()
    }

    /// Connections for reading rows of all provinces, even in a confined request: only for totals that show nothing else of
    /// another province.
    #[must_use]
    pub const fn whole(&self) -> &DatabaseConnection {
        self.store.whole()
    }

    /// Kind of the database: SQLite or PostgreSQL.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.store.backend()
    }

    /// Runs work in a transaction: all changes happen, or none. The effects of `changes` follow the commit.
    ///
    /// # Errors
    /// The refusal of the work. A store that fails. The refusal of the after-commit hook; the transaction is committed then.
    pub async fn write<T>(
        &self,
        changes: Changes,
        work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T>,
    ) -> Result<T> {
        let is_public = changes != Changes::Internal;
        let (value, version) = self
            .store
            .write(async |tx| {
                let value = work(tx).await?;
                // The last statement: until the commit, all public changes wait for this row.
                let version = if is_public { Some(next_version(tx).await?) } else { None };
                Ok((value, version))
            })
            .await?;
        if let Some(version) = version {
            self.public.advance_to(version);
        }
        if let (Changes::Campaigns, Some(hook)) = (changes, self.after_campaigns.get()) {
            hook().await?;
        }
        Ok(value)
    }

    /// Rewrites a table in the order of its key, as [`Store::put_in_order`].
    ///
    /// # Errors
    /// As [`Store::put_in_order`].
    pub async fn put_in_order(&self, table: &'static str, key: &'static str) -> Result<()> {
        self.store.put_in_order(table, key).await
    }

    /// Says that public figures changed outside this store.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn announce(&self) -> Result<()> {
        self.write(Changes::Public, async |_| Ok(())).await
    }

    /// Reads the public version that another process may have moved.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn follow(&self) -> Result<()> {
        let row = public_version::Entity::find_by_id(ROW).one(self.store.whole()).await?;
        self.public.advance_to(row.map_or(0, |row| row.version.unsigned_abs()));
        Ok(())
    }

    /// Reads the public version every second, as long as the process lives: no page is older than that after a change by another
    /// process.
    pub async fn run(&self) {
        let mut timer = tokio::time::interval(FOLLOW);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            timer.tick().await;
            if let Err(error) = self.follow().await {
                tracing::warn!(error = %error, "the public version");
            }
        }
    }

    /// Closes all pools.
    ///
    /// # Errors
    /// A pool that cannot be closed.
    pub async fn close(self) -> Result<()> {
        self.store.close().await
    }
}

/// Steps the public version, and returns the new one.
async fn next_version(tx: &DatabaseTransaction) -> Result<u64> {
    let step = Expr::col(public_version::Column::Version).add(1);
    public_version::Entity::update_many().col_expr(public_version::Column::Version, step).exec(tx).await?;
    let row = public_version::Entity::find_by_id(ROW).one(tx).await?;
    row.map(|row| row.version.unsigned_abs()).ok_or_else(|| Error::Internal("no public version".to_owned()))
}

impl std::fmt::Debug for Main {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Main").field(&self.store).finish()
    }
}
