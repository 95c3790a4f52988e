//! Publication of checkpoints: the end of the trail is signed and published under `/log/audit/`. Every holder of an older
//! checkpoint can verify later that the trail only grew. The chain is verified before each signature; a chain with a flaw is not
//! signed. The checkpoints are objects; the newest of them is the one with the largest size.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use public_log::kept;
use public_log::note::{Checkpoint, Signer, Verifier};
use tokio::sync::OnceCell;

use super::head;
use super::verifying::{Flaw, Kept, Verified, verify};
use crate::base::clock::is_recent;
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::base::keys::Key;
use crate::base::main_store::{Changes, Main};
use crate::base::objects::Objects;

/// Name of the trail among the public logs; no campaign may have this slug.
pub const FOLDER: &str = "audit";
/// Name of the verifier key of the trail among the objects.
const KEY: &str = "log/audit/key";
/// Name of the checkpoints of the trail among the objects.
const HISTORY: &str = "log/audit/history";

/// Signs and publishes checkpoints, and remembers the result of the last verification.
pub struct Trail {
    objects: Objects,
    site: String,
    key: Key,
    /// Signer with the name under which the trail began, once that name was read.
    signer: OnceCell<Signer>,
    /// Checkpoints that were read, by size. Objects never change, so each is read once.
    kept: Mutex<BTreeMap<u64, Kept>>,
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

impl Trail {
    /// Opens the trail of a site. The trail keeps the name and the key with which it began. While the object store does not answer,
    /// nothing is read: the name is read before the next publication.
    ///
    /// # Errors
    /// A trail that was signed by another key; an object that cannot be read.
    pub async fn open(objects: Objects, site: &str, key: &Key, every: Duration) -> Result<Self> {
        let every = TimeDelta::from_std(every).unwrap_or(TimeDelta::MAX);
        let (site, key, signer) = (site.to_owned(), key.clone(), OnceCell::new());
        let trail = Self { objects, site, key, signer, kept: Mutex::default(), every, state: Mutex::default() };
        match trail.signer().await {
            Err(Error::Away(why)) => tracing::warn!(why, "the audit trail is not opened yet"),
            opened => drop(opened?),
        }
        Ok(trail)
    }

    async fn signer(&self) -> Result<&Signer> {
        let (objects, site, key) = (self.objects.clone(), self.site.clone(), self.key.clone());
        self.signer.get_or_try_init(|| files::blocking(move || signer(&objects, &site, &key))).await
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
            Ok(whole) if whole.chain.size > whole.covered => {
                // A commit that waits for the standby: everything that was read before is durable then.
                store.write(Changes::Internal, async |_| Ok(())).await?;
                self.put(whole).await?;
            }
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
        let found = match self.published().await? {
            Ok(kept) => verify(store.db(), &kept).await?,
            Err(flaw) => Err(flaw),
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.at, state.found) = (Some(system), Some(found.clone()));
        Ok(found)
    }

    /// The public checkpoints, with verified signatures, ascending by size.
    async fn published(&self) -> Result<Result<Vec<Kept>, Flaw>> {
        let (objects, key) = (self.objects.clone(), self.signer().await?.verifier());
        let known = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let found = files::blocking(move || read_new(&objects, &key, known)).await?;
        Ok(found.map(|kept| {
            self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&kept);
            kept.into_values().collect()
        }))
    }

    /// Stores the key first: a checkpoint that is shown can be verified.
    async fn put(&self, whole: &Verified) -> Result<()> {
        let signer = self.signer().await?;
        let mut root = [0; 32];
        hex::decode_to_slice(&whole.chain.hash, &mut root).map_err(|e| Error::Internal(format!("audit head: {e}")))?;
        let size = whole.chain.size.unsigned_abs();
        let note = signer.sign(&Checkpoint { origin: signer.name().to_owned(), size, root }.text());
        let (objects, key) = (self.objects.clone(), format!("{}\n", signer.verifier()));
        files::blocking(move || {
            objects.put(KEY, key.into_bytes())?;
            objects.put(&format!("{HISTORY}/{size}"), note.into_bytes())
        })
        .await
    }

    /// Whether a checkpoint of the trail is public.
    ///
    /// # Errors
    /// A disk that fails.
    pub async fn is_begun(&self) -> Result<bool> {
        let objects = self.objects.clone();
        files::blocking(move || Ok(newest(&objects)?.is_some())).await
    }

    /// A public file of the trail: the key, the newest checkpoint or an earlier one; none where there is none.
    ///
    /// # Errors
    /// A disk that fails; a path with signs that no name has.
    pub async fn public_file(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let (objects, path) = (self.objects.clone(), path.to_owned());
        files::blocking(move || public_file(&objects, &path)).await
    }

