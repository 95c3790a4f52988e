//! Folder from which a log is read, as `wget -m` leaves it. The folder may come from a stranger. So everything is refused that is
//! neither a file nor a folder, such as a link that leads elsewhere or in a circle. A file that is larger than a log has it is
//! refused too.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::flaw::{Flaw, Outcome, flaw};
use super::names;

/// Flaw of a link, a device or a pipe, and of a folder where a file should be.
const NO_FILE: &str = "is not an ordinary file";

/// A copy of a campaign's log.
#[derive(Clone, Debug)]
pub struct Source(PathBuf);

impl Source {
    /// The copy of a log in this folder.
    #[must_use]
    pub fn folder(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Reads a file; none where the folder has no such file.
    ///
    /// # Errors
    /// A file that cannot be read, that is not an ordinary file, or that is too large.
    pub fn get(&self, name: &str) -> Outcome<Option<Vec<u8>>> {
        let path = self.0.join(name);
        match fs::symlink_metadata(&path) {
            Ok(found) if !found.is_file() => return flaw(name, NO_FILE),
            Ok(_) => {}
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) => return flaw(name, e.to_string()),
        }
        let most = names::largest(name);
        let mut bytes = Vec::new();
        match fs::File::open(&path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)) {
            Ok(_) if bytes.len() as u64 > most => flaw(name, format!("is larger than {most} bytes, the limit")),
            Ok(_) => Ok(Some(bytes)),
            Err(e) => flaw(name, e.to_string()),
        }
    }

    /// Reads a file that has to be there.
    ///
    /// # Errors
    /// A file that is missing or cannot be read.
    pub fn need(&self, name: &str) -> Outcome<Vec<u8>> {
        self.get(name)?.ok_or_else(|| Flaw { file: name.to_owned(), what: "is missing".to_owned() })
    }

    /// Reads a text that has to be there.
    ///
    /// # Errors
    /// A file that is missing, that cannot be read, or that is not UTF-8.
    pub fn text(&self, name: &str) -> Outcome<String> {
        match String::from_utf8(self.need(name)?) {
            Ok(text) => Ok(text),
            Err(_) => flaw(name, "is not a text"),
        }
    }

    /// All files, as paths below the folder.
    ///
    /// # Errors
    /// A folder that cannot be read; an entry that is neither a file nor a folder.
    pub fn names(&self) -> Outcome<Vec<String>> {
        let mut names = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            let read = fs::read_dir(&folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
            let entries = read.map_err(|e| Flaw { file: folder.display().to_string(), what: e.to_string() })?;
            for entry in entries {
                let path = entry.path();
                let name = path.strip_prefix(&self.0).unwrap_or(&path).to_string_lossy().into_owned();
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(path),
                    Ok(kind) if kind.is_file() => names.push(name),
                    Ok(_) => return flaw(&name, NO_FILE),
                    Err(e) => return flaw(&name, e.to_string()),
                }
            }
        }
        names.sort_unstable();
        Ok(names)
    }
}
