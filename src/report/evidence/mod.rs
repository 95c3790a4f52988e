//! Evidence files: recognised by their content, checked, stored once under their hash, and served only as a download.
//!
//! Every file goes through the same steps, whoever sends it. The file arrives in the scratch folder while its bytes are counted. A
//! virus scanner checks the file where one is configured. A picture is re-encoded ([`picture`]), a document is inspected
//! ([`pdf`]). The result is hashed, stored as an object under its hash, and read back. The name of a file is a label and never a
//! path ([`name`]).

mod leases;
pub mod media;
pub mod name;
pub mod pdf;
pub mod picture;
pub mod quota;
pub mod scanner;
mod stored;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use self::leases::Lease;
use self::leases::Leases;
pub use self::media::Media;
use self::picture::{MEMORY, Measure};
use self::scanner::{Scanner, Verdict};
use crate::base::error::{Error, Refusal, Result};
use crate::base::files;
use crate::base::objects::Objects;
use crate::web::form::MAX_FILE;

/// Largest number of bytes of one file that are read at all: up to this size the rest of the form can still be accepted.
const MAX_DRAINED: usize = 256 << 20;
/// Largest number of files that are inspected or re-encoded at the same moment.
const AT_ONCE: u64 = 2;

/// Evidence files of a site; cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    /// Folder of the files that arrive.
    scratch: PathBuf,
    objects: Objects,
    scanner: Option<Scanner>,
    /// Memory for the inspection and re-encoding of files, in units of 1 MiB.
    memory: Arc<Semaphore>,
    leases: Leases,
}

/// A file that is stored in its place.
#[derive(Clone, Debug)]
pub struct Stored {
    /// SHA-256 of the stored content, hexadecimal.
    pub sha256: String,
    /// Name of the file as uploaded, made harmless.
    pub name: String,
    /// Media type of the file, recognised by content.
    pub media: String,
    /// Size of the stored content, in bytes.
    pub size: i64,
}

impl Files {
    /// The files of a site, and the scanner that checks new ones. Files arrive in the data directory.
    #[must_use]
    pub fn of(data: &Path, objects: Objects, scanner: Option<Scanner>) -> Self {
        let units = usize::try_from(MEMORY >> 20).unwrap_or_default();
        let scratch = data.join("scratch");
        Self { scratch, objects, scanner, memory: Arc::new(Semaphore::new(units)), leases: Leases::default() }
    }

    /// Stores a file durably. The same content twice is one file.
    ///
    /// # Errors
    /// As [`Files::receive`].
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<Stored> {
        Ok(self.receive(name, bytes.as_slice()).await?.0)
    }

    /// Stores a file while it arrives. The lease keeps the file in its place until the caller has committed its row. The bytes are
    /// counted as they come, so a false length has no effect. A file that is refused is read to its end and leaves nothing behind.
    ///
    /// # Errors
    /// A refusal of `evidence.…` with the name; `evidence.unscanned` where the scanner does not answer; `TooLarge` for a file
    /// that does not end; a connection or a disk that fails.
    pub async fn receive(&self, name: &str, mut content: impl AsyncRead + Unpin + Send) -> Result<(Stored, Lease)> {
        let name = name::clean(name);
        let beside = self.scratch.join(hex::encode(crate::base::keys::random::<8>()?));
        let drawn = beside.with_extension("new");
        let stored = self.take(&name, &mut content, &beside, &drawn).await;
        for left in [beside, drawn] {
            drop(tokio::fs::remove_file(left).await);
        }
        stored
    }

    async fn take(
        &self,
        name: &str,
        content: &mut (impl AsyncRead + Unpin + Send),
        beside: &Path,
        drawn: &Path,
    ) -> Result<(Stored, Lease)> {
        let media = self.arrive(name, content, beside).await?;
        self.scan(name, beside).await?;
        let (media, kept) = match media {
            Media::Pdf => (media, beside),
            Media::Jpeg | Media::Png => (self.draw(name, media, beside, drawn).await?, drawn),
        };
        let (sha256, size) = self.look(name, media, kept).await?;
        let name = name.to_owned();
        let lease = self.leases.lease(&sha256).await?;
        let stored = self.settle(kept, Stored { sha256, name, media: media.mime().to_owned(), size }).await?;
        Ok((stored, lease))
    }

