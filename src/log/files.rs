//! Files that are whole or absent: written beside, synced, renamed.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The folder of a data directory that holds every public log.
#[must_use]
pub fn public(data: &Path) -> PathBuf {
    data.join("log")
}

/// Writes a file whole. A crash leaves the old one or the new one.
///
/// # Errors
/// A disk that is full or fails, named with the file.
pub fn put(file: &Path, bytes: &[u8]) -> Result<()> {
    write(file, bytes, fs::OpenOptions::new().write(true).create(true).truncate(true)).map_err(|e| failed(file, &e))
}

/// As [`put`], readable by its owner alone and writable by nobody.
///
/// # Errors
/// As [`put`].
pub fn put_secret(file: &Path, bytes: &[u8]) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    write(file, bytes, fs::OpenOptions::new().write(true).create_new(true).mode(0o400)).map_err(|e| failed(file, &e))
}

fn write(file: &Path, bytes: &[u8], way: &fs::OpenOptions) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder)?;
    let beside = folder.join(format!(".{}.new", file.file_name().unwrap_or_default().to_string_lossy()));
    match fs::remove_file(&beside) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut out = way.open(&beside)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    fs::rename(&beside, file)?;
    fs::File::open(folder)?.sync_all()
}

/// Reads a file; none where there is none.
///
/// # Errors
/// A file that cannot be read.
pub fn get(file: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(failed(file, &e)),
    }
}

/// Removes a folder with all that is in it. Doing so twice is the same as once.
///
/// # Errors
/// A folder that cannot be removed.
pub fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(failed(folder, &e)),
    }
}

/// Does work with files, or heavy work, beside the threads that answer requests.
///
/// # Errors
/// What the work refuses; work that panicked.
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::Internal(e.to_string()))?
}

/// What went wrong with which file.
#[must_use]
pub fn failed(file: &Path, error: &std::io::Error) -> Error {
    Error::Internal(format!("{}: {error}", file.display()))
}
