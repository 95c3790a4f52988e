//! Atomic writes: a file is written under a temporary name beside its target, synced and renamed, so the target is whole or
//! absent.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::base::error::{Error, Result};
use crate::base::keys;

/// Number of files that are written at the same time: a disk syncs several files in little more time than one.
const TOGETHER: usize = 8;

/// Writes a file atomically. A crash leaves the old file or the new one. Once this function returns, a power cut leaves the new
/// one.
///
/// # Errors
/// A disk that is full or fails; the message names the file.
pub fn write_atomic(file: &Path, bytes: &[u8]) -> Result<()> {
    write_all_atomic(&[(file.to_owned(), bytes)])
}

/// Writes several files, each of them atomically, in any order. Once this function returns, a power cut leaves all of them.
///
/// # Errors
/// As [`write_atomic`].
pub fn write_all_atomic<B: AsRef<[u8]> + Sync>(files: &[(PathBuf, B)]) -> Result<()> {
    let folders: BTreeSet<&Path> = files.iter().filter_map(|(file, _)| file.parent()).collect();
    for folder in &folders {
        create_dir_synced(folder).map_err(|e| failed(folder, &e))?;
    }
    let tag = hex::encode(keys::random::<8>()?);
    let write_part = |part: &[(PathBuf, B)]| {
        part.iter().try_for_each(|(file, bytes)| {
            let way = private_options().create(true).truncate(true).clone();
            write(&beside(file, &tag), bytes.as_ref(), &way).map_err(|e| failed(file, &e))
        })
    };
    let mut parts = files.chunks(files.len().div_ceil(TOGETHER).max(1));
    let first = parts.next().unwrap_or_default();
    std::thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(move || write_part(part))).collect();
        let written = write_part(first);
        others.into_iter().fold(written, |written, other| {
            written.and(other.join().unwrap_or_else(|_| Err(Error::Internal("a writing thread panicked".to_owned()))))
        })
    })?;
    for (file, _) in files {
        fs::rename(beside(file, &tag), file).map_err(|e| failed(file, &e))?;
    }
    folders.into_iter().try_for_each(|folder| sync(folder).map_err(|e| failed(folder, &e)))
}

/// As [`write_atomic`], with a mode that lets only the owner read and nobody write.
///
/// # Errors
/// As [`write_atomic`].
pub fn write_secret(file: &Path, bytes: &[u8]) -> Result<()> {
    let (folder, beside) = (file.parent().unwrap_or(file), beside(file, "new"));
    // A temporary file that a crash left behind has mode 0400 and cannot be written to.
    remove_file(&beside)?;
    let way = private_options().create_new(true).mode(0o400).clone();
    let put = create_dir_synced(folder)
        .and_then(|()| write(&beside, bytes, &way))
        .and_then(|()| fs::rename(&beside, file))
        .and_then(|()| sync(folder));
    put.map_err(|e| failed(file, &e))
}

/// Path of the temporary file under which a file is written before the rename. Two writers of one file need different tags: on a
/// shared file system they may be processes of two machines.
fn beside(file: &Path, tag: &str) -> PathBuf {
    file.with_file_name(format!(".{}.{tag}", file.file_name().unwrap_or_default().to_string_lossy()))
}

fn write(file: &Path, bytes: &[u8], way: &fs::OpenOptions) -> std::io::Result<()> {
    let mut out = way.open(file)?;
    out.write_all(bytes)?;
    out.sync_all()
}

/// Options for writing a file that only its owner can read or write, whatever the umask of the process.
#[must_use]
pub fn private_options() -> fs::OpenOptions {
    fs::OpenOptions::new().write(true).mode(0o600).clone()
}

/// Makes an empty file that only its owner can read, where there is none. Some libraries would make the file readable by others.
///
/// # Errors
/// A disk that is full or fails.
pub fn create_private(file: &Path) -> Result<()> {
    match private_options().create_new(true).open(file) {
        Ok(_) => sync(file.parent().unwrap_or(file)).map_err(|e| failed(file, &e)),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(failed(file, &e)),
    }
}

/// Attempts to take the lock of a file, and the pause between two of them: two seconds in all.
const LOCK_ATTEMPTS: u32 = 40;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Takes the exclusive advisory lock of a private file, and makes the file where absent. The lock lasts while the file is open.
/// Blocks the thread for up to two seconds: a holder that is ending, or a child process between its fork and its exec, keeps a lock
/// for a moment longer.
///
/// # Errors
/// A lock that another holder keeps, a file that cannot be opened.
pub fn lock(file: &Path) -> Result<fs::File> {
    let handle = private_options().create(true).truncate(true).open(file).map_err(|e| failed(file, &e))?;
    for attempt in 1..=LOCK_ATTEMPTS {
        match handle.try_lock() {
            Ok(()) => return Ok(handle),
            Err(fs::TryLockError::WouldBlock) if attempt < LOCK_ATTEMPTS => thread::sleep(LOCK_PAUSE),
            Err(fs::TryLockError::WouldBlock) => break,
            Err(fs::TryLockError::Error(e)) => return Err(failed(file, &e)),
        }
    }
    Err(Error::Internal(format!("{}: another process uses this directory", file.display())))
}