    /// Names and sizes of the public files of a folder of the trail, ascending; a folder has no size.
    ///
    /// # Errors
    /// As [`Trail::public_file`].
    pub async fn public_files(&self, folder: &str) -> Result<Vec<(String, Option<u64>)>> {
        let (objects, folder) = (self.objects.clone(), folder.to_owned());
        files::blocking(move || {
            let name = format!("log/{FOLDER}/{folder}");
            let listed = objects.list(name.trim_end_matches('/'))?;
            let mut found: Vec<_> = listed.into_iter().map(|one| (one.name, one.size)).collect();
            if folder.is_empty() {
                let newest = public_file(&objects, CHECKPOINT)?;
                found.extend(newest.map(|bytes| (CHECKPOINT.to_owned(), Some(bytes.len() as u64))));
            }
            found.sort_unstable();
            Ok(found)
        })
        .await
    }
}

/// Name of the newest checkpoint among the public files of the trail.
const CHECKPOINT: &str = "checkpoint";

/// A public file of the trail; none where there is none.
///
/// # Errors
/// A disk that fails.
pub fn public_file(objects: &Objects, path: &str) -> Result<Option<Vec<u8>>> {
    if path != CHECKPOINT {
        return objects.get(&format!("log/{FOLDER}/{path}"));
    }
    match newest(objects)? {
        Some(size) => objects.get(&format!("{HISTORY}/{size}")),
        None => Ok(None),
    }
}

/// Sizes of the trail of which there is a checkpoint, ascending.
///
/// # Errors
/// A disk that fails.
pub fn sizes(objects: &Objects) -> Result<Vec<u64>> {
    let mut sizes: Vec<u64> = objects.list(HISTORY)?.iter().filter_map(|one| one.name.parse().ok()).collect();
    sizes.sort_unstable();
    Ok(sizes)
}

fn newest(objects: &Objects) -> Result<Option<u64>> {
    Ok(sizes(objects)?.last().copied())
}

/// Number of entries since the newest checkpoint.
///
/// # Errors
/// A store that fails.
pub async fn uncovered(store: &Main, covered: i64) -> Result<i64> {
    Ok(head(store.db()).await?.size - covered)
}

/// The checkpoints among the objects, with verified signatures, ascending by size.
///
/// # Errors
/// An object that cannot be read. The inner error is a checkpoint that the key did not sign, or that lies under another size.
pub fn published(objects: &Objects, key: &Verifier) -> Result<Result<Vec<Kept>, Flaw>> {
    Ok(read_new(objects, key, BTreeMap::new())?.map(|kept| kept.into_values().collect()))
}

/// All checkpoints by size. Those that are known are not read again.
fn read_new(
    objects: &Objects,
    key: &Verifier,
    mut known: BTreeMap<u64, Kept>,
) -> Result<Result<BTreeMap<u64, Kept>, Flaw>> {
    for size in sizes(objects)? {
        if known.contains_key(&size) {
            continue;
        }
        let name = format!("{HISTORY}/{size}");
        match opened(name.clone(), &objects.need(&name)?, key) {
            Ok(one) if one.size.unsigned_abs() == size => known.insert(size, one),
            Ok(_) => return Ok(Err(Flaw::Signature { file: name })),
            Err(flaw) => return Ok(Err(flaw)),
        };
    }
    Ok(Ok(known))
}

/// The signer of the trail, under the name with which the trail began.
fn signer(objects: &Objects, site: &str, key: &Key) -> Result<Signer> {
    let standing = objects.get(KEY)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let name = standing.as_ref().and_then(|line| Verifier::parse(line.trim_end())).map(|key| key.name);
    let signer = Signer::new(&name.unwrap_or_else(|| format!("{site}/{FOLDER}")), key.ed25519());
    if standing.is_some_and(|line| line.trim_end() != signer.verifier().to_string()) {
        return Err(Error::Internal(format!("{KEY}: this trail was signed by another key")));
    }
    Ok(signer)
}

/// The checkpoint in a file, with a verified signature.
///
/// # Errors
/// A file that cannot be read. The inner error is a checkpoint that the key did not sign.
pub fn read(file: &Path, key: &Verifier) -> Result<Result<Kept, Flaw>> {
    let shown = file.display().to_string();
    let bytes = files::read(file)?.ok_or_else(|| Error::Internal(format!("{shown}: there is no such file")))?;
    Ok(opened(shown, &bytes, key))
}

fn opened(file: String, bytes: &[u8], key: &Verifier) -> Result<Kept, Flaw> {
    let opened = kept::text(bytes).and_then(|note| Checkpoint::open(&note, key));
    match opened.and_then(|found| Some((i64::try_from(found.size).ok()?, hex::encode(found.root)))) {
        Some((size, hash)) if size > 0 => Ok(Kept { file, size, hash }),
        _ => Err(Flaw::Signature { file }),
    }
}
