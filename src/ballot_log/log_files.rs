//! Objects of a campaign's log: tiles, entries, places, and the checkpoint after each batch.

use std::time::Duration;

use public_log::bundle::{PLACE, bundle};
use public_log::tiles::{Tile, Tiles, WIDTH, numbered};
use public_log::tree::Hash;

use super::staged::Staged;
use crate::base::error::{Error, Result};
use crate::base::objects::{Listed, Objects};

/// Part of a log that is public from the count on: entries of the log.
pub const ENTRIES: &str = "tile/entries";
/// Part of a log that is public from the count on: bytes that open the places of the entries.
pub const PLACES: &str = "places";

/// Object of a log that names its key.
pub const KEY: &str = "key";
/// Object of a log that holds the canonical bytes of its questionnaire.
pub const QUESTIONNAIRE: &str = "questionnaire";

/// Age from which staged content that was not committed is removed.
const STAGE_LIFETIME: Duration = Duration::from_secs(3600);

/// The objects of one campaign's log.
#[derive(Clone, Debug)]
pub struct LogFiles {
    objects: Objects,
    campaign: String,
}

impl LogFiles {
    /// The objects of a campaign's log.
    #[must_use]
    pub fn of(objects: &Objects, campaign: &str) -> Self {
        Self { objects: objects.clone(), campaign: campaign.to_owned() }
    }

    /// Name of an object of the log.
    #[must_use]
    pub fn name(&self, path: &str) -> String {
        format!("log/{}/{path}", self.campaign)
    }

