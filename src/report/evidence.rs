//! Evidence files: known by their content, stored once under their hash, never served as anything but a download.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, Refusal, Result};
use crate::web::form::MOST_FILE;

/// The kinds of files that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl Media {
    /// The kind of a file by its first bytes; its name is not believed.
    ///
    /// # Errors
    /// `evidence.kind` with the name; `evidence.empty`.
    pub fn of(name: &str, bytes: &[u8]) -> Result<Self> {
        let shown: String = name.chars().take(60).collect();
        if bytes.is_empty() {
            return Err(Error::field("evidence", Refusal::new("evidence.empty").with("name", shown)));
        }
        if bytes.starts_with(b"%PDF-") {
            Ok(Self::Pdf)
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Ok(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Ok(Self::Png)
        } else {
            Err(Error::field("evidence", Refusal::new("evidence.kind").with("name", shown)))
        }
    }

    /// The media type.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// Where the files of a data directory lie. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    dir: PathBuf,
}

/// A file that lies in its place.
#[derive(Clone, Debug)]
pub struct Stored {
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Name as uploaded, cut to 120 characters.
    pub name: String,
    /// Media type by content.
    pub media: String,
    /// Bytes.
    pub size: i64,
}

impl Files {
    /// The files of a data directory.
    #[must_use]
    pub fn of(data: &Path) -> Self {
        Self { dir: data.join("evidence") }
    }

    /// Puts a file into its place, durably: written beside, synced, renamed. The same content twice is one file.
    ///
    /// # Errors
    /// `TooLarge`; `evidence.kind`; a disk that fails.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<Stored> {
        if bytes.len() > MOST_FILE {
            return Err(Error::TooLarge(MOST_FILE as u64));
        }
        let media = Media::of(name, &bytes)?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let stored = Stored {
            name: name.chars().filter(|c| !c.is_control()).take(120).collect(),
            media: media.mime().to_owned(),
            size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            sha256: sha256.clone(),
        };
        let place = self.place(&sha256);
        tokio::task::spawn_blocking(move || write(&place, &bytes))
            .await
            .map_err(|e| Error::Internal(format!("evidence: {e}")))?
            .map_err(|e| Error::Internal(format!("evidence {sha256}: {e}")))?;
        Ok(stored)
    }

    /// Reads a file back; bytes that no longer belong to the hash are refused.
    ///
    /// # Errors
    /// `NotFound`; a file that was changed.
    pub async fn get(&self, sha256: &str) -> Result<Vec<u8>> {
        let bytes = tokio::fs::read(self.place(sha256)).await.map_err(|_| Error::NotFound("evidence"))?;
        if hex::encode(Sha256::digest(&bytes)) != sha256 {
            return Err(Error::Internal(format!("evidence {sha256} was changed on disk")));
        }
        Ok(bytes)
    }

    fn place(&self, sha256: &str) -> PathBuf {
        let (shelf, rest) = sha256.split_at_checked(2).unwrap_or(("", sha256));
        self.dir.join(shelf).join(rest)
    }
}

fn write(place: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    if place.exists() {
        return Ok(());
    }
    let shelf = place.parent().unwrap_or(place);
    std::fs::create_dir_all(shelf)?;
    let beside = shelf.join(format!(".{}", hex::encode(crate::keys::random::<8>().map_err(std::io::Error::other)?)));
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, place)?;
    std::fs::File::open(shelf)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_known_by_its_content_and_stored_once() {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::of(dir.path());
        let first = files.put("a.pdf", b"%PDF-1.4 x".to_vec()).await.unwrap();
        let second = files.put("b.png", b"%PDF-1.4 x".to_vec()).await.unwrap();
        assert_eq!((first.sha256.as_str(), second.media.as_str()), (second.sha256.as_str(), "application/pdf"));
        assert_eq!(files.get(&first.sha256).await.unwrap(), b"%PDF-1.4 x");
        assert!(files.put("page.html", b"<html>".to_vec()).await.is_err());
    }

    #[tokio::test]
    async fn a_file_that_was_changed_on_disk_is_not_served() {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::of(dir.path());
        let stored = files.put("a.pdf", b"%PDF-1.4 x".to_vec()).await.unwrap();
        std::fs::write(files.place(&stored.sha256), b"%PDF-1.4 y").unwrap();
        assert!(files.get(&stored.sha256).await.is_err());
    }
}
