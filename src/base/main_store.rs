//! The main store: the programme's rows, with one way of writing them.
//!
//! A transaction states what it changes ([`Changes`]). Public pages are served from a cache until the public version moves, so
//! only a change of public rows moves the version. A change of campaigns also runs the after-commit hook, which brings the
//! ballots store in step with the main store before the caller goes on.

use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use sea_orm::{DatabaseConnection, DatabaseTransaction, DbBackend};

use super::error::Result;
use super::store::Store;

/// Name of the SQLite file in the data directory.
pub const FILE: &str = "main.db";

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

/// Number of the latest public change in this process. Cheap to clone; all clones move together.
#[derive(Clone, Debug, Default)]
pub struct PublicVersion(Arc<AtomicU64>);

impl PublicVersion {
    /// Moves the version on: cached pages of earlier versions are no longer served.
    pub fn advance(&self) {
        self.0.fetch_add(1, Ordering::Release);
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
        let value = self.store.write(work).await?;
        if changes != Changes::Internal {
            self.public.advance();
        }
        if let (Changes::Campaigns, Some(hook)) = (changes, self.after_campaigns.get()) {
            hook().await?;
        }
        Ok(value)
    }

    /// Closes all pools.
    ///
    /// # Errors
    /// A pool that cannot be closed.
    pub async fn close(self) -> Result<()> {
        self.store.close().await
    }
}

impl std::fmt::Debug for Main {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Main").field(&self.store).finish()
    }
}
