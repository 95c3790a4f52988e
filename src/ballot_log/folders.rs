//! Folders of a campaign's log in the data directory.

use std::path::{Path, PathBuf};

use public_log::tiles::{Tile, Tiles, WIDTH, numbered};

use crate::base::error::{Error, Result};
use crate::base::files;

/// The folders of one campaign.
#[derive(Clone, Debug)]
pub struct Folders {
    /// Folder of the files that everybody may read.
    pub public: PathBuf,
    /// Folder of the files that are not public before the count: entries and places, and snapshots of running figures.
    pub held: PathBuf,
    /// Folder of the batch that is staged.
    pub staging: PathBuf,
}

impl Folders {
    /// The folders of a campaign.
    #[must_use]
    pub fn of(data: &Path, campaign: &str) -> Self {
        Self {
            public: crate::log::folder(data).join(campaign),
            held: data.join("held").join(campaign),
            staging: data.join("staging").join(campaign),
        }
    }

    /// The tree of this size, read from the public tiles.
    #[must_use]
    pub fn tiles(&self, size: u64) -> Tiles<impl Fn(Tile) -> Result<Vec<u8>>> {
        let folder = self.public.clone();
        Tiles::new(size, move |tile| {
            let file = folder.join(tile.path());
            files::read(&file)?.ok_or_else(|| Error::Internal(format!("{} is missing", file.display())))
        })
    }

    /// Folder of the entries and places. The public folder where they are disclosed: after the count, or in a log that an earlier
    /// version began. Otherwise the held folder.
    #[must_use]
    pub fn bundles(&self) -> &Path {
        if self.is_disclosed() { &self.public } else { &self.held }
    }

    /// Whether entries and places are public.
    #[must_use]
    pub fn is_disclosed(&self) -> bool {
        self.public.join("tile/entries").exists()
    }

    /// Whether the log of this size is in this data directory, published or staged.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn hold(&self, size: u64) -> Result<bool> {
        let published = self.batches()?.last().copied().unwrap_or(0);
        Ok(published == size || self.staging.join("batch").exists())
    }

    /// Discards the staged batch. Its signature is removed first: after a crash the remaining files are those of a batch that was
    /// never signed.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn clear_staging(&self) -> Result<()> {
        files::remove_file(&self.staging.join("batch"))?;
        files::remove_dir(&self.staging)
    }

    /// Sizes of the tree after each batch.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn batches(&self) -> Result<Vec<u64>> {
        let text = files::read(&self.public.join("batches"))?.unwrap_or_default();
        let lines = String::from_utf8_lossy(&text).lines().map(str::parse).collect::<std::result::Result<_, _>>();
        lines.map_err(|e| Error::Internal(format!("{}/batches: {e}", self.public.display())))
    }

    /// The bundles from the entry `from` on, as they are to be written. The first of them completes a partial bundle that exists.
    ///
    /// # Errors
    /// A disk that fails; a partial bundle that is missing.
    pub fn grown_bundles<T>(
        &self,
        folder: &Path,
        from: u64,
        new: &[T],
        bytes: impl Fn(&[T]) -> Vec<u8>,
    ) -> Result<Vec<(PathBuf, Vec<u8>)>> {
        let mut grown = Vec::new();
        let edge = from % WIDTH;
        let mut number = from / WIDTH;
        let mut rest = new;
        let mut before = Vec::new();
        if edge > 0 {
            let file = folder.join(numbered(number, edge));
            before = files::read(&file)?.ok_or_else(|| Error::Internal(format!("{} is missing", file.display())))?;
        }
        let mut width = edge;
        while !rest.is_empty() {
            let take = rest.len().min(usize::try_from(WIDTH - width).unwrap_or(0));
            let (chunk, after) = rest.split_at(take);
            rest = after;
            width += take as u64;
            before.extend(bytes(chunk));
            grown.push((folder.join(numbered(number, width)), std::mem::take(&mut before)));
            (number, width) = (number + 1, 0);
        }
        Ok(grown)
    }
}
