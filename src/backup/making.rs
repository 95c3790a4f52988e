//! Making a copy of a running site. The module [`crate::backup`] explains the order.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::copying::{Copy, Progress, names, sync_folders};
use super::databases::{self, Campaign, Head, View, kind, urls};
use super::logs::{self, Cut};
use super::manifest::{Log, Manifest};
use super::{keys, postgres};
use crate::audit::publishing::FOLDER;
use crate::base::clock::stamp;
use crate::base::error::{Error, Result};
use crate::base::files;
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
    let mut copy = Copy::begin(&config.data, to)?;
    let (cuts, needed, trail) = stores(config, &mut copy, progress).await?;
    for cut in &cuts {
        logs::copy(&mut copy, cut, progress).await?;
        let Head { campaign, origin, size, root } = &cut.head;
        let log = Log { origin: origin.clone(), size: *size, root: hex::encode(root), is_counted: cut.is_counted };
        manifest.logs.insert(campaign.clone(), log);
    }
    checkpoints(&mut copy, trail)?;
    evidence(&mut copy, progress)?;
    copy.take("site.json")?;
    // The key of a campaign without identities is made anew where it is lost.
    manifest.keys = keys::fingerprints(&folder)?;
    manifest.keys.retain(|name, _| !Keys::is_pass(name) || needed.contains(name));
    sync_folders(&copy.to)?;
    manifest.files = std::mem::take(&mut copy.files);
    manifest.ended = stamp();
    manifest.write(&copy.to, &site)
}

/// Copies the stores; returns the cuts of all logs, the names of the pass keys that the papers name, and the number of entries of the
/// audit trail.
async fn stores(config: &Config, copy: &mut Copy, progress: Progress<'_>) -> Result<(Vec<Cut>, BTreeSet<String>, i64)> {
    for _ in 0..ATTEMPTS {
        let mut views = Vec::new();
        for (store, url) in urls(config) {
            progress(store, copy.files.len() as u64);
            views.push(databases::hold(url, store, copy).await?);
        }
        let [ballots, _, main] = views.as_slice() else { break };
        if let Some(cuts) = look(ballots, main).await? {
            let needed = ballots.pass_keys().await?;
            for (view, (store, _)) in views.iter().zip(urls(config)) {
                progress(store, copy.files.len() as u64);
                view.write(copy).await?;
            }
            let trail = main.trail().await;
            for view in views {
                view.close().await?;
            }
            return Ok((cuts, needed, trail));
        }
        for view in views {
            view.discard(copy).await?;
        }
    }
    Err(Error::Internal(
        "campaigns that are counted have ballots that are not sealed: nothing consistent can be copied".to_owned(),
    ))
}

/// The cuts of all logs; `None` where a campaign was counted after the state of the ballots was fixed.
async fn look(ballots: &View, main: &View) -> Result<Option<Vec<Cut>>> {
    let campaigns = main.campaigns().await?;
    for campaign in campaigns.iter().filter(|campaign| campaign.is_counted) {
        if !ballots.is_complete(&campaign.slug).await? {
            return Ok(None);
        }
    }
    Ok(Some(cuts(ballots.heads().await?, &campaigns)))
}

fn cuts(heads: Vec<Head>, campaigns: &[Campaign]) -> Vec<Cut> {
    let known: HashMap<&str, &Campaign> = campaigns.iter().map(|campaign| (campaign.slug.as_str(), campaign)).collect();
    let cut = |head: Head| {
        let campaign = known.get(head.campaign.as_str());
        let is_counted = campaign.is_some_and(|c| c.is_counted);
        Cut { is_counted, is_live: campaign.is_some_and(|c| c.is_live), head }
    };
    heads.into_iter().map(cut).collect()
}

/// Copies the checkpoints of the audit trail up to the end of the copied trail.
fn checkpoints(copy: &mut Copy, trail: i64) -> Result<()> {
    let name = |file: &str| format!("log/{FOLDER}/{file}");
    copy.take(&name("key"))?;
    let published = names(&copy.from.join(name("history")))?;
    let mut sizes: Vec<i64> =
        published.iter().filter_map(|size| size.parse().ok()).filter(|size| *size <= trail).collect();
    sizes.sort_unstable();
    for size in &sizes {
        copy.take(&name(&format!("history/{size}")))?;
    }
    if let Some(newest) = sizes.last() {
        let note = files::read(&copy.from.join(name(&format!("history/{newest}"))))?.unwrap_or_default();
        copy.put(&name("checkpoint"), &note)?;
    }
    Ok(())
}

fn evidence(copy: &mut Copy, progress: Progress<'_>) -> Result<()> {
    for name in names(&copy.from.join("evidence"))? {
        copy.take(&format!("evidence/{name}"))?;
        progress("evidence", copy.files.len() as u64);
    }
    Ok(())
}