    /// Whether the log has any object.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn is_begun(&self) -> Result<bool> {
        Ok(!self.list("")?.is_empty())
    }

    /// Stores key and questionnaire of a log. The objects of a log that is begun are compared only: where they are gone, the log is
    /// not begun anew.
    ///
    /// # Errors
    /// Another key or questionnaire than before; a disk that fails.
    pub fn begin(&self, key: Vec<u8>, questionnaire: Vec<u8>, is_begun: bool) -> Result<()> {
        for (path, bytes) in [(KEY, key), (QUESTIONNAIRE, questionnaire)] {
            match self.get(path)? {
                Some(standing) if standing != bytes => {
                    return Err(Error::Internal(format!("{} is another than it was", self.name(path))));
                }
                None if !is_begun => self.objects.put(&self.name(path), bytes)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads an object of the log; none where absent.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn get(&self, path: &str) -> Result<Option<Vec<u8>>> {
        self.objects.get(&self.name(path))
    }

    /// The entries directly below a path of the log; the empty path is the whole log.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn list(&self, path: &str) -> Result<Vec<Listed>> {
        self.objects.list(self.name(path).trim_end_matches('/'))
    }

    /// The tree of this size, read from the tiles.
    #[must_use]
    pub fn tiles(&self, size: u64) -> Tiles<impl Fn(Tile) -> Result<Vec<u8>>> {
        let files = self.clone();
        Tiles::new(size, move |tile| files.objects.need(&files.name(&tile.path())))
    }

    /// The signed checkpoint after the batch that ends at this size; none where the batch is not signed.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn signed(&self, size: u64) -> Result<Option<String>> {
        let note = self.get(&format!("history/{size}"))?;
        Ok(note.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Stores a signed checkpoint.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn put_signed(&self, size: u64, note: &str) -> Result<()> {
        self.objects.put(&self.name(&format!("history/{size}")), note.as_bytes().to_vec())
    }

    /// Sizes at which a checkpoint was signed.
    fn signed_sizes(&self) -> Result<Vec<u64>> {
        let listed = self.objects.list(&self.name("history"))?;
        Ok(listed.iter().filter(|one| one.size.is_some()).filter_map(|one| one.name.parse().ok()).collect())
    }

    /// Refuses a log of which more was signed than the store knows: the store was restored from an older copy.
    ///
    /// # Errors
    /// A signed checkpoint of a larger size than the committed one; a disk that fails.
    pub fn refuse_ahead(&self, committed: u64) -> Result<()> {
        if self.signed_sizes()?.into_iter().max().is_none_or(|largest| largest <= committed) {
            return Ok(());
        }
        Err(Error::Internal(format!(
            "the log of {} is ahead of the ballots store: an older copy of the store was put back; put back the newest copy, or keep \
             this log as it is and vote anew under another name",
            self.campaign
        )))
    }

    /// Refuses a log of which a size was signed that no committed batch ends at: the tiles of that tree would be overwritten.
    ///
    /// # Errors
    /// Such a size; a disk that fails.
    pub fn refuse_strange(&self, ends: &[u64]) -> Result<()> {
        match self.signed_sizes()?.into_iter().find(|size| !ends.contains(size)) {
            None => Ok(()),
            Some(size) => Err(Error::Internal(format!(
                "{} was signed, and the ballots store has no batch that ends there; nothing more is signed",
                self.name(&format!("history/{size}"))
            ))),
        }
    }

    /// Stores tiles, entries and places of a batch that begins at the entry `from`. The call is idempotent.
    ///
    /// # Errors
    /// A disk that fails; a partial tile or bundle that is missing.
    pub fn put_batch(&self, from: u64, staged: &Staged) -> Result<()> {
        let grown = self.tiles(from).grow(&staged.leaves())?;
        let mut grown: Vec<_> =
            grown.into_iter().map(|(tile, hashes)| (self.name(&tile.path()), hashes.as_flattened().to_vec())).collect();
        let places = |chunk: &[[u8; PLACE]]| chunk.as_flattened().to_vec();
        let entries = |chunk: &[Vec<u8>]| bundle(chunk.iter());
        grown.extend(self.grown_bundles(PLACES, from, &staged.places, places)?);
        grown.extend(self.grown_bundles(ENTRIES, from, &staged.entries, entries)?);
        self.objects.put_all(grown)
    }

    /// The bundles from the entry `from` on. The first of them completes a partial bundle that exists.
    fn grown_bundles<T>(
        &self,
        part: &str,
        from: u64,
        new: &[T],
        bytes: impl Fn(&[T]) -> Vec<u8>,
    ) -> Result<Vec<(String, Vec<u8>)>> {
        let mut grown = Vec::new();
        let mut width = from % WIDTH;
        let mut number = from / WIDTH;
        let name = |number, width| self.name(&format!("{part}/{}", numbered(number, width)));
        let mut before = if width > 0 { self.objects.need(&name(number, width))? } else { Vec::new() };
        let mut rest = new;
        while !rest.is_empty() {
            let take = rest.len().min(usize::try_from(WIDTH - width).unwrap_or(0));
            let (chunk, after) = rest.split_at(take);
            rest = after;
            width += take as u64;
            before.extend(bytes(chunk));
            grown.push((name(number, width), std::mem::take(&mut before)));
            (number, width) = (number + 1, 0);
        }
        Ok(grown)
    }

    /// Name of the staged batch that leads to this root.
    fn stage(&self, root: &Hash) -> String {
        format!("staged/{}/{}", self.campaign, hex::encode(root))
    }

    /// Stages the content of a batch that leads to this root.
    ///
    /// # Errors
    /// A disk that fails.
    pub(super) fn put_stage(&self, root: &Hash, staged: &Staged) -> Result<()> {
        self.objects.put(&self.stage(root), staged.bytes())
    }

    /// Reads the staged content of the batch that leads to this root; none where nothing is staged.
    ///
    /// # Errors
    /// A staged batch that was damaged; a disk that fails.
    pub(super) fn staged(&self, root: &Hash) -> Result<Option<Staged>> {
        let name = self.stage(root);
        let Some(bytes) = self.objects.get(&name)? else {
            return Ok(None);
        };
        let damaged = || Error::Internal(format!("{name}: a staged batch is damaged"));
        Staged::read(&bytes).map(Some).ok_or_else(damaged)
    }

    /// Removes the staged content of a batch. The call is idempotent.
    ///
    /// # Errors
    /// A disk that fails.
    pub(super) fn clear_stage(&self, root: &Hash) -> Result<()> {
        self.objects.remove(&self.stage(root))
    }

    /// Removes staged content that was not committed, once it is so much older than the newest that no process is about to commit it.
    ///
    /// # Errors
    /// A disk that fails.
    pub(super) fn clear_old_stages(&self) -> Result<()> {
        let folder = format!("staged/{}", self.campaign);
        let listed = self.objects.list(&folder)?;
        // The ages are compared by the clock of the place, which wrote all of them: the clock of this machine may be another.
        let newest = listed.iter().filter_map(|one| one.written).max();
        let age = |one: &Listed| newest?.duration_since(one.written?).ok();
        for old in listed.iter().filter(|one| age(one).is_some_and(|age| age > STAGE_LIFETIME)) {
            self.objects.remove(&format!("{folder}/{}", old.name))?;
        }
        Ok(())
    }
}
