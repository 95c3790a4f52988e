//! Objects: bytes that never change under their name, in a folder or in a bucket of an S3 object store. Everything that changes is a
//! row of a store.
//!
//! A name is a relative path of plain letters, digits, dots and hyphens, as the addresses of the public log are. All methods block
//! the thread: callers use [`files::blocking`](crate::base::files::blocking).

mod bucket;
mod connection;
mod folder;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use self::bucket::{Bucket, BucketAddress};
use self::folder::Folder;
use crate::base::error::{Error, Result};

/// Folder of the objects in a data directory, and in a copy of a site.
pub const FOLDER: &str = "objects";

/// Place of the objects of a site with several nodes, which all of them reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A folder, on a file system that all nodes share.
    Folder(PathBuf),
    /// A bucket of an S3 object store.
    Bucket(BucketAddress),
}

impl Address {
    /// Reads an address: an absolute path, or one such as `s3://bucket?endpoint=http://127.0.0.1:3900&region=garage`.
    ///
    /// # Errors
    /// Any other text. The message does not repeat the text, which may hold a password.
    pub fn parse(text: &str) -> Result<Self> {
        if text.starts_with('/') {
            return Ok(Self::Folder(PathBuf::from(text)));
        }
        BucketAddress::parse(text).map(Self::Bucket)
    }
}

/// Objects of a site. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Objects {
    backend: Backend,
    are_shared: bool,
}

#[derive(Clone, Debug)]
enum Backend {
    Folder(Folder),
    Bucket(Bucket),
}

/// One entry below a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Last part of the name.
    pub name: String,
    /// Number of bytes of an object; none where further names begin with this one.
    pub size: Option<u64>,
    /// Instant of the last write of an object, by the clock of its place; none where further names begin with this one.
    pub written: Option<SystemTime>,
}

impl Objects {
    /// The objects of a site: those at the address where one is set, else those of the data directory.
    ///
    /// # Errors
    /// A bucket without credentials; a call outside the runtime.
    pub fn open(data: &Path, address: Option<&Address>) -> Result<Self> {
        let backend = match address {
            Some(Address::Bucket(address)) => Backend::Bucket(Bucket::open(address)?),
            Some(Address::Folder(folder)) => Backend::Folder(Folder::of(folder.clone())),
            None => return Ok(Self::of(data)),
        };
        Ok(Self { backend, are_shared: true })
    }

    /// The objects of a data directory or of a copy.
    #[must_use]
    pub fn of(data: &Path) -> Self {
        Self { backend: Backend::Folder(Folder::of(data.join(FOLDER))), are_shared: false }
    }

    /// Whether other processes of the site write to the same place.
    #[must_use]
    pub const fn are_shared(&self) -> bool {
        self.are_shared
    }

    /// Reads an object; none where there is none of this name.
    ///
    /// # Errors
    /// A disk or object store that fails.
    pub fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        check(name)?;
        match &self.backend {
            Backend::Folder(folder) => folder.get(name),
            Backend::Bucket(bucket) => bucket.get(name),
        }
    }

    /// Reads an object that has to be there.
    ///
    /// # Errors
    /// An object that is missing; a disk or object store that fails.
    pub fn need(&self, name: &str) -> Result<Vec<u8>> {
        self.get(name)?.ok_or_else(|| Error::Internal(format!("{name} is missing")))
    }

    /// Stores objects, in any order. Once this function returns, a power cut leaves all of them. The call is idempotent.
    ///
    /// # Errors
    /// A disk that is full or fails; an object store that fails.
    pub fn put_all(&self, objects: Vec<(String, Vec<u8>)>) -> Result<()> {
        objects.iter().try_for_each(|(name, _)| check(name))?;
        match &self.backend {
            Backend::Folder(folder) => folder.put_all(&objects),
            Backend::Bucket(bucket) => bucket.put_all(objects),
        }
    }

    /// Stores one object, as [`Objects::put_all`].
    ///
    /// # Errors
    /// As [`Objects::put_all`].
    pub fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.put_all(vec![(name.to_owned(), bytes)])
    }

    /// The entries directly below a name, ascending; empty where there is nothing.
    ///
    /// # Errors
    /// A disk or object store that fails.
    pub fn list(&self, name: &str) -> Result<Vec<Listed>> {
        check(name)?;
        let mut listed = match &self.backend {
            Backend::Folder(folder) => folder.list(name)?,
            Backend::Bucket(bucket) => bucket.list(name)?,
        };
        listed.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(listed)
    }

    /// Removes an object, or all objects whose names begin with this one and a slash. The call is idempotent.
    ///
    /// # Errors
    /// A disk or object store that fails.
    pub fn remove(&self, name: &str) -> Result<()> {
        check(name)?;
        match &self.backend {
            Backend::Folder(folder) => folder.remove(name),
            Backend::Bucket(bucket) => bucket.remove(name),
        }
    }
}

/// Refuses names with signs that no name has.
fn check(name: &str) -> Result<()> {
    let fits = |part: &str| !part.starts_with('.') && !part.is_empty() && part.bytes().all(is_plain);
    if name.split('/').all(fits) { Ok(()) } else { Err(Error::NotFound("file")) }
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-' || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_objects_or_to_an_unfinished_file() {
        let dir = tempfile::tempdir().unwrap();
        let objects = Objects::of(dir.path());
        objects.put("log/s1/tile/0/x001/002.p/7", vec![7]).unwrap();
        assert_eq!(objects.need("log/s1/tile/0/x001/002.p/7").unwrap(), [7]);
        let wrong = [
            "",
            "/",
            "../keys/site.key",
            "s1/../../keys",
            "s1/.key.new",
            "s1/%2e",
            "s1/\u{0}",
            ".",
            "s1/a b",
            "/etc/passwd",
        ];
        for name in wrong {
            assert!(objects.get(name).is_err(), "{name}");
            assert!(objects.list(name).is_err(), "{name}");
            assert!(objects.put(name, vec![1]).is_err(), "{name}");
            assert!(objects.remove(name).is_err(), "{name}");
        }
    }
}
