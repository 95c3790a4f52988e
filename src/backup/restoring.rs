//! Restoration of a copy, unless more was published than the copy contains.
//!
//! All checks precede the first write. A mark file is in the data directory from the first write to the last; the server does not
//! start while the mark exists. An interrupted restore therefore never becomes a running site.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use entity::{job, node, session};
use sea_orm::EntityTrait;

use super::copying::{Progress, copy, refused, sha256, sync_folders};
use super::databases::{file, kind, urls};
use super::logs::root_at;
use super::manifest::{Kind, Manifest};
use super::published::{self, Seen};
use super::{databases, keys, postgres};
use crate::audit;
use crate::base::clock::{Clock, stamp};
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::base::keys::Keys;
use crate::base::main_store::Changes;
use crate::base::objects::{FOLDER, Objects};
use crate::base::store::Stores;
use crate::config::Config;
use crate::data_dir::{self, RESTORE_MARK, Site};
use crate::pass::pass_keys::PassKeys;

/// Prefix of the folder that keeps the logs that were in the data directory before.
const ASIDE: &str = "before-restore";

/// Options of a restore: the copy, its keys, and evidence of the published state.
pub struct Wish {
    /// Path of the copy's directory.
    pub copy: PathBuf,
    /// Path of the directory of the copied keys; `None` where the data directory has the keys.
    pub keys: Option<PathBuf>,
    /// Addresses of the published logs: of the site, a mirror or a reader's copy.
    pub logs: Vec<String>,
    /// Whether the operator vouches that nothing was published since the copy was made.
    pub nothing_published_since: bool,
}

/// Restores a copy into the data directory and the databases of the settings.
///
/// # Errors
/// Stores that exist already; a copy that is unfinished, damaged or made with other keys; a copy that is behind the published
/// log; a disk or database that fails.
pub async fn restore(config: &Config, wish: &Wish, progress: Progress<'_>) -> Result<Manifest> {
    let data = &config.data;
    data_dir::refuse_unfinished(data)?;
    let kept = Keys::folder(data);
    let folder = wish.keys.as_deref().unwrap_or(&kept);
    let manifest = Manifest::read(&wish.copy, &keys::site(folder)?)?;
    if let Some(apart) = wish.keys.as_ref().filter(|_| kept.exists()) {
        keys::refuse_others(apart, &kept)?;
    }
    refuse_stores(config, &manifest).await?;
    check_keys(&manifest, folder)?;
    manifest.check(&wish.copy, progress)?;
    let log = keys::log(folder)?;
    let mut seen = published::left_in(config.open_objects()?, &log)?;
    for address in &wish.logs {
        seen.extend(published::read(address, &log)?);
    }
    compare(&manifest, &wish.copy, &seen, wish.nothing_published_since)?;

    let _lock = data_dir::lock(data)?;
    files::write_atomic(&data.join(RESTORE_MARK), b"")?;
    let objects = config.open_objects()?;
    put_aside(config, &manifest, &objects)?;
    if let Some(apart) = &wish.keys {
        keys::put_back(apart, data)?;
    }
    put_files(config, &manifest, &wish.copy, &objects, progress)?;
    put_databases(config, &manifest, &wish.copy, progress).await?;
    begin_again(config, &manifest, folder).await?;
    sync_folders(data)?;
    let mark = data.join(RESTORE_MARK);
    std::fs::remove_file(&mark).map_err(|e| files::failed(&mark, &e))?;
    std::fs::File::open(data).and_then(|dir| dir.sync_all()).map_err(|e| files::failed(data, &e))?;
    Ok(manifest)
}

