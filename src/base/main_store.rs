//! The main store: the programme's rows, with the one door for writing them.
//!
//! A transaction says what it changes ([`Changes`]). Public pages are served from a cache until the public version moves, so only a
//! change of what is public moves the version. A change of campaigns also runs the after-commit hook, which brings the ballots store
//! in step with the main store before the caller goes on.

use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use sea_orm::{DatabaseConnection, DatabaseTransaction, DbBackend};

use super::error::Result;
use super::store::Store;

/// Name of the SQLite file in the data directory.
pub const FILE: &str = "main.db";

/// What a transaction of the main store changes for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Rows that no public page shows: sessions, drafts, the audit trail.
    Internal,
    /// Rows that public pages show.
    Public,
    /// Campaigns: public, and the ballots store has to follow.
    Campaigns,
}

/// The number of the latest public change in this process. Cheap to clone; all clones move together.
#[derive(Clone, Debug, Default)]
pub struct PublicVersion(Arc<AtomicU64>);

impl PublicVersion {
    /// Moves the version on: cached pages of earlier versions no longer serve.
    pub fn advance(&self) {
        self.0.fetch_add(1, Ordering::Release);
    }

    /// The present number.
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
    /// Opens the main store alone: the database of the URL, else the SQLite file of the data directory. The schema is left as it is.
    ///
    /// # Errors
    /// A store that cannot be opened.
    pub async fn connect(data: &Path, url: Option<&str>) -> Result<Self> {
        let store = Store::connect(url, &data.join(FILE)).await?.with_row_security(url).await?;
        Ok(Self { store, public: PublicVersion::default(), after_campaigns: Arc::default() })
    }

    /// The store within, for what is done to all three stores alike: schema and fingerprints of keys.
    pub(super) const fn store(&self) -> &Store {
        &self.store
    }

    /// Sets what follows the commit of every [`Changes::Campaigns`]. The first call counts; without one nothing follows.
    pub fn after_campaigns<F>(&self, hook: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let boxed: Hook = Box::new(move || Box::pin(hook()));
        // An application is put together once; a second hook would be a second application on the same store.
        drop(self.after_campaigns.set(boxed));
    }

    /// The public version, for caches and for changes of public figures outside of this store.
    #[must_use]
    pub const fn public(&self) -> &PublicVersion {
        &self.public
    }

    /// For reading, within the provinces of the current request ([`super::row_security`]).
    #[must_use]
    pub fn db(&self) -> &DatabaseConnection {
        self.store.db()
    }

    /// For reading rows of all provinces whatever the request is confined to: totals that show nothing else of another province.
    #[must_use]
    pub const fn whole(&self) -> &DatabaseConnection {
        self.store.whole()
    }

    /// Which database this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.store.backend()
    }

    /// Runs work in a transaction: all of it happens, or nothing. What `changes` names follows the commit.
    ///
    /// # Errors
    /// What the work refuses; a store that fails; what the after-commit hook refuses, with the transaction committed.
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
