//! Making a copy of a running site. The module [`crate::backup`] explains the order.

use std::collections::BTreeSet;
use std::path::Path;

use super::copying::{Copy, Progress, sync_folders};
use super::databases::{self, Head, View, kind, urls};
use super::manifest::{Log, Manifest};
use super::{keys, logs, postgres};
use crate::audit::publishing;
use crate::base::clock::stamp;
use crate::base::error::{Error, Result};
use crate::base::keys::Keys;
use crate::config::Config;

/// Number of attempts to fix the states of all stores. An attempt fails when a campaign is counted between two of them, which
/// happens once for each campaign.
const ATTEMPTS: usize = 5;

/// Copies a data directory and the databases of its settings into an empty or new directory. The server may run.
///
/// # Errors
/// A directory that is not empty; stores or files that cannot be read or are damaged; a full disk. After an error there is no
/// manifest.
pub async fn make(config: &Config, to: &Path, progress: Progress<'_>) -> Result<Manifest> {
    let mut manifest = Manifest::new(stamp());
    let folder = Keys::folder(&config.data);
    let site = keys::site(&folder)?;
    let urls = urls(config);
    if urls.iter().any(|(_, url)| url.is_some()) {
        postgres::need("pg_dump")?;
    }
    manifest.stores = urls.iter().map(|(store, url)| ((*store).to_owned(), kind(*url))).collect();
    let mut copy = Copy::begin(&config.data, to, config.open_objects()?)?;
    let State { heads, counted, pass_keys, trail } = stores(config, &mut copy, progress).await?;
    for head in &heads {
        logs::copy(&mut copy, head, progress).await?;
        let Head { campaign, origin, size, root, .. } = head;
        let is_counted = counted.contains(campaign);
        let log = Log { origin: origin.clone(), size: *size, root: hex::encode(root), is_counted };
        manifest.logs.insert(campaign.clone(), log);
    }
    checkpoints(&mut copy, trail)?;
    evidence(&mut copy, progress)?;
    copy.take("site.json")?;
    // The key of a campaign without identities is made anew where it is lost.
    manifest.keys = keys::fingerprints_of(config).await?;
    manifest.keys.retain(|name, _| !keys::is_pass(name) || pass_keys.contains(name));
    sync_folders(&copy.to)?;
    manifest.files = std::mem::take(&mut copy.files);
    manifest.ended = stamp();
    manifest.write(&copy.to, &site)
}

/// State of the copied stores.
struct State {
    /// Heads of all logs.
    heads: Vec<Head>,
    /// Slugs of the counted campaigns.
    counted: BTreeSet<String>,
    /// File names of the pass keys whose fingerprints are in papers.
    pass_keys: BTreeSet<String>,
    /// Number of entries of the audit trail.
    trail: u64,
}

/// Copies the stores.
async fn stores(config: &Config, copy: &mut Copy, progress: Progress<'_>) -> Result<State> {
    for _ in 0..ATTEMPTS {
        let mut views = Vec::new();
        for (store, url) in urls(config) {
            progress(store, copy.files.len() as u64);
            views.push(databases::hold(url, store, copy).await?);
        }
        let [ballots, _, main] = views.as_slice() else { break };
        let counted = main.counted().await?;
        if are_complete(ballots, &counted).await? {
            let (heads, pass_keys) = (ballots.heads().await?, ballots.pass_keys().await?);
            for (view, (store, _)) in views.iter().zip(urls(config)) {
                progress(store, copy.files.len() as u64);
                view.write(copy).await?;
            }
            let trail = main.trail().await.unsigned_abs();
            for view in views {
                view.close().await?;
            }
            return Ok(State { heads, counted, pass_keys, trail });
        }
        for view in views {
            view.discard(copy).await?;
        }
    }
    Err(Error::Internal(
        "campaigns that are counted have ballots that are not sealed: nothing consistent can be copied".to_owned(),
    ))
}

/// Whether all ballots of the counted campaigns are in the copied state; false where a campaign was counted after that state was
/// fixed.
async fn are_complete(ballots: &View, counted: &BTreeSet<String>) -> Result<bool> {
    for campaign in counted {
        if !ballots.is_complete(campaign).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Copies the checkpoints of the audit trail up to the end of the copied trail.
fn checkpoints(copy: &mut Copy, trail: u64) -> Result<()> {
    let covered = publishing::sizes(&copy.objects)?.into_iter().filter(|size| *size <= trail);
    let history = covered.map(|size| format!("history/{size}"));
    for path in std::iter::once("key".to_owned()).chain(history) {
        copy.object(&format!("log/{}/{path}", publishing::FOLDER))?;
    }
    Ok(())
}

/// Copies the evidence: every file of every shelf.
fn evidence(copy: &mut Copy, progress: Progress<'_>) -> Result<()> {
    for shelf in copy.objects.list("evidence")? {
        let shelf = format!("evidence/{}", shelf.name);
        for file in copy.objects.list(&shelf)? {
            copy.object(&format!("{shelf}/{}", file.name))?;
            progress("evidence", copy.files.len() as u64);
        }
    }
    Ok(())
}
