//! A copy of a log, fetched over HTTP. The checkpoint gives the size of the log, and the names of all files follow from the size.

use std::cmp::Ordering;
use std::path::Path;
use std::sync::Mutex;

use indicatif::ProgressBar;

use super::flaw::Flaw;
use super::names;
use super::site::Site;
use crate::note::{Checkpoint, Verifier};
use crate::tiles::WIDTH;

/// Reason why a log could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The address has no log, or a log that contradicts an earlier copy.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// Nothing is proven: no connection, a server error, a disk that fails.
    #[error("{0}")]
    Unreachable(String),
}

/// Number of files that are fetched at a time.
const CONNECTIONS: usize = 8;
/// Number of attempts where the log changes during the copy.
const ROUNDS: usize = 4;

/// Fetches every file of the log at an address into a folder. A file that never changes is not fetched again where the folder has
/// it from an earlier time.
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
        // A batch or the close came in between, so that some file names are outdated.
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
    // The last attempt accepts missing files: the check names each file that is missing.
    copy.round().map(|_| ())
}

struct Copy<'a> {
    site: Site,
    folder: &'a Path,
    bar: &'a ProgressBar,
}

impl Copy<'_> {
    /// Fetches everything once. Returns whether the copy is complete.
    fn round(&self) -> Result<bool, Trouble> {
        let key = self.renew("key")?;
        let Some(key) = key.and_then(|bytes| Verifier::parse(String::from_utf8_lossy(&bytes).trim_end())) else {
            let what = format!("is missing or no key: there is no log at {}", self.site.base);
            return Err(Flaw { file: "key".to_owned(), what }.into());
        };
        self.renew("questionnaire")?;
        let checkpoint = self.checkpoint(&key)?;
        let batches = self.renew("batches")?;
        let (Some(checkpoint), Some(batches)) = (&checkpoint, &batches) else {
            let tally = self.tally(&key)?;
            return Ok(checkpoint.is_none() && batches.is_none() && tally.is_none());
        };
        let Some(checkpoint) = open(checkpoint, &key) else {
            // A checkpoint with a wrong signature is not followed. The check names the file.
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
        // The count is fetched last: a count that appears now is of entries that are public already.
        let tally = self.tally(&key)?;
        let is_whole = batches.last().copied().unwrap_or(0) == size && (tally.is_none() || is_public || size == 0);
        Ok(all && is_whole && tally.is_none_or(|tally| is_of(&tally, size)))
    }

    /// Whether entries and places are public.
    fn is_public(&self, size: u64) -> Result<bool, Trouble> {
        let mut is_public = false;
        for name in names::signs(size) {
            is_public |= self.once(&name)?;
        }
        Ok(is_public)
    }

    /// The newest checkpoint. A checkpoint that contradicts the earlier copy does not replace that copy: the two together are the
    /// proof.
    fn checkpoint(&self, key: &Verifier) -> Result<Option<Vec<u8>>, Trouble> {
        let found = self.site.get("checkpoint")?;
        let kept = self.kept("checkpoint").and_then(|bytes| open(&bytes, key));
        if let (Some(kept), Some(now)) = (kept, found.as_ref().and_then(|bytes| open(bytes, key))) {
            self.grew(&kept, now, key)?;
        }
        self.take("checkpoint", found)
    }

    /// Refuses a log that did anything else than grow.
    fn grew(&self, kept: &Checkpoint, now: Checkpoint, key: &Verifier) -> Result<(), Trouble> {
        let (before, after) = (kept.size, now.size);
        let then = match before.cmp(&after) {
            Ordering::Greater => {
                let what = format!("has size {after}, and in the copy of earlier {before}: the log was turned back");
                return Err(differs("checkpoint", &what));
            }
            Ordering::Equal => Some(now),
            // Every tree begins with the empty one.
            Ordering::Less if before == 0 => return Ok(()),
            Ordering::Less => self.site.get(&format!("history/{before}"))?.and_then(|bytes| open(&bytes, key)),
        };
        if then.as_ref() == Some(kept) {
            return Ok(());
        }
        Err(differs("checkpoint", "is not one of a log that grew from the copy of earlier; the key signed two logs"))
    }

    /// The signed count. A different count of the same entries does not replace the earlier copy.
    fn tally(&self, key: &Verifier) -> Result<Option<Vec<u8>>, Trouble> {
        let found = self.site.get("tally")?;
        if let (Some(kept), Some(now)) = (self.kept("tally"), &found) {
            let (kept, now) = (String::from_utf8_lossy(&kept), String::from_utf8_lossy(now));
            let signed = key.open(&kept).zip(key.open(&now));
            if signed.is_some_and(|(kept, now)| kept != now && size(kept) == size(now)) {
                return Err(differs(
                    "tally",
                    "is another than in the copy of earlier, of the same entries; the key signed two counts",
                ));
            }
        }
        self.take("tally", found)
    }

    /// A file of the earlier copy.
    fn kept(&self, name: &str) -> Option<Vec<u8>> {
        std::fs::read(self.folder.join(name)).ok()
    }

    /// Fetches files that never change, several at a time. Returns whether all of them are there.
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

    /// Fetches a file that never changes, unless the folder has it. Returns whether the file is there.
    fn once(&self, name: &str) -> Result<bool, Trouble> {
        Ok(self.folder.join(name).exists() || self.renew(name)?.is_some())
    }

    /// Fetches a file as it is now. A file of the earlier copy that contradicts the site is kept.
    fn renew(&self, name: &str) -> Result<Option<Vec<u8>>, Trouble> {
        self.take(name, self.site.get(name)?)
    }

    fn take(&self, name: &str, found: Option<Vec<u8>>) -> Result<Option<Vec<u8>>, Trouble> {
        let (file, failed) = (self.folder.join(name), |e| Trouble::Unreachable(format!("{name}: {e}")));
        match (&found, self.kept(name)) {
            (None, Some(_)) => return Err(differs(name, "is in the copy of earlier, and gone from the site")),
            (Some(now), Some(kept)) if FIXED.contains(&name) && *now != kept => {
                return Err(differs(name, "is another than in the copy of earlier: this is another log"));
            }
            (Some(now), _) => self.put(&file, now).map_err(failed)?,
            (None, None) => {}
        }
        Ok(found)
    }

    /// Writes a file as a whole or not at all (atomic rename), so that an interrupted copy can be continued. The file is not
    /// synced, because it can be fetched again.
    fn put(&self, file: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let beside = self.folder.join(format!(".{:?}{UNFINISHED}", std::thread::current().id()));
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&beside, bytes)?;
        std::fs::rename(&beside, file)
    }

    /// Removes the unfinished files of an interrupted copy.
    fn clean(&self) {
        for entry in std::fs::read_dir(self.folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().ends_with(UNFINISHED) {
                // The check would refuse the name of an unfinished file.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// The flaw of a site that contradicts the earlier copy.
fn differs(name: &str, what: &str) -> Trouble {
    Flaw { file: name.to_owned(), what: what.to_owned() }.into()
}

fn open(checkpoint: &[u8], key: &Verifier) -> Option<Checkpoint> {
    Checkpoint::open(&String::from_utf8_lossy(checkpoint), key)
}

/// Whether a count is of this size. A count of another size is from before or after a rule came into the log.
fn is_of(tally: &[u8], entries: u64) -> bool {
    size(&String::from_utf8_lossy(tally)) == Some(entries.to_string().as_str())
}

/// The size that a count names in its third line.
fn size(tally: &str) -> Option<&str> {
    tally.lines().nth(2)
}

/// Files that stay the same as long as the log exists.
const FIXED: [&str; 2] = ["key", "questionnaire"];
const UNFINISHED: &str = ".unfinished";
