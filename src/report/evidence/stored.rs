//! Stored evidence: one object for each file, under its hash. The first two digits of the hash name the shelf of a file.

use std::path::Path;
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::{Files, Stored, failed};
use crate::base::error::{Error, Result};
use crate::base::files;

/// Age below which a file may be about to be named by a row.
const GRACE_PERIOD: Duration = Duration::from_secs(3600);

impl Files {
    /// Stores a file from the scratch folder as an object, reads the object back and compares its hash.
    pub(super) async fn settle(&self, beside: &Path, stored: Stored) -> Result<Stored> {
        let bytes = tokio::fs::read(beside).await.map_err(failed)?;
        let (objects, name) = (self.objects.clone(), object(&stored.sha256));
        files::blocking(move || objects.put(&name, bytes)).await?;
        drop(self.get(&stored.sha256).await?);
        Ok(stored)
    }

    /// Reads a stored file; content that no longer matches the hash is refused.
    ///
    /// # Errors
    /// `NotFound`; a file that was changed.
    pub async fn get(&self, sha256: &str) -> Result<Vec<u8>> {
        let (objects, name) = (self.objects.clone(), object(sha256));
        let bytes = files::blocking(move || objects.get(&name)).await?.ok_or(Error::NotFound("evidence"))?;
        if hex::encode(Sha256::digest(&bytes)) != sha256 {
            return Err(Error::Internal(format!("evidence {sha256} was changed where it is stored")));
        }
        Ok(bytes)
    }

    /// Removes a file that no row names any more; returns whether it was removed. Somebody may upload the same content at this
    /// moment, so a file that was stored within the last hour stays.
    ///
    /// # Errors
    /// A disk that fails.
    pub async fn forget(&self, sha256: &str) -> Result<bool> {
        let (objects, name) = (self.objects.clone(), object(sha256));
        files::blocking(move || {
            let (shelf, rest) = name.rsplit_once('/').unwrap_or_default();
            let is_old = objects.list(shelf)?.iter().any(|one| one.name == rest && one.written.is_some_and(is_old));
            if is_old {
                objects.remove(&name)?;
            }
            Ok(is_old)
        })
        .await
    }

    /// Removes a file at once; nothing happens while an upload of the same content has no row yet. `is_named` tells whether a row
    /// names the file, and is asked while no upload can lease it. Returns whether the file was removed.
    ///
    /// # Errors
    /// A store or a disk that fails.
    pub async fn discard(&self, sha256: &str, is_named: impl AsyncFnOnce() -> Result<bool>) -> Result<bool> {
        // The leases of this process do not show an upload at another node.
        if self.objects.are_shared() {
            return if is_named().await? { Ok(false) } else { self.forget(sha256).await };
        }
        let Some(_alone) = self.leases.alone(sha256)? else {
            return Ok(false);
        };
        if is_named().await? {
            return Ok(false);
        }
        let (objects, name) = (self.objects.clone(), object(sha256));
        files::blocking(move || objects.remove(&name)).await?;
        Ok(true)
    }

    /// The hashes of the files on a shelf: the hashes that begin with this byte.
    ///
    /// # Errors
    /// A disk that fails.
    pub async fn on_shelf(&self, first: u8) -> Result<Vec<String>> {
        let shelf = format!("{first:02x}");
        let (objects, folder) = (self.objects.clone(), format!("evidence/{shelf}"));
        let listed = files::blocking(move || objects.list(&folder)).await?;
        Ok(listed.into_iter().map(|one| format!("{shelf}{}", one.name)).collect())
    }

    /// Removes unfinished uploads that a crash left in the scratch folder; returns their number.
    ///
    /// # Errors
    /// A disk that fails.
    pub async fn clear_arriving(&self) -> Result<u64> {
        let scratch = self.scratch.clone();
        files::blocking(move || {
            let mut removed = 0;
            for file in files::list(&scratch)?.iter().map(|name| scratch.join(name)) {
                let written = std::fs::metadata(&file).and_then(|about| about.modified());
                if written.is_ok_and(is_old) {
                    files::remove_file(&file)?;
                    removed += 1;
                }
            }
            Ok(removed)
        })
        .await
    }
}

/// Name of the object of a file.
pub(super) fn object(sha256: &str) -> String {
    let (shelf, rest) = sha256.split_at_checked(2).unwrap_or(("", sha256));
    format!("evidence/{shelf}/{rest}")
}

/// Whether a file that was written at this instant is too old for a row that is about to name it.
fn is_old(written: SystemTime) -> bool {
    written.elapsed().is_ok_and(|age| age >= GRACE_PERIOD)
}