    async fn arrive(&self, name: &str, content: &mut (impl AsyncRead + Unpin + Send), beside: &Path) -> Result<Media> {
        let broken = |_| Error::field("request", Refusal::new("malformed"));
        files::create_dir_synced(&self.scratch).map_err(failed)?;
        let way = tokio::fs::OpenOptions::from(files::private_options()).create(true).truncate(true).clone();
        let mut file = way.open(beside).await.map_err(failed)?;
        let mut head = Vec::new();
        (&mut *content).take(media::HEAD as u64).read_to_end(&mut head).await.map_err(broken)?;
        let begin = Media::begin(&head);
        // Bytes before the beginning of a document are left out.
        file.write_all(begin.map_or(&[], |(_, at)| &head[at..])).await.map_err(failed)?;
        let mut size = head.len();
        let mut chunk = vec![0; 64 << 10];
        loop {
            let read = content.read(&mut chunk).await.map_err(broken)?;
            if read == 0 {
                break;
            }
            size += read;
            if size > MAX_DRAINED {
                return Err(Error::TooLarge(MAX_FILE as u64));
            }
            if size <= MAX_FILE {
                file.write_all(&chunk[..read]).await.map_err(failed)?;
            }
        }
        if size == 0 {
            return Err(refused(Refusal::new("evidence.empty"), name));
        }
        if size > MAX_FILE {
            return Err(large(name));
        }
        let unknown = || refused(Refusal::new("evidence.kind").with("what", media::foreign(&head)), name);
        let (media, _) = begin.ok_or_else(unknown)?;
        file.sync_all().await.map_err(failed)?;
        Ok(media)
    }

    async fn scan(&self, name: &str, file: &Path) -> Result<()> {
        let Some(scanner) = &self.scanner else {
            return Ok(());
        };
        match scanner.scan(file).await {
            Ok(Verdict::Clean) => Ok(()),
            Ok(Verdict::Infected(what)) => {
                tracing::warn!(what, "an infected file was refused");
                Err(refused(Refusal::new("evidence.infected").with("what", what), name))
            }
            Err(error) => {
                tracing::error!(error = %error, "the virus scanner does not answer; files are refused");
                Err(refused(Refusal::new("evidence.unscanned"), name))
            }
        }
    }

    /// Re-encodes a picture, once there is memory for the work; returns the kind of the new file. A PNG that grows too large
    /// becomes a JPEG: the limit is for what people send.
    async fn draw(&self, name: &str, media: Media, from: &Path, to: &Path) -> Result<Media> {
        let undrawn = |why: picture::Undrawn| Error::field("evidence", why.refusal(&shown(name)));
        let measure = Measure::of(from, media).map_err(undrawn)?;
        let (source, target) = (from.to_owned(), to.to_owned());
        let drawn = move || picture::draw(&source, media, measure, &target);
        self.at_work(measure, drawn).await?.map_err(undrawn)?;
        let size = tokio::fs::metadata(to).await.map_err(failed)?.len();
        if size <= MAX_FILE as u64 {
            return Ok(media);
        }
        let measure = measure.whole().map_err(undrawn)?;
        let (source, target) = (from.to_owned(), to.to_owned());
        let drawn = move || picture::draw_smaller(&source, measure, &target);
        self.at_work(measure, drawn).await?.map_err(undrawn)?;
        Ok(Media::Jpeg)
    }