/// Requires all keys with which the copy was made: with another pass key people could vote twice.
fn check_keys(manifest: &Manifest, folder: &Path) -> Result<()> {
    let found = keys::fingerprints(folder)?;
    let destroyed: BTreeSet<String> =
        manifest.logs.iter().filter(|(_, log)| log.is_counted).map(|(campaign, _)| keys::pass_name(campaign)).collect();
    for (name, fingerprint) in manifest.keys.iter().filter(|(name, _)| !destroyed.contains(*name)) {
        match found.get(name) {
            Some(known) if known == fingerprint => {}
            Some(_) => return Err(refused(&folder.join(name), "is another key than the one the copy was made with")),
            None => {
                return Err(refused(
                    &folder.join(name),
                    "is missing: name the copy of the keys (--keys); or the keys were copied before this key was made, or are those of another site",
                ));
            }
        }
    }
    Ok(())
}

/// Refuses settings under which data would be lost or could not be read.
async fn refuse_stores(config: &Config, manifest: &Manifest) -> Result<()> {
    for (store, url) in urls(config) {
        let copied = manifest.stores.get(store).copied();
        match (copied, url) {
            (Some(Kind::Sqlite), None) => {
                let standing = config.data.join(file(store, Kind::Sqlite));
                if standing.exists() {
                    return Err(refused(&standing, "is there already: restore into a directory without stores"));
                }
            }
            (Some(Kind::Postgresql), Some(url)) => {
                postgres::need("pg_restore")?;
                if !databases::is_empty(url).await? {
                    return Err(Error::Internal(format!(
                        "the database for {store} is not empty: restore into databases without tables"
                    )));
                }
            }
            (Some(copied), _) => {
                return Err(Error::Internal(format!(
                    "{store} was copied from {copied:?} and the settings name {:?}; a copy goes back to the kind of database \
                     that it came from",
                    kind(url)
                )));
            }
            (None, _) => return Err(Error::Internal(format!("the copy holds no {store}"))),
        }
    }
    Ok(())
}

/// Refuses a copy that lacks published entries, and a copy for which nobody states how much was published.
fn compare(manifest: &Manifest, copy: &Path, seen: &[Seen], is_vouched: bool) -> Result<()> {
    let mut wrong = Vec::new();
    let mut told = BTreeSet::new();
    for Seen { place, checkpoint } in seen {
        let known = manifest.logs.iter().find(|(_, log)| log.origin == checkpoint.origin);
        let Some((campaign, log)) = known else {
            wrong.push(format!("{place}: {} is published and this copy does not know it", checkpoint.origin));
            continue;
        };
        told.insert(campaign);
        let (published, copied) = (checkpoint.size, log.size);
        if published > copied {
            wrong.push(format!(
                "{place}: {published} entries of {campaign} are published and this copy ends at {copied}"
            ));
        } else if published > 0
            && root_at(&copy.join(FOLDER).join("log").join(campaign), copied, published)? != checkpoint.root
        {
            wrong.push(format!(
                "{place}: the log of {campaign} was published with {published} entries of which this copy holds others: two \
                 logs were signed"
            ));
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Internal(format!(
            "this copy is behind what was published, and a log that goes on from it would contradict itself\n  {}\n\
             Restore a newer copy. Where there is none, leave the published log as it is, to be read only, and hold the vote \
             anew under another name.",
            wrong.join("\n  ")
        )));
    }
    let untold: Vec<&str> =
        manifest.logs.keys().filter(|campaign| !told.contains(campaign)).map(String::as_str).collect();
    if is_vouched || (!seen.is_empty() && untold.is_empty()) {
        return Ok(());
    }
    let which = if untold.is_empty() { "the logs".to_owned() } else { format!("the log of {}", untold.join(", ")) };
    Err(Error::Internal(format!(
        "nobody says how far {which} was published: name a place that knows with --log (the site, a mirror, a reader's copy), \
         or vouch with --nothing-published-since that nothing was published after {}",
        manifest.began
    )))
}

