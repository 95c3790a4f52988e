//! Objects: bytes that never change under their name, in a folder of the data directory. Everything that changes is a row of a store.
//!
//! A name is a relative path of plain letters, digits, dots and hyphens, as the addresses of the public log are. All methods block
//! the thread: callers use [`files::blocking`].

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::base::error::{Error, Result};
use crate::base::files;

/// Folder of the objects in a data directory.
pub const FOLDER: &str = "objects";

/// Objects of a site. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Objects {
    folder: PathBuf,
}

/// One entry below a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Last part of the name.
    pub name: String,
    /// Number of bytes of an object; none where further names begin with this one.
    pub size: Option<u64>,
    /// Instant of the last write, by the clock of the disk.
    pub written: SystemTime,
}

impl Objects {
    /// The objects of a data directory.
    #[must_use]
    pub fn of(data: &Path) -> Self {
        Self { folder: data.join(FOLDER) }
    }

    /// Reads an object; none where there is none of this name.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let place = self.place(name)?;
        if place.is_dir() { Ok(None) } else { files::read(&place) }
    }

    /// Reads an object that has to be there.
    ///
    /// # Errors
    /// An object that is missing; a disk that fails.
    pub fn need(&self, name: &str) -> Result<Vec<u8>> {
        self.get(name)?.ok_or_else(|| Error::Internal(format!("{name} is missing")))
    }

    /// Stores objects, in any order. Once this function returns, a power cut leaves all of them. The call is idempotent.
    ///
    /// # Errors
    /// A disk that is full or fails.
    pub fn put_all(&self, objects: &[(String, Vec<u8>)]) -> Result<()> {
        let placed: Vec<(PathBuf, &[u8])> =
            objects.iter().map(|(name, bytes)| Ok((self.place(name)?, bytes.as_slice()))).collect::<Result<_>>()?;
        files::write_all_atomic(&placed)
    }

    /// Stores one object, as [`Objects::put_all`].
    ///
    /// # Errors
    /// A disk that is full or fails.
    pub fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.put_all(&[(name.to_owned(), bytes)])
    }

    /// The entries directly below a name, ascending; empty where there is nothing.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn list(&self, name: &str) -> Result<Vec<Listed>> {
        let folder = self.place(name)?;
        let mut listed = Vec::new();
        for name in files::list(&folder)?.into_iter().filter(|name| !name.starts_with('.')) {
            let place = folder.join(&name);
            let about = std::fs::metadata(&place).map_err(|e| files::failed(&place, &e))?;
            let written = about.modified().map_err(|e| files::failed(&place, &e))?;
            listed.push(Listed { size: (!about.is_dir()).then_some(about.len()), written, name });
        }
        listed.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(listed)
    }

    /// Removes an object, or all objects whose names begin with this one and a slash. The call is idempotent.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn remove(&self, name: &str) -> Result<()> {
        let place = self.place(name)?;
        if place.is_dir() { files::remove_dir(&place) } else { files::remove_file(&place) }
    }

    fn place(&self, name: &str) -> Result<PathBuf> {
        let fits = |part: &str| !part.starts_with('.') && !part.is_empty() && part.bytes().all(is_plain);
        match name.split('/').all(fits) {
            true => Ok(name.split('/').fold(self.folder.clone(), |place, part| place.join(part))),
            false => Err(Error::NotFound("file")),
        }
    }
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-' || byte == b'_'
}