    /// Runs the work on a picture with its share of the memory.
    async fn at_work(
        &self,
        measure: Measure,
        work: impl FnOnce() -> std::io::Result<Result<(), picture::Undrawn>> + Send + 'static,
    ) -> Result<Result<(), picture::Undrawn>> {
        let held = self.memory(measure.memory()).await?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(held);
            done
        });
        match done.await {
            Ok(done) => done.map_err(failed),
            // A picture that makes the decoder panic counts as broken.
            Err(panic) => {
                tracing::error!(error = %panic, "a picture could not be read");
                Ok(Err(picture::Undrawn::Broken))
            }
        }
    }

    /// Computes the hash and the size of the content to store; inspects a document.
    async fn look(&self, name: &str, media: Media, file: &Path) -> Result<(String, i64)> {
        let size = tokio::fs::metadata(file).await.map_err(failed)?.len();
        let held = self.memory(if media == Media::Pdf { size + pdf::MEMORY } else { size }).await?;
        let bytes = tokio::fs::read(file).await.map_err(failed)?;
        let looked = tokio::task::spawn_blocking(move || {
            let fit = if media == Media::Pdf { pdf::check(&bytes) } else { Ok(()) };
            let hash = hex::encode(Sha256::digest(&bytes));
            drop((bytes, held));
            fit.map(|()| hash)
        });
        let looked = looked.await.map_err(|e| Error::Internal(format!("evidence: {e}")))?;
        let sha256 = looked.map_err(|why| refused(Refusal::new(why.code()), name))?;
        Ok((sha256, i64::try_from(size).unwrap_or(i64::MAX)))
    }

    /// Waits for a share of the memory. The smallest share is so large that at most `AT_ONCE` files hold one.
    async fn memory(&self, bytes: u64) -> Result<OwnedSemaphorePermit> {
        let units = bytes.clamp(MEMORY / AT_ONCE, MEMORY) >> 20;
        let held = Arc::clone(&self.memory).acquire_many_owned(u32::try_from(units).unwrap_or(u32::MAX)).await;
        held.map_err(|e| Error::Internal(format!("evidence: {e}")))
    }
}

fn failed(error: std::io::Error) -> Error {
    files::failed(Path::new("evidence"), &error)
}

fn refused(refusal: Refusal, name: &str) -> Error {
    Error::field("evidence", refusal.with("name", shown(name)))
}

fn large(name: &str) -> Error {
    refused(Refusal::new("evidence.large").with("megabytes", MAX_FILE >> 20), name)
}

/// The name of a file as sentences show it.
fn shown(name: &str) -> String {
    name::clean(name).chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: &[u8] = b"%PDF-1.4 x\n%%EOF\n";

    fn files() -> (tempfile::TempDir, Files) {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::of(dir.path(), Objects::of(dir.path()), None);
        (dir, files)
    }

    #[tokio::test]
    async fn a_file_is_known_by_its_content_and_stored_once() {
        let (_dir, files) = files();
        let first = files.put("a.pdf", PDF.to_vec()).await.unwrap();
        let second = files.put("b.png", PDF.to_vec()).await.unwrap();
        assert_eq!((first.sha256.as_str(), second.media.as_str()), (second.sha256.as_str(), "application/pdf"));
        assert_eq!(files.get(&first.sha256).await.unwrap(), PDF);
        assert!(files.put("page.html", b"<html>".to_vec()).await.is_err());
    }

    #[tokio::test]
    async fn a_refused_file_leaves_nothing_behind() {
        let (_dir, files) = files();
        let mut large = b"%PDF-1.4".to_vec();
        large.resize(MAX_FILE + 1 - PDF.len(), b' ');
        large.extend(PDF);
        let error = files.put("large.pdf", large.clone()).await.unwrap_err();
        assert_eq!(error.refusal().code, "evidence.large");
        for broken in [&b""[..], b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"<html>"] {
            assert!(files.put("a.pdf", broken.to_vec()).await.is_err());
        }
        assert_eq!(std::fs::read_dir(&files.scratch).unwrap().count(), 0);
        large.remove(20);
        assert!(files.put("large.pdf", large).await.is_ok());
    }

    #[tokio::test]
    async fn a_file_that_was_changed_on_disk_is_not_served() {
        let (_dir, files) = files();
        let stored = files.put("a.pdf", PDF.to_vec()).await.unwrap();
        files.objects.put(&stored::object(&stored.sha256), b"%PDF-1.4 y\n%%EOF\n".to_vec()).unwrap();
        assert!(files.get(&stored.sha256).await.is_err());
    }
}
