//! Leases on stored files: a file stays in its place from its upload until its row is committed or given up.
//!
//! # Why
//! A file whose row was refused is removed at once, because otherwise refused uploads fill the disk beside the quota. Somebody
//! else may upload the same content at this moment. So the removal needs the lock of the hash alone, and every upload shares it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use crate::base::error::{Error, Result};

/// Locks of the hashes that are leased now. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Leases(Arc<Mutex<HashMap<String, Weak<RwLock<()>>>>>);

/// Lease on a stored file.
#[derive(Clone, Debug)]
pub struct Lease(#[expect(dead_code, reason = "the lock is held, never read")] Arc<OwnedRwLockReadGuard<()>>);

impl Leases {
    /// Leases a file by its SHA-256; waits while the file is being removed.
    ///
    /// # Errors
    /// A thread that failed while it held the table.
    pub async fn lease(&self, sha256: &str) -> Result<Lease> {
        Ok(Lease(Arc::new(self.lock(sha256)?.read_owned().await)))
    }

    /// The lock of a file that nobody leases; none while somebody does.
    ///
    /// # Errors
    /// As [`Leases::lease`].
    pub fn alone(&self, sha256: &str) -> Result<Option<OwnedRwLockWriteGuard<()>>> {
        Ok(self.lock(sha256)?.try_write_owned().ok())
    }

    fn lock(&self, sha256: &str) -> Result<Arc<RwLock<()>>> {
        let mut locks = self.0.lock().map_err(|_| Error::Internal("leases poisoned".to_owned()))?;
        locks.retain(|_, lock| lock.strong_count() > 0);
        let found = locks.get(sha256).and_then(Weak::upgrade);
        Ok(found.unwrap_or_else(|| {
            let lock = Arc::new(RwLock::new(()));
            locks.insert(sha256.to_owned(), Arc::downgrade(&lock));
            lock
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_leased_file_is_not_removed_and_nothing_is_kept_after_the_leases() {
        let leases = Leases::default();
        let (first, second) = (leases.lease("a").await.unwrap(), leases.lease("a").await.unwrap());
        assert!(leases.alone("a").unwrap().is_none());
        drop(first);
        assert!(leases.alone("a").unwrap().is_none());
        let other = leases.alone("b").unwrap().unwrap();
        drop(second);
        let alone = leases.alone("a").unwrap().unwrap();
        assert!(leases.alone("a").unwrap().is_none(), "one removal at a time");
        drop((alone, other));
        drop(leases.lock("c").unwrap());
        assert_eq!(leases.0.lock().unwrap().len(), 1);
    }
}
