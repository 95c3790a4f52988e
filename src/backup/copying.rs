//! Files on their way into a copy and out of it: each file is hashed, written as a new file and synced.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::base::error::{Error, Result};
use crate::base::file_modes;
use crate::base::files::{self, failed};
use crate::base::objects::{FOLDER, Objects};

/// A copy that is being made.
pub struct Copy {
    /// Path of the data directory that is copied.
    pub from: PathBuf,
    /// Path of the directory of the copy.
    pub to: PathBuf,
    /// Objects of the site that is copied.
    pub objects: Objects,
    /// SHA-256 of every file in the copy so far, in hexadecimal, by path.
    pub files: BTreeMap<String, String>,
}

impl Copy {
    /// Begins a copy in an empty or new directory, which only its owner may read.
    ///
    /// # Errors
    /// A directory that is not empty, lies inside the data directory or beside keys, or cannot be made.
    pub fn begin(from: &Path, to: &Path, objects: Objects) -> Result<Self> {
        let (from, to) = (resolved(from)?, resolved(to)?);
        if to.starts_with(&from) {
            return Err(refused(&to, "lies inside the data directory; a copy belongs on another disk"));
        }
        if let Some(keys) = to.ancestors().find(|dir| dir.join("site.key").exists()) {
            return Err(refused(&to, &format!("lies in {}, which holds keys; keep them apart", keys.display())));
        }
        make_private(&to)?;
        Ok(Self { from, to, objects, files: BTreeMap::new() })
    }

    /// Writes a file into the copy.
    ///
    /// # Errors
    /// A disk that is full or fails.
    pub fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        write(&self.to.join(name), &mut &bytes[..])?;
        self.files.insert(name.to_owned(), hex::encode(Sha256::digest(bytes)));
        Ok(())
    }

    /// Copies a file of the data directory under the same name; returns false where the file does not exist.
    ///
    /// # Errors
    /// A disk that is full or fails.
    pub fn take(&mut self, name: &str) -> Result<bool> {
        let found = copy(&self.from.join(name), &self.to.join(name))?;
        Ok(found.map(|hash| self.files.insert(name.to_owned(), hash)).is_some())
    }

    /// Copies an object; nothing happens where the object does not exist.
    ///
    /// # Errors
    /// An object store that fails; a disk that is full or fails.
    pub fn object(&mut self, name: &str) -> Result<()> {
        match self.objects.get(name)? {
            Some(bytes) => self.put(&format!("{FOLDER}/{name}"), &bytes),
            None => Ok(()),
        }
    }

    /// Adds a file to the copy that another program wrote there.
    ///
    /// # Errors
    /// A file that cannot be read or synced.
    pub fn adopt(&mut self, name: &str) -> Result<()> {
        let file = self.to.join(name);
        File::open(&file).and_then(|f| f.sync_all()).map_err(|e| failed(&file, &e))?;
        let hash = sha256(&file)?.ok_or_else(|| refused(&file, "was not written"))?;
        self.files.insert(name.to_owned(), hash);
        Ok(())
    }
}

/// Copies a file, syncs the copy and returns its hash; `None` where the file does not exist.
///
/// # Errors
/// A disk that is full or fails; a target that exists already.
pub fn copy(from: &Path, to: &Path) -> Result<Option<String>> {
    match File::open(from) {
        Ok(mut file) => write(to, &mut file).map(Some),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(failed(from, &e)),
    }
}

/// SHA-256 of a file, in hexadecimal; `None` where the file does not exist.
///
/// # Errors
/// A file that cannot be read.
pub fn sha256(file: &Path) -> Result<Option<String>> {
    match File::open(file) {
        Ok(mut from) => Ok(Some(pour(&mut from, &mut std::io::sink()).map_err(|e| failed(file, &e))?)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(failed(file, &e)),
    }
}

/// Makes a directory that only its owner may enter, or accepts an empty one.
///
/// # Errors
/// A directory that is not empty or cannot be made.
pub fn make_private(dir: &Path) -> Result<()> {
    files::create_dir_synced(dir).map_err(|e| failed(dir, &e))?;
    if fs::read_dir(dir).map_err(|e| failed(dir, &e))?.next().is_some() {
        return Err(refused(dir, "is not empty; a copy wants a directory of its own"));
    }
    file_modes::close(dir)
}

/// Syncs a folder and all folders below it, so that the names in them survive a power cut.
///
/// # Errors
/// A folder that cannot be synced.
pub fn sync_folders(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(|e| failed(folder, &e))? {
        let path = entry.map_err(|e| failed(folder, &e))?.path();
        if path.is_dir() {
            sync_folders(&path)?;
        }
    }
    File::open(folder).and_then(|dir| dir.sync_all()).map_err(|e| failed(folder, &e))
}

/// The absolute path without symbolic links, as far as the path exists already.
///
/// # Errors
/// A path that cannot be read.
pub fn resolved(path: &Path) -> Result<PathBuf> {
    let absolute = std::path::absolute(path).map_err(|e| failed(path, &e))?;
    for standing in absolute.ancestors() {
        if let Ok(real) = standing.canonicalize() {
            let rest = absolute.strip_prefix(standing).unwrap_or(Path::new(""));
            return Ok(if rest.as_os_str().is_empty() { real } else { real.join(rest) });
        }
    }
    Ok(absolute)
}

/// An error about a file.
pub fn refused(file: &Path, what: &str) -> Error {
    Error::Internal(format!("{}: {what}", file.display()))
}

/// Writes a new file; returns its hash.
fn write(file: &Path, from: &mut impl Read) -> Result<String> {
    let mut written = || -> std::io::Result<String> {
        if let Some(folder) = file.parent() {
            files::create_dir_synced(folder)?;
        }
        let mut out = files::private_options().create_new(true).open(file)?;
        let hash = pour(from, &mut out)?;
        out.sync_all()?;
        Ok(hash)
    };
    written().map_err(|e| files::failed(file, &e))
}

fn pour(from: &mut impl Read, to: &mut impl Write) -> std::io::Result<String> {
    let mut digest = Sha256::new();
    let mut chunk = vec![0; 1 << 18];
    loop {
        let read = from.read(&mut chunk)?;
        if read == 0 {
            return Ok(hex::encode(digest.finalize()));
        }
        digest.update(&chunk[..read]);
        to.write_all(&chunk[..read])?;
    }
}

/// Callback for progress: the present step, and the number of files so far.
pub type Progress<'a> = &'a dyn Fn(&str, u64);
