//! The published state of the logs: signed checkpoints, from the site itself, a mirror, or a reader's copy.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use public_log::note::{Checkpoint, Signer, Verifier};

use super::copying::refused;
use crate::audit::publishing::FOLDER;
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::base::keys::Key;
use crate::base::objects::{FOLDER as FOLDER_OF_OBJECTS, Objects};

/// Largest answer that is read, in bytes: a list of batches has a line for each batch.
const MAX_FILE: u64 = 16 << 20;
/// Longest time for the answer of a site.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A log as some place publishes it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Address or path of the checkpoint.
    pub place: String,
    /// Newest checkpoint of the log at the place; size 0 for a log without a checkpoint.
    pub checkpoint: Checkpoint,
}

/// Location of one log or of several: objects, a folder or a site.
enum Place {
    Objects(Objects),
    Folder(PathBuf),
    Site(String),
}

/// Reads the newest checkpoints at an address: the URL or folder of one log or of a site with several, or a file with a
/// checkpoint.
///
/// # Errors
/// An address without a log; a log that the key did not sign.
pub fn read(address: &str, key: &Key) -> Result<Vec<Seen>> {
    if let Some(site) = Place::site(address) {
        return all(&site, key);
    }
    let path = Path::new(address);
    if path.is_file() {
        let note = files::read(path)?.unwrap_or_default();
        return Ok(vec![open(address, &String::from_utf8_lossy(&note), key)?]);
    }
    all(&Place::Folder(path.to_owned()), key)
}

/// Reads the newest checkpoints that the site itself still has among its objects.
///
/// # Errors
/// A log that the key did not sign.
pub fn left_in(objects: Objects, key: &Key) -> Result<Vec<Seen>> {
    let objects = Place::Objects(objects);
    objects.several(&objects.names("log")?, "log/", key)
}

fn all(place: &Place, key: &Key) -> Result<Vec<Seen>> {
    if let Some(one) = place.log("", key)? {
        return Ok(vec![one]);
    }
    for below in ["log/", ""] {
        let seen = place.several(&place.names(below)?, below, key)?;
        if !seen.is_empty() {
            return Ok(seen);
        }
    }
    Err(Error::Internal(format!("{}: is neither a log nor a list of logs", place.shown(""))))
}

impl Place {
    fn site(address: &str) -> Option<Self> {
        let is_url = address.starts_with("http://") || address.starts_with("https://");
        is_url.then(|| Self::Site(format!("{}/", address.trim_end_matches('/'))))
    }

    fn shown(&self, name: &str) -> String {
        match self {
            Self::Objects(_) => format!("{FOLDER_OF_OBJECTS}/{name}"),
            Self::Folder(folder) => folder.join(name).display().to_string(),
            Self::Site(site) => format!("{site}{name}"),
        }
    }

    fn several(&self, names: &BTreeSet<String>, below: &str, key: &Key) -> Result<Vec<Seen>> {
        // The audit trail may be set back by a restore; its checkpoints reveal that afterwards.
        let logs = names.iter().filter(|name| *name != FOLDER);
        let found: Result<Vec<Option<Seen>>> = logs.map(|name| self.log(&format!("{below}{name}/"), key)).collect();
        Ok(found?.into_iter().flatten().collect())
    }

    /// The newest checkpoint of a log; `None` where there is no log.
    fn log(&self, below: &str, key: &Key) -> Result<Option<Seen>> {
        let text = |name: &str| -> Result<Option<String>> {
            Ok(self.get(&format!("{below}{name}"))?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
        };
        let mut newest: Option<Seen> = None;
        if let Some(line) = text("key")?
            && let Some(theirs) = Verifier::parse(line.trim_end())
        {
            let place = self.shown(&format!("{below}key"));
            if Signer::new(&theirs.name, key.ed25519()).verifier() != theirs {
                return Err(foreign(&place));
            }
            let root = public_log::tree::Frontier::default().root();
            newest = Some(Seen { place, checkpoint: Checkpoint { origin: theirs.name, size: 0, root } });
        }
        // The list of batches and the signed history are written before the checkpoint.
        let batches = text("batches")?.unwrap_or_default();
        let last = batches.lines().filter_map(|line| line.parse::<u64>().ok()).max();
        let mut sizes: BTreeSet<u64> = last.into_iter().collect();
        if !matches!(self, Self::Site(_)) {
            sizes.extend(
                self.names(&format!("{below}history"))?.iter().filter_map(|name| name.parse::<u64>().ok()).max(),
            );
        }
        let history = sizes.into_iter().map(|size| format!("history/{size}"));
        for name in std::iter::once("checkpoint".to_owned()).chain(history) {
            // A site may answer unknown addresses with a page, which is no signed note.
            let Some(note) = text(&name)?.filter(|note| note.contains("\n\n— ")) else {
                continue;
            };
            let seen = open(&self.shown(&format!("{below}{name}")), &note, key)?;
            if newest.as_ref().is_none_or(|known| known.checkpoint.size < seen.checkpoint.size) {
                newest = Some(seen);
            }
        }
        Ok(newest)
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Objects(objects) => objects.get(name),
            Self::Folder(folder) => {
                let file = folder.join(name);
                if file.is_dir() { Ok(None) } else { files::read(&file) }
            }
            Self::Site(_) => fetch(&self.shown(name)),
        }
    }

