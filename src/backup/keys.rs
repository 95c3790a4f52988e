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
use crate::base::main_store::{self, Main};
use crate::config::Config;
use crate::pass::pass_keys::PassKeys;

/// Name of the file with the site key, from which the seal of every copy is derived.
const SITE: &str = "site.key";
/// Name of the file with the key that signs the public logs.
const LOG: &str = "log.key";
/// Beginning of the names of the files of pass keys.
const PASS: &str = "pass-";

/// Copies the keys of a site into a separate directory, where only the owner can read them; returns their number. The pass keys, which
/// are rows of the main store, become files.
///
/// # Errors
/// An error of [`refuse_place`]; a directory that is not empty; a store or disk that fails.
pub async fn copy_apart(config: &Config, to: &Path) -> Result<usize> {
    refuse_place(&config.data, None, to)?;
    let (folder, to) = (Keys::folder(&config.data), resolved(to)?);
    site(&folder)?;
    make_private(&to)?;
    let (files, pass_keys) = (files(&folder)?, stored(config).await?);
    for (name, file) in &files {
        copy_key(file, &to.join(name))?;
    }
    for (name, key) in &pass_keys {
        let place = to.join(name);
        key.write(&place)?;
        close(&place)?;
    }
    sync_folders(&to)?;
    Ok(files.len() + pass_keys.len())
}

/// The pass keys of the main store, by the names of their files in a copy of the keys.
async fn stored(config: &Config) -> Result<BTreeMap<String, Key>> {
    if config.main_url.is_none() && !config.data.join(main_store::FILE).exists() {
        return Ok(BTreeMap::new());
    }
    let main = Main::connect(&config.data, config.main_url.as_deref()).await?;
    let found = PassKeys::of(main.clone(), &Keys::read(&config.data)?).all().await;
    main.close().await?;
    Ok(found?.into_iter().map(|(campaign, key)| (pass_name(&campaign), key)).collect())
}

/// Puts the pass keys of a copy of the keys back into the main store: those of the campaigns that `is_wanted` selects.
///
/// # Errors
/// A folder that cannot be read; a store that fails.
pub async fn put_pass_keys_back(from: &Path, pass_keys: &PassKeys, is_wanted: impl Fn(&str) -> bool) -> Result<()> {
    for (name, file) in files(from)? {
        let campaign = name.strip_prefix(PASS).and_then(|rest| rest.strip_suffix(".key"));
        if let Some(campaign) = campaign.filter(|campaign| is_wanted(campaign))
            && let Some(key) = Key::read(&file)?
        {
            pass_keys.put_back(campaign, &key).await?;
        }
    }
    Ok(())
}

/// Name of the file of a campaign's pass key in a copy of the keys.
#[must_use]
pub fn pass_name(campaign: &str) -> String {
    format!("{PASS}{campaign}.key")
}

/// Whether a file of this name is a pass key.
#[must_use]
pub fn is_pass(name: &str) -> bool {
    name.starts_with(PASS)
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

/// Puts the key files that were copied apart into a data directory that has none. A data directory with keys keeps its own, which have
/// to be the same ([`refuse_others`]).
///
/// # Errors
/// A disk that fails.
pub fn put_back(from: &Path, data: &Path) -> Result<()> {
    let folder = Keys::folder(data);
    if folder.exists() {
        return Ok(());
    }
    for (name, file) in files(from)?.into_iter().filter(|(name, _)| !is_pass(name)) {
        copy_key(&file, &folder.join(name))?;
    }
    sync_folders(&folder)
}

/// Refuses a data directory whose keys differ from those of the copy.
///
/// # Errors
/// Another key; a key that cannot be read.
pub fn refuse_others(from: &Path, folder: &Path) -> Result<()> {
    for name in [SITE, LOG] {
        let (copied, standing) = (Key::read(&from.join(name))?, Key::read(&folder.join(name))?);
        if copied.map(|key| key.fingerprint()) != standing.map(|key| key.fingerprint()) {
            return Err(refused(&folder.join(name), "is there already, and is another key than the copied one"));
        }
    }
    Ok(())
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
    Key::read(&folder.join(LOG))?.ok_or_else(|| refused(folder, "holds no log.key"))
}

/// Fingerprints of the key files of a folder, by name.
///
/// # Errors
/// A folder or key that cannot be read.
pub fn fingerprints(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for (name, file) in files(folder)? {
        if let Some(key) = Key::read(&file)? {
            found.insert(name, key.fingerprint());
        }
    }
    Ok(found)
}

/// Fingerprints of all keys of a site, by the names of their files in a copy of the keys.
///
/// # Errors
/// A store or a key that cannot be read.
pub async fn fingerprints_of(config: &Config) -> Result<BTreeMap<String, String>> {
    let mut found = fingerprints(&Keys::folder(&config.data))?;
    found.extend(stored(config).await?.into_iter().map(|(name, key)| (name, key.fingerprint())));
    Ok(found)
}

fn copy_key(file: &Path, place: &Path) -> Result<()> {
    copy(file, place)?;
    close(place)
}

/// Lets only the owner of a key file read the file, and nobody write it.
fn close(place: &Path) -> Result<()> {
    std::fs::set_permissions(place, PermissionsExt::from_mode(0o400)).map_err(|e| failed(place, &e))
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