/// Makes a folder and the folders above it; only the owner can enter them. The folder above is synced, because it holds the new
/// name: without the sync a power cut would take the folder with everything that was synced in it.
///
/// # Errors
/// A disk that is full or fails.
pub fn create_dir_synced(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(folder);
    create_dir_synced(above)?;
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => return Err(e),
        _ => {}
    }
    sync(above)
}

/// Moves a folder to another place. Once this function returns, a power cut leaves the folder at the new place. Before that, a
/// power cut leaves the folder in one of both places, because the journal of a file system (ext4, XFS, btrfs, ZFS) holds a rename
/// whole.
///
/// # Errors
/// A disk that fails.
pub fn rename_synced(from: &Path, to: &Path) -> Result<()> {
    let (source, target) = (from.parent().unwrap_or(from), to.parent().unwrap_or(to));
    let carried = create_dir_synced(target).and_then(|()| fs::rename(from, to));
    // The new name is synced before the old one: at no moment has the disk neither of them.
    carried.and_then(|()| sync(target)).and_then(|()| sync(source)).map_err(|e| failed(to, &e))
}

/// Removes a file. Once this function returns, a power cut does not bring the file back. The removal is idempotent.
///
/// # Errors
/// A disk that fails.
pub fn remove_file(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Ok(()) => sync(file.parent().unwrap_or(file)).map_err(|e| failed(file, &e)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(failed(file, &e)),
    }
}

fn sync(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// Reads a file; `None` where the file does not exist.
///
/// # Errors
/// A file that cannot be read.
pub fn read(file: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if is_absent(&e) => Ok(None),
        Err(e) => Err(failed(file, &e)),
    }
}

/// Whether an error says that nothing is, or can be, at the requested path: also for a path below a file and for a name that is
/// too long.
#[must_use]
pub fn is_absent(e: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidFilename, NotADirectory, NotFound};
    matches!(e.kind(), NotFound | NotADirectory | InvalidFilename)
}

/// Names of the entries of a folder; none where the folder does not exist.
///
/// # Errors
/// A folder that cannot be read.
pub fn list(folder: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if is_absent(&e) => return Ok(Vec::new()),
        Err(e) => return Err(failed(folder, &e)),
    };
    let name = |entry: std::io::Result<fs::DirEntry>| Ok(entry?.file_name().to_string_lossy().into_owned());
    entries.map(name).collect::<std::io::Result<_>>().map_err(|e| failed(folder, &e))
}

/// Removes a folder with everything in it. The removal is idempotent.
///
/// # Errors
/// A folder that cannot be removed.
pub fn remove_dir(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(failed(folder, &e)),
    }
}

/// A file by its number on its disk, which stays the same under another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    file: PathBuf,
    device: u64,
    inode: u64,
}

impl Identity {
    /// The file that has a name now.
    ///
    /// # Errors
    /// A file that is absent or cannot be looked at.
    pub fn of(file: &Path) -> Result<Self> {
        let found = fs::metadata(file).map_err(|e| failed(file, &e))?;
        Ok(Self { file: file.to_owned(), device: found.dev(), inode: found.ino() })
    }

    /// Whether the name still belongs to this file: it was neither removed nor replaced.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        Self::of(&self.file).is_ok_and(|found| found == *self)
    }
}

/// Bytes that [`has_room`] tries to write.
const ROOM: usize = 1 << 20;

/// Whether the disk of a folder takes a mebibyte more. The file of the attempt has no name and is gone at once.
#[must_use]
pub fn has_room(folder: &Path) -> bool {
    tempfile::tempfile_in(folder).and_then(|mut file| file.write_all(&vec![0; ROOM])).is_ok()
}

/// Runs work with files, or heavy work, on a thread that answers no requests.
///
/// # Errors
/// The refusal of the work; work that panicked.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::Internal(e.to_string()))?
}

/// Turns an error of the file system into an [`Error`] that names the file.
#[must_use]
pub fn failed(file: &Path, error: &std::io::Error) -> Error {
    let text = format!("{}: {error}", file.display());
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Error::Full(text),
        _ => Error::Internal(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_removed_or_replaced_is_not_in_place() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("main.db");
        fs::write(&place, b"1").unwrap();
        let identity = Identity::of(&place).unwrap();
        fs::write(&place, b"2").unwrap();
        assert!(identity.is_in_place());
        let kept = dir.path().join("kept");
        fs::rename(&place, &kept).unwrap();
        assert!(!identity.is_in_place());
        fs::copy(&kept, &place).unwrap();
        assert!(!identity.is_in_place());
        assert!(has_room(dir.path()) && !has_room(&kept));
    }

    #[test]
    fn a_lock_waits_for_a_holder_that_ends_and_refuses_beside_one_that_stays() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("lock");
        let ending = lock(&place).unwrap();
        let end = thread::spawn(move || {
            thread::sleep(LOCK_PAUSE * 3);
            drop(ending);
        });
        let _taken = lock(&place).unwrap();
        end.join().unwrap();
        assert!(lock(&place).unwrap_err().to_string().contains("another process"));
    }
}
