//! The manifest of a copy: a description of the copy with the hashes of all files, sealed with an HMAC.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::copying::{Progress, sha256};
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::base::keys::Key;

/// Name of the manifest's file.
pub const NAME: &str = "manifest.json";
/// Number of the form of copies that this version writes and reads.
const FORM: u32 = 2;

/// Description of a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Number of the copy's form.
    form: u32,
    /// Version of the product that made the copy.
    pub product: String,
    /// Instant at which copying began, system time. Later ballots may be missing.
    pub began: DateTime<Utc>,
    /// Instant at which copying ended, system time.
    pub ended: DateTime<Utc>,
    /// Kind of database of each store, by name of the store.
    pub stores: BTreeMap<String, Kind>,
    /// Logs in the copy, by campaign slug.
    pub logs: BTreeMap<String, Log>,
    /// Fingerprints of the key files, by file name. The keys themselves are not in the copy.
    pub keys: BTreeMap<String, String>,
    /// SHA-256 of every file in the copy, in hexadecimal, by path.
    pub files: BTreeMap<String, String>,
}

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An SQLite file.
    Sqlite,
    /// A dump of PostgreSQL in its custom format.
    Postgresql,
}

/// A log in the copy, cut at a size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Name of the log (origin of its checkpoints).
    pub origin: String,
    /// Number of entries at the cut.
    pub size: u64,
    /// Root hash at the cut, in hexadecimal.
    pub root: String,
    /// Whether the campaign is counted: the entries are public, and the pass key is destroyed.
    pub is_counted: bool,
}

/// Content of the file: the manifest with its seal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    manifest: Manifest,
    /// HMAC of the manifest under a key that is derived from the site key, in hexadecimal.
    seal: String,
}

impl Manifest {
    /// A manifest without any content.
    #[must_use]
    pub fn new(began: DateTime<Utc>) -> Self {
        Self {
            form: FORM,
            product: env!("CARGO_PKG_VERSION").to_owned(),
            began,
            ended: began,
            stores: BTreeMap::new(),
            logs: BTreeMap::new(),
            keys: BTreeMap::new(),
            files: BTreeMap::new(),
        }
    }

    /// Seals the manifest and writes it, which makes the copy complete.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn write(self, dir: &Path, site: &Key) -> Result<Self> {
        let sealed = Sealed { seal: hex::encode(self.mac(site)?), manifest: self };
        let text = serde_json::to_vec_pretty(&sealed).map_err(|e| Error::Internal(e.to_string()))?;
        files::write_atomic(&dir.join(NAME), &text)?;
        Ok(sealed.manifest)
    }

    /// Reads the manifest of a copy, sealed under the given site key.
    ///
    /// # Errors
    /// A copy that was not finished, has another form, was changed, or was made with another key.
    pub fn read(dir: &Path, site: &Key) -> Result<Self> {
        let file = dir.join(NAME);
        let refused = |what: &str| Error::Internal(format!("{}: {what}", file.display()));
        let text = files::read(&file)?.ok_or_else(|| refused("is missing: this copy was not finished"))?;
        let sealed: Sealed =
            serde_json::from_slice(&text).map_err(|e| refused(&format!("is damaged, or of another form ({e})")))?;
        let manifest = sealed.manifest;
        let fits: bool = hex::decode(&sealed.seal).unwrap_or_default().ct_eq(&manifest.mac(site)?).into();
        if !fits {
            return Err(refused(
                "is not sealed by the site's key: it was changed, or the keys are those of another site",
            ));
        }
        if manifest.form != FORM {
            return Err(refused(&format!("is of form {}; this version reads {FORM}", manifest.form)));
        }
        Ok(manifest)
    }

    /// Compares every file of a copy with its hash.
    ///
    /// # Errors
    /// The first file that is missing or was changed.
    pub fn check(&self, dir: &Path, progress: Progress<'_>) -> Result<()> {
        for (count, (name, hash)) in (1..).zip(&self.files) {
            let file = dir.join(name);
            match sha256(&file)? {
                Some(found) if found == *hash => progress("checking", count),
                Some(_) => return Err(Error::Internal(format!("{}: was changed since it was copied", file.display()))),
                None => return Err(Error::Internal(format!("{}: is missing from the copy", file.display()))),
            }
        }
        Ok(())
    }

    fn mac(&self, site: &Key) -> Result<[u8; 32]> {
        let text = serde_json::to_vec(self).map_err(|e| Error::Internal(e.to_string()))?;
        Ok(site.derive("backup/1", "").mac(&[&text]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_read_back_and_no_changed_byte_is_believed() {
        let (dir, key) = (tempfile::tempdir().unwrap(), Key::ephemeral().unwrap());
        let mut manifest = Manifest::new(crate::base::clock::stamp());
        let log = Log { origin: "a/log/s1".to_owned(), size: 7, root: "ab".repeat(32), is_counted: false };
        manifest.logs.insert("s1".to_owned(), log);
        manifest.files.insert("main.db".to_owned(), "cd".repeat(32));
        let written = manifest.write(dir.path(), &key).unwrap();
        assert_eq!(Manifest::read(dir.path(), &key).unwrap(), written);
        assert!(Manifest::read(dir.path(), &Key::ephemeral().unwrap()).is_err());
        let file = dir.path().join(NAME);
        let whole = std::fs::read(&file).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&file, bytes).unwrap();
            let read = Manifest::read(dir.path(), &key);
            assert!(read.as_ref().is_err() || read.is_ok_and(|same| same == written), "byte {at}");
        }
    }
}