    /// Names below a path: names of folders, and on disk names of files as well.
    fn names(&self, below: &str) -> Result<BTreeSet<String>> {
        match self {
            Self::Objects(objects) => Ok(objects.list(below)?.into_iter().map(|one| one.name).collect()),
            Self::Folder(folder) => {
                let names = files::list(&folder.join(below))?;
                Ok(names.into_iter().filter(|name| !name.starts_with('.')).collect())
            }
            Self::Site(_) => {
                let page = fetch(&self.shown(below))?.unwrap_or_default();
                Ok(links(&String::from_utf8_lossy(&page)))
            }
        }
    }
}

/// The folders to which a list of links points.
fn links(page: &str) -> BTreeSet<String> {
    let targets = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let folders = targets.filter_map(|target| target.strip_suffix('/')).filter_map(|target| target.rsplit('/').next());
    let is_slug = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    folders.filter(is_slug).map(str::to_owned).collect()
}

fn fetch(address: &str) -> Result<Option<Vec<u8>>> {
    let failed = |e: ureq::Error| Error::Internal(format!("{address}: {e}"));
    let config =
        ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).max_redirects(0).http_status_as_error(false);
    let agent: ureq::Agent = config.build().into();
    let mut answer = agent.get(address).call().map_err(failed)?;
    match answer.status().as_u16() {
        200 => answer.body_mut().with_config().limit(MAX_FILE).read_to_vec().map(Some).map_err(failed),
        404 | 410 => Ok(None),
        status => Err(Error::Internal(format!("{address}: answers {status}"))),
    }
}

/// Opens a note and verifies its signature by the site's log key.
fn open(place: &str, note: &str, key: &Key) -> Result<Seen> {
    let origin = note.lines().next().unwrap_or_default();
    match Checkpoint::open(note, &Signer::new(origin, key.ed25519()).verifier()) {
        Some(checkpoint) => Ok(Seen { place: place.to_owned(), checkpoint }),
        None => Err(foreign(place)),
    }
}

fn foreign(place: &str) -> Error {
    refused(
        Path::new(place),
        "is not signed by this site's log key. Either the keys are those of another site, or this is no copy of its log",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_found_in_a_list_of_links() {
        let page = r#"<li><a href="../">up</a><a href="s1/">s1</a><a href="/log/s-2/">s-2</a><a href="key">key</a>"#;
        assert_eq!(links(page), ["s-2", "s1"].map(str::to_owned).into());
    }

    #[test]
    fn the_newest_signed_checkpoint_counts_and_a_foreign_one_is_refused() {
        let (dir, key) = (tempfile::tempdir().unwrap(), Key::ephemeral().unwrap());
        let signer = Signer::new("a.example/log/s1", key.ed25519());
        let note = |size| signer.sign(&Checkpoint { origin: signer.name().to_owned(), size, root: [1; 32] }.text());
        let log = dir.path().join("log/s1");
        files::write_atomic(&log.join("key"), format!("{}\n", signer.verifier()).as_bytes()).unwrap();
        let of = |address: &Path| read(&address.display().to_string(), &key).map(|seen| seen[0].checkpoint.size);
        assert_eq!(of(&log).unwrap(), 0);
        files::write_atomic(&log.join("checkpoint"), note(20).as_bytes()).unwrap();
        files::write_atomic(&log.join("history/30"), note(30).as_bytes()).unwrap();
        for address in [dir.path(), &dir.path().join("log"), &log, &log.join("history/30")] {
            assert_eq!(of(address).unwrap(), 30, "{}", address.display());
        }
        assert!(read(&log.display().to_string(), &Key::ephemeral().unwrap()).is_err());
        assert!(of(&dir.path().join("nothing")).is_err());
    }
}
