//! Copies of the keys, kept apart from everything that the keys unlock.
//!
//! The holder of a copy of both the stores and the keys can link persons to ballots while voting runs. One of both copies alone
//! does not allow this.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::copying::{copy, make_private, refused, resolved, sync_folders};
use super::manifest;
use crate::base::error::Result;
use crate::base::files::failed;
use crate::base::keys::{Key, Keys};

/// Name of the file with the site key, from which the seal of every copy is derived.
const SITE: &str = "site.key";

/// Copies the key files of a data directory into a separate directory, where only the owner can read them; returns their number.
///
/// # Errors
/// An error of [`refuse_place`]; a directory that is not empty; a disk that fails.
pub fn copy_apart(data: &Path, to: &Path) -> Result<usize> {
    refuse_place(data, None, to)?;
    let (folder, to) = (Keys::folder(data), resolved(to)?);
    site(&folder)?;
    make_private(&to)?;
    let files = files(&folder)?;
    for (name, file) in &files {
        put(file, &to.join(name))?;
    }
    sync_folders(&to)?;
    Ok(files.len())
}

/// Refuses a directory for keys that is inside or around the data directory or a copy of the stores.
///
/// # Errors
/// A directory that is not apart from those.
pub fn refuse_place(data: &Path, copy: Option<&Path>, to: &Path) -> Result<()> {
    let to = resolved(to)?;
    for other in [Some(data), copy].into_iter().flatten() {
        let other = resolved(other)?;
        if to.starts_with(&other) || other.starts_with(&to) {
            return Err(refused(&to, &format!("is not apart from {}; keys are kept apart", other.display())));
        }
    }
    let is_copy =
        |dir: &&Path| [manifest::NAME, "ballots.db", "ballots.dump"].iter().any(|file| dir.join(file).exists());
    match to.ancestors().find(is_copy) {
        Some(copy) => {
            Err(refused(&to, &format!("lies in {}, a copy of the stores; keys are kept apart", copy.display())))
        }
        None => Ok(()),
    }
}

/// Puts keys that were copied apart into a data directory. `is_wanted` selects the keys by their file names.
///
/// # Errors
/// A disk that fails.
pub fn put_back(from: &Path, data: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<()> {
    let folder = Keys::folder(data);
    for (name, file) in files(from)?.into_iter().filter(|(name, _)| is_wanted(name)) {
        put(&file, &folder.join(name))?;
    }
    sync_folders(&folder)
}

/// The site key, under which every copy is sealed.
///
/// # Errors
/// A folder without the key.
pub fn site(folder: &Path) -> Result<Key> {
    Key::read(&folder.join(SITE))?.ok_or_else(|| refused(folder, "holds no site.key: there are no keys"))
}

/// The key that signs the public logs.
///
/// # Errors
/// A folder without the key.
pub fn log(folder: &Path) -> Result<Key> {
    Key::read(&folder.join("log.key"))?.ok_or_else(|| refused(folder, "holds no log.key"))
}

/// Fingerprints of the key files of a folder, by name.
///
/// # Errors
/// A folder or key that cannot be read.
pub fn fingerprints(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for (name, file) in files(folder)? {
        // A pass key may be destroyed in the meantime.
        if let Some(key) = Key::read(&file)? {
            found.insert(name, key.fingerprint());
        }
    }
    Ok(found)
}

/// Copies one key file. A pass key that was destroyed in the meantime is skipped.
fn put(file: &Path, place: &Path) -> Result<()> {
    if copy(file, place)?.is_some() {
        std::fs::set_permissions(place, PermissionsExt::from_mode(0o400)).map_err(|e| failed(place, &e))?;
    }
    Ok(())
}

fn files(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|e| failed(folder, &e))?;
    let mut found = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(|e| failed(folder, &e))?.path();
        if path.extension().is_some_and(|end| end == "key")
            && let Some(name) = path.file_name()
        {
            found.insert(name.to_string_lossy().into_owned(), path);
        }
    }
    Ok(found)
}
