//! Where a log is read from: a folder, as `wget -m` leaves it.

use std::path::{Path, PathBuf};

use super::{Flaw, Outcome, flaw};

/// A copy of a campaign's log.
#[derive(Clone, Debug)]
pub struct Source(PathBuf);

impl Source {
    /// A folder.
    #[must_use]
    pub fn folder(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// A file; none where there is none.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn get(&self, name: &str) -> Outcome<Option<Vec<u8>>> {
        match std::fs::read(self.0.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => flaw(name, e.to_string()),
        }
    }

    /// A file that has to be there.
    ///
    /// # Errors
    /// One that is not.
    pub fn need(&self, name: &str) -> Outcome<Vec<u8>> {
        self.get(name)?.ok_or_else(|| Flaw { file: name.to_owned(), what: "is missing".to_owned() })
    }

    /// A text that has to be there.
    ///
    /// # Errors
    /// One that is not, or that is no text.
    pub fn text(&self, name: &str) -> Outcome<String> {
        match String::from_utf8(self.need(name)?) {
            Ok(text) => Ok(text),
            Err(_) => flaw(name, "is not a text"),
        }
    }

    /// All files, as paths below the folder.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn names(&self) -> Outcome<Vec<String>> {
        let mut names = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            let read = std::fs::read_dir(&folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
            let entries = read.map_err(|e| Flaw { file: folder.display().to_string(), what: e.to_string() })?;
            for entry in entries {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(below) = path.strip_prefix(&self.0) {
                    names.push(below.to_string_lossy().into_owned());
                }
            }
        }
        names.sort_unstable();
        Ok(names)
    }
}
