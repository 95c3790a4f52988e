//! The data directory: its facts (`site.json`), its lock file, and the mark of an unfinished restore.

use std::fs::File;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::error::{Error, Result};
use crate::base::files;

/// Name of the file that marks a directory with an unfinished restore.
pub const RESTORE_MARK: &str = "restoring";

/// Facts about a data directory, stored in `site.json`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Site {
    /// Whether the site is a demo: its figures are invented, every page says so, and the identity source of the demo is on.
    pub demo: bool,
    /// Programme time minus system time, in seconds.
    pub clock_offset: i64,
}

impl Site {
    /// Logs at the start how the site differs from an ordinary one.
    pub fn log_differences(&self) {
        if self.demo {
            tracing::warn!("site.json says demo: figures are invented, and anybody proves to be anybody");
        }
        if self.clock_offset != 0 {
            tracing::warn!(seconds = self.clock_offset, "site.json moves programme time by clock_offset");
        }
    }

    /// Reads the facts of a data directory; a directory without them is an ordinary site.
    ///
    /// # Errors
    /// A file that cannot be read or parsed.
    pub fn read(data: &Path) -> Result<Self> {
        let file = file(data);
        let Some(bytes) = files::read(&file)? else {
            return Ok(Self::default());
        };
        serde_json::from_slice(&bytes).map_err(|e| Error::Internal(format!("{}: {e}", file.display())))
    }

    /// Writes the facts into a data directory.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn write(&self, data: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self).map_err(|e| Error::Internal(e.to_string()))?;
        files::write_atomic(&file(data), &text)
    }
}

fn file(data: &Path) -> PathBuf {
    data.join("site.json")
}

/// Takes the exclusive advisory lock of a data directory for this process, and makes the directory where absent. The lock
/// lasts while the file is open.
///
/// # Why
/// Two processes that write one directory would each take themselves for the only one.
///
/// # Errors
/// A directory in use by another process, or that cannot be made.
pub fn lock(data: &Path) -> Result<File> {
    files::create_dir_synced(data).map_err(|e| files::failed(data, &e))?;
    files::lock(&data.join("lock"))
}

/// Refuses a data directory with an unfinished restore.
///
/// # Errors
/// A directory that holds [`RESTORE_MARK`].
pub fn refuse_unfinished(data: &Path) -> Result<()> {
    if !data.join(RESTORE_MARK).exists() {
        return Ok(());
    }
    let what = "a restore into this directory was not finished; restore into an empty one";
    Err(Error::Internal(format!("{}: {what}", data.display())))
}