/// Moves logs of the site aside. These logs are prefixes of the copy's logs, because otherwise the copy would have been refused. At a
/// shared place the objects stay that the copy has, too. What the copy does not know is kept aside and removed: snapshots, stages, and
/// later checkpoints of the audit trail.
fn put_aside(config: &Config, manifest: &Manifest, objects: &Objects) -> Result<()> {
    let aside = config.data.join(format!("{ASIDE}-{}", stamp().format("%Y%m%dT%H%M%S%6f")));
    if config.objects.is_some() {
        objects.remove("snapshots")?;
        objects.remove("staged")?;
        let history = format!("log/{}/history", audit::publishing::FOLDER);
        for later in objects.list(&history)?.iter().map(|one| format!("{history}/{}", one.name)) {
            if !manifest.files.contains_key(&format!("{FOLDER}/{later}")) {
                files::write_atomic(&aside.join(&later), &objects.need(&later)?)?;
                objects.remove(&later)?;
            }
        }
        return Ok(());
    }
    for name in ["log", "staged", "snapshots"] {
        let (from, to) = (config.data.join(FOLDER).join(name), aside.join(name));
        if from.exists() {
            let moved = files::create_dir_synced(&aside).and_then(|()| std::fs::rename(&from, &to));
            moved.map_err(|e| files::failed(&to, &e))?;
        }
    }
    Ok(())
}

fn put_files(
    config: &Config,
    manifest: &Manifest,
    from: &Path,
    objects: &Objects,
    progress: Progress<'_>,
) -> Result<()> {
    for (count, (name, hash)) in (1..).zip(&manifest.files) {
        let (source, place) = (from.join(name), config.data.join(name));
        let is_inside = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !is_inside {
            return Err(refused(&source, "leads out of the copy"));
        }
        if name.ends_with(".dump") && !name.contains('/') {
            continue;
        }
        progress("restoring", count);
        if let Some(object) = name.strip_prefix(&format!("{FOLDER}/")).filter(|_| config.objects.is_some()) {
            let bytes = files::read(&source)?.ok_or_else(|| refused(&source, "is missing"))?;
            objects.put(object, bytes)?;
            continue;
        }
        let is_there = name.starts_with(&format!("{FOLDER}/evidence/")) && sha256(&place)?.as_ref() == Some(hash);
        if !is_there {
            drop(std::fs::remove_file(&place));
            if copy(&source, &place)?.as_ref() != Some(hash) {
                return Err(refused(&source, "changed while it was restored"));
            }
        }
    }
    Ok(())
}

async fn put_databases(config: &Config, manifest: &Manifest, from: &Path, progress: Progress<'_>) -> Result<()> {
    for (store, url) in urls(config) {
        if let Some(url) = url {
            progress(store, manifest.files.len() as u64);
            postgres::restore(url, &from.join(file(store, Kind::Postgresql))).await?;
        }
    }
    Ok(())
}

/// Puts the pass keys back. Deletes all sessions, because otherwise sessions that ended after the copy was made would be valid again. Records the restore
/// in the audit trail, which thereby shows that entries after the copy are lost.
async fn begin_again(config: &Config, manifest: &Manifest, from_keys: &Path) -> Result<()> {
    let stores = Stores::connect(&config.data, &config.store_urls()).await?;
    drop(stores.migrate().await?);
    audit::adopting::adopt(&stores.main).await?;
    // A pass key is destroyed at the count, and must not return with an older copy of the keys.
    let is_counted = |campaign: &str| manifest.logs.get(campaign).is_some_and(|log| log.is_counted);
    let is_wanted = |campaign: &str| manifest.keys.contains_key(&keys::pass_name(campaign)) && !is_counted(campaign);
    let pass_keys = PassKeys::of(stores.main.clone(), &Keys::read(&config.data)?);
    keys::put_pass_keys_back(from_keys, &pass_keys, is_wanted).await?;
    let clock = Clock::shifted(chrono::TimeDelta::seconds(Site::read(&config.data)?.clock_offset));
    let ctx = Ctx::system("restore", &clock);
    let detail = serde_json::json!({ "copied": manifest.began });
    stores
        .main
        .write(Changes::Internal, async |tx| {
            session::Entity::delete_many().exec(tx).await?;
            // The processes that served the copied site do not serve this one.
            node::Entity::delete_many().exec(tx).await?;
            job::Entity::delete_many().exec(tx).await?;
            audit::record(tx, &ctx, "backup.restore", "", detail).await
        })
        .await?;
    stores.close().await
}
