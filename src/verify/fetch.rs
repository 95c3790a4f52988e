//! A copy of a log, fetched over HTTP: the checkpoint says how large the log is, and the names of all its files follow from that.

use std::path::Path;
use std::sync::Mutex;

use indicatif::ProgressBar;

use super::site::Site;
use super::{Flaw, names};

use crate::log::note::{Checkpoint, Verifier};
use crate::log::tiles::{WIDTH, numbered};

/// Why a log could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is something else, or nothing.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// Nothing is proven: no connection, a server in trouble, a disk that fails.
    #[error("{0}")]
    Unreachable(String),
}

/// Files that are fetched at a time.
const CONNECTIONS: usize = 8;
/// How often it begins again where the log moved on meanwhile.
const ROUNDS: usize = 4;

/// Fetches every file of the log at an address into a folder. What stands there already from an earlier time and never changes is
/// not fetched again.
///
/// # Errors
/// An address that is no log; a connection or disk that fails.
pub fn fetch(address: &str, folder: &Path, bar: &ProgressBar) -> Result<(), Trouble> {
    std::fs::create_dir_all(folder).map_err(|e| Trouble::Unreachable(format!("{}: {e}", folder.display())))?;
    let copy = Copy { site: Site::open(address)?, folder, bar };
    copy.clean();
    for _ in 1..ROUNDS {
        if copy.round()? {
            return Ok(());
        }
        // A batch or the close came in between: names that were right are not any more.
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
    // Whatever is missing now is missing: the check says so, and in which file.
    copy.round().map(|_| ())
}

struct Copy<'a> {
    site: Site,
    folder: &'a Path,
    bar: &'a ProgressBar,
}

impl Copy<'_> {
    /// Fetches everything once; says whether all was there.
    fn round(&self) -> Result<bool, Trouble> {
        let key = self.renew("key")?;
        let Some(key) = key.and_then(|bytes| Verifier::parse(String::from_utf8_lossy(&bytes).trim_end())) else {
            let what = format!("is missing or no key: there is no log at {}", self.site.base);
            return Err(Flaw { file: "key".to_owned(), what }.into());
        };
        self.renew("questionnaire")?;
        let checkpoint = self.renew("checkpoint")?;
        let batches = self.renew("batches")?;
        let (Some(checkpoint), Some(batches)) = (&checkpoint, &batches) else {
            let tally = self.renew("tally")?;
            return Ok(checkpoint.is_none() && batches.is_none() && tally.is_none());
        };
        let Some(checkpoint) = Checkpoint::open(&String::from_utf8_lossy(checkpoint), &key) else {
            // Not fetched by the word of a stranger; the check names the file.
            return Ok(true);
        };
        let batches: Vec<u64> = String::from_utf8_lossy(batches).lines().filter_map(|line| line.parse().ok()).collect();
        let size = checkpoint.size;
        let is_public = self.is_public(size)?;
        let history = batches.iter().map(|size| format!("history/{size}"));
        let bundles = names::bundles(size).filter(move |_| is_public);
        let count = batches.len() as u64 + size.div_ceil(WIDTH) * if is_public { 3 } else { 1 };
        self.bar.set_length(count);
        self.bar.set_position(0);
        let all = self.fetch_all(history.chain(names::tiles(size)).chain(bundles))?;
        // Last: a count that comes now is one of entries that are public already.
        let tally = self.renew("tally")?;
        let is_whole = batches.last().copied().unwrap_or(0) == size && (tally.is_none() || is_public || size == 0);
        Ok(all && is_whole && tally.is_none_or(|tally| is_of(&tally, size)))
    }

    /// Whether entries and places are shown: told by the first of them.
    fn is_public(&self, size: u64) -> Result<bool, Trouble> {
        if size == 0 {
            return Ok(false);
        }
        let first = numbered(0, size.min(WIDTH));
        Ok(self.once(&format!("places/{first}"))? | self.once(&format!("tile/entries/{first}"))?)
    }

    /// Fetches files that never change, several at a time; says whether all were there.
    fn fetch_all(&self, names: impl Iterator<Item = String> + Send) -> Result<bool, Trouble> {
        let names = Mutex::new(names);
        let work = || {
            let mut all = true;
            loop {
                let next = names.lock().ok().and_then(|mut names| names.next());
                match next {
                    Some(name) if all => all = self.once(&name)?,
                    _ => return Ok(all),
                }
                self.bar.inc(1);
            }
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(work)).collect();
            let ends = workers.into_iter().map(|worker| {
                worker.join().unwrap_or_else(|_| Err(Trouble::Unreachable("a connection broke down".to_owned())))
            });
            ends.collect::<Vec<_>>().into_iter().try_fold(true, |all, end| end.map(|whole| all && whole))
        })
    }

    /// A file that never changes; says whether it is there.
    fn once(&self, name: &str) -> Result<bool, Trouble> {
        Ok(self.folder.join(name).exists() || self.renew(name)?.is_some())
    }

    /// A file as it is now. What a copy of earlier holds against the site stays there.
    fn renew(&self, name: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let found = self.site.get(name)?;
        let (file, failed) = (self.folder.join(name), |e| Trouble::Unreachable(format!("{name}: {e}")));
        let differs = |what: &str| Err(Flaw { file: name.to_owned(), what: what.to_owned() }.into());
        match (&found, std::fs::read(&file).ok()) {
            (None, Some(_)) => return differs("is in the copy of earlier, and gone from the site"),
            (Some(now), Some(kept)) if FIXED.contains(&name) && *now != kept => {
                return differs("is another than in the copy of earlier: this is another log");
            }
            (Some(now), _) => self.put(&file, now).map_err(failed)?,
            (None, None) => {}
        }
        Ok(found)
    }

    /// Whole or not at all, so that a copy that was interrupted can be gone on with. Not synced: it can be fetched again.
    fn put(&self, file: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let beside = self.folder.join(format!(".{:?}{UNFINISHED}", std::thread::current().id()));
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&beside, bytes)?;
        std::fs::rename(&beside, file)
    }

    /// Removes what an interrupted copy left unfinished.
    fn clean(&self) {
        for entry in std::fs::read_dir(self.folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().ends_with(UNFINISHED) {
                // It would be refused by name later.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// Whether a count says that it is of this size: another one is of a moment before or after a rule came into the log.
fn is_of(tally: &[u8], size: u64) -> bool {
    String::from_utf8_lossy(tally).lines().nth(2) == Some(size.to_string().as_str())
}

/// Files that are the log's from its beginning to its end.
const FIXED: [&str; 2] = ["key", "questionnaire"];
const UNFINISHED: &str = ".unfinished";
