//! Evidence files: known by their content, stored once under their hash, never served as anything but a download.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

use crate::error::{Error, Refusal, Result};
use crate::files;
use crate::web::form::MOST_FILE;

/// How many first bytes tell the kind.
const HEAD: usize = 8;
/// Bytes of one file that are read at all: so far the rest of its form can still be taken.
const MOST_DRAINED: usize = 256 << 20;

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
        if bytes.is_empty() {
            return Err(Error::field("evidence", Refusal::new("evidence.empty").with("name", shown(name))));
        }
        if bytes.starts_with(b"%PDF-") {
            Ok(Self::Pdf)
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Ok(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Ok(Self::Png)
        } else {
            Err(Error::field("evidence", Refusal::new("evidence.kind").with("name", shown(name))))
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

/// A file this young may be about to be named.
const FRESH: std::time::Duration = std::time::Duration::from_secs(3600);

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
    /// As [`Files::receive`].
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<Stored> {
        self.receive(name, bytes.as_slice()).await
    }

    /// Puts a file into its place while it arrives. Its bytes are counted as they come, so a lying length buys nothing;
    /// one that is too large, of another kind or empty is read to its end and leaves nothing behind.
    ///
    /// # Errors
    /// `evidence.large`, `evidence.kind`, `evidence.empty` with the name; `TooLarge` for one that does not end; a
    /// connection or a disk that fails.
    pub async fn receive(&self, name: &str, mut content: impl AsyncRead + Unpin + Send) -> Result<Stored> {
        let beside = self.dir.join(format!(".{}", hex::encode(crate::keys::random::<8>()?)));
        let arrived = self.arrive(name, &mut content, &beside).await;
        let stored = match arrived {
            Ok(stored) => self.settle(&beside, stored).await,
            Err(error) => Err(error),
        };
        if stored.is_err() {
            drop(tokio::fs::remove_file(&beside).await);
        }
        stored
    }

    async fn arrive(&self, name: &str, content: &mut (impl AsyncRead + Unpin + Send), beside: &Path) -> Result<Stored> {
        let failed = |e: std::io::Error| Error::Internal(format!("evidence: {e}"));
        let broken = |_| Error::field("request", Refusal::new("malformed"));
        files::make(&self.dir).map_err(failed)?;
        let mut file = tokio::fs::File::create(beside).await.map_err(failed)?;
        let mut digest = Sha256::new();
        let mut head = Vec::with_capacity(HEAD);
        let mut size = 0;
        let mut chunk = vec![0; 64 << 10];
        loop {
            let read = content.read(&mut chunk).await.map_err(broken)?;
            if read == 0 {
                break;
            }
            let bytes = &chunk[..read];
            size += read;
            if size > MOST_DRAINED {
                return Err(Error::TooLarge(MOST_FILE as u64));
            }
            if size > MOST_FILE {
                continue;
            }
            head.extend(bytes.iter().take(HEAD - head.len()));
            digest.update(bytes);
            file.write_all(bytes).await.map_err(failed)?;
        }
        if size > MOST_FILE {
            let refusal = Refusal::new("evidence.large").with("name", shown(name)).with("megabytes", MOST_FILE >> 20);
            return Err(Error::field("evidence", refusal));
        }
        let media = Media::of(name, &head)?;
        file.sync_all().await.map_err(failed)?;
        Ok(Stored {
            sha256: hex::encode(digest.finalize()),
            name: name.chars().filter(|c| !c.is_control()).take(120).collect(),
            media: media.mime().to_owned(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
        })
    }

    /// From beside into its place. What lies there already has the same content.
    async fn settle(&self, beside: &Path, stored: Stored) -> Result<Stored> {
        let (from, place) = (beside.to_owned(), self.place(&stored.sha256));
        let moved = tokio::task::spawn_blocking(move || {
            let shelf = place.parent().unwrap_or(&place);
            files::make(shelf)?;
            std::fs::rename(&from, &place)?;
            std::fs::File::open(shelf)?.sync_all()
        });
        moved
            .await
            .map_err(|e| Error::Internal(format!("evidence: {e}")))?
            .map_err(|e| Error::Internal(format!("evidence {}: {e}", stored.sha256)))?;
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

    /// Removes a file that no row names any more. Somebody may upload the same content at this moment: what was put down within
    /// the last hour stays.
    ///
    /// # Errors
    /// A disk that fails.
    pub async fn forget(&self, sha256: &str) -> Result<()> {
        let place = self.place(sha256);
        files::apart(move || {
            let put = std::fs::metadata(&place).and_then(|m| m.modified()).ok();
            let is_fresh = put.and_then(|at| at.elapsed().ok()).is_none_or(|age| age < FRESH);
            if is_fresh { Ok(()) } else { files::remove_file(&place) }
        })
        .await
    }

    fn place(&self, sha256: &str) -> PathBuf {
        let (shelf, rest) = sha256.split_at_checked(2).unwrap_or(("", sha256));
        self.dir.join(shelf).join(rest)
    }
}

/// A name as sentences show it.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(60).collect()
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
    async fn a_refused_file_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::of(dir.path());
        let mut large = b"%PDF-1.4".to_vec();
        large.resize(MOST_FILE + 1, b' ');
        let error = files.put("large.pdf", large.clone()).await.unwrap_err();
        assert_eq!(error.refusal().code, "evidence.large");
        assert!(files.put("empty.pdf", Vec::new()).await.is_err());
        assert_eq!(std::fs::read_dir(&files.dir).unwrap().count(), 0);
        large.pop();
        assert!(files.put("large.pdf", large).await.is_ok());
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
