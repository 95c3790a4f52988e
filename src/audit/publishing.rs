//! Publication of checkpoints: the end of the trail is signed and published under `/log/audit/`. Every holder of an older
//! checkpoint can verify later that the trail only grew. The chain is verified before each signature; a chain with a flaw is not
//! signed.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use public_log::kept;
use public_log::note::{Checkpoint, Signer, Verifier};

use super::head;
use super::verifying::{Flaw, Kept, Verified, verify};
use crate::base::clock::is_recent;
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::base::keys::Key;
use crate::base::main_store::Main;

/// Folder of the trail among the public logs; no campaign may have this slug.
pub const FOLDER: &str = "audit";

/// Signs and publishes checkpoints, and remembers the result of the last verification.
pub struct Trail {
    folder: PathBuf,
    signer: Signer,
    every: TimeDelta,
    state: Mutex<TrailState>,
}

/// Result of the last verification of the trail.
#[derive(Clone, Debug, Default)]
pub struct TrailState {
    /// Instant of the verification, system time; `None` before the first one.
    pub at: Option<DateTime<Utc>>,
    /// Result of the verification: the verified trail or its first flaw; `None` before the first one.
    pub found: Option<Result<Verified, Flaw>>,
    /// Instant of the last call of [`Trail::attend`] that published, system time.
    attended: Option<DateTime<Utc>>,
}

/// Public folder of the trail in a data directory.
#[must_use]
pub fn folder(data: &Path) -> PathBuf {
    crate::log::folder(data).join(FOLDER)
}

impl Trail {
    /// Opens the trail of a data directory. The trail keeps the name and the key with which it began.
    ///
    /// # Errors
    /// A trail that was signed by another key; a file that cannot be read.
    pub fn open(data: &Path, site: &str, key: &Key, every: Duration) -> Result<Self> {
        let folder = folder(data);
        let standing = files::read(&folder.join("key"))?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let name = standing.as_ref().and_then(|line| Verifier::parse(line.trim_end())).map(|key| key.name);
        let signer = Signer::new(&name.unwrap_or_else(|| format!("{site}/{FOLDER}")), key.ed25519());
        if standing.is_some_and(|line| line.trim_end() != signer.verifier().to_string()) {
            let file = folder.join("key");
            return Err(Error::Internal(format!("{}: this trail was signed by another key", file.display())));
        }
        let every = TimeDelta::from_std(every).unwrap_or(TimeDelta::MAX);
        Ok(Self { folder, signer, every, state: Mutex::default() })
    }

    /// Result of the last verification.
    #[must_use]
    pub fn state(&self) -> TrailState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Publishes a checkpoint where the interval since the last one is over.
    ///
    /// # Errors
    /// As [`Trail::publish`].
    pub async fn attend(&self, store: &Main, system: DateTime<Utc>) -> Result<()> {
        {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.attended.is_some_and(|last| is_recent(last, self.every, system)) {
                return Ok(());
            }
            state.attended = Some(system);
        }
        self.publish(store, system).await.map(|_| ())
    }

    /// Verifies the trail and publishes a checkpoint of its end, unless the end is published already. A trail with a flaw is not
    /// signed. Returns the result of the verification.
    ///
    /// # Errors
    /// A store or a disk that fails.
    pub async fn publish(&self, store: &Main, system: DateTime<Utc>) -> Result<Result<Verified, Flaw>> {
        let found = self.follow(store, system).await?;
        match &found {
            Ok(whole) if whole.chain.size > whole.covered => self.put(whole).await?,
            Ok(_) => {}
            Err(flaw) => tracing::error!(flaw = %flaw, "the audit trail does not hold together; nothing is signed"),
        }
        Ok(found)
    }

    /// Verifies the trail against its chain and against the published checkpoints.
    ///
    /// # Errors
    /// A store or a disk that fails.
    pub async fn follow(&self, store: &Main, system: DateTime<Utc>) -> Result<Result<Verified, Flaw>> {
        let found = match published(&self.folder, &self.signer.verifier())? {
            Ok(kept) => verify(store.db(), &kept).await?,
            Err(flaw) => Err(flaw),
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.at, state.found) = (Some(system), Some(found.clone()));
        Ok(found)
    }

    /// Writes the checkpoint into the history first: a checkpoint that is shown is always kept as well.
    async fn put(&self, whole: &Verified) -> Result<()> {
        let mut root = [0; 32];
        hex::decode_to_slice(&whole.chain.hash, &mut root).map_err(|e| Error::Internal(format!("audit head: {e}")))?;
        let size = whole.chain.size.unsigned_abs();
        let note = self.signer.sign(&Checkpoint { origin: self.signer.name().to_owned(), size, root }.text());
        let (folder, key) = (self.folder.clone(), format!("{}\n", self.signer.verifier()));
        files::blocking(move || {
            files::write_atomic(&folder.join("key"), key.as_bytes())?;
            files::write_atomic(&folder.join("history").join(size.to_string()), note.as_bytes())?;
            files::write_atomic(&folder.join("checkpoint"), note.as_bytes())
        })
        .await
    }
}

/// Number of entries since the newest checkpoint.
///
/// # Errors
/// A store that fails.
pub async fn uncovered(store: &Main, covered: i64) -> Result<i64> {
    Ok(head(store.db()).await?.size - covered)
}

/// The checkpoints in a folder, with verified signatures.
///
/// # Errors
/// A folder that cannot be read. The inner error is a checkpoint that the key did not sign.
pub fn published(folder: &Path, key: &Verifier) -> Result<Result<Vec<Kept>, Flaw>> {
    let history = folder.join("history");
    let mut kept = Vec::new();
    for name in files::list(&history)?.iter().filter(|name| !name.starts_with('.')) {
        match read(&history.join(name), key)? {
            Ok(one) => kept.push(one),
            Err(flaw) => return Ok(Err(flaw)),
        }
    }
    kept.sort_by_key(|one| one.size);
    Ok(Ok(kept))
}

/// The checkpoint in a file, with a verified signature.
///
/// # Errors
/// A file that cannot be read. The inner error is a checkpoint that the key did not sign.
pub fn read(file: &Path, key: &Verifier) -> Result<Result<Kept, Flaw>> {
    let shown = file.display().to_string();
    let bytes = files::read(file)?.ok_or_else(|| Error::Internal(format!("{shown}: there is no such file")))?;
    let opened = kept::text(&bytes).and_then(|note| Checkpoint::open(&note, key));
    let kept = opened.and_then(|found| Some((i64::try_from(found.size).ok()?, hex::encode(found.root))));
    Ok(match kept {
        Some((size, hash)) if size > 0 => Ok(Kept { file: shown, size, hash }),
        _ => Err(Flaw::Signature { file: shown }),
    })
}
