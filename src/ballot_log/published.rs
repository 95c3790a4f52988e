//! Public files of a log, as `/log/…` serves them: rows of the store for what changes, objects for everything else.

use entity::ballots::log_head;
use public_log::note::{self, Checkpoint};
use public_log::tiles::WIDTH;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Sequencer;
use super::log_files::{ENTRIES, PLACES};
use crate::base::error::Result;
use crate::base::files;

/// Files that are rows of the store.
const ROWS: [&str; 3] = ["batches", "checkpoint", "tally"];

/// A public file or folder of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicFile {
    /// Name in its folder.
    pub name: String,
    /// Number of bytes of a file; none for a folder.
    pub size: Option<u64>,
}

impl Sequencer {
    /// Slugs of the campaigns that have a public log, ascending.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn logs(&self) -> Result<Vec<String>> {
        let begun = log_head::Entity::find()
            .filter(log_head::COLUMN.is_begun.eq(true))
            .order_by_asc(log_head::Column::Campaign)
            .select_only()
            .column(log_head::Column::Campaign);
        Ok(begun.into_tuple().all(self.0.store.db()).await?)
    }

    /// A public file of a log; none where there is none or where the file is not public yet.
    ///
    /// # Errors
    /// A store or disk that fails; a path with signs that no name has.
    pub async fn public_file(&self, campaign: &str, path: &str) -> Result<Option<Vec<u8>>> {
        let Some(head) = self.begun(campaign).await? else {
            return Ok(None);
        };
        if ROWS.contains(&path) {
            return self.row(&head, path).await;
        }
        if !is_public(&head, path) {
            return Ok(None);
        }
        let (files, path) = (self.files(campaign), path.to_owned());
        files::blocking(move || files.get(&path)).await
    }

    /// The public files and folders of a folder of a log, ascending; empty where there is no such folder. The empty path is the
    /// folder of the whole log.
    ///
    /// # Errors
    /// As [`Sequencer::public_file`].
    pub async fn public_files(&self, campaign: &str, folder: &str) -> Result<Vec<PublicFile>> {
        let Some(head) = self.begun(campaign).await?.filter(|head| is_public(head, folder)) else {
            return Ok(Vec::new());
        };
        let (files, below) = (self.files(campaign), folder.to_owned());
        let listed = files::blocking(move || files.list(&below)).await?;
        let objects = listed.into_iter().map(|one| PublicFile { name: one.name, size: one.size });
        let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let mut found: Vec<PublicFile> = objects.filter(|file| is_public(&head, &path(&file.name))).collect();
        if folder.is_empty() {
            for name in ROWS {
                let row = self.row(&head, name).await?;
                found.extend(row.map(|bytes| PublicFile { name: name.to_owned(), size: Some(bytes.len() as u64) }));
            }
        }
        found.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// The head of a log that is public.
    async fn begun(&self, campaign: &str) -> Result<Option<log_head::Model>> {
        let found = log_head::Entity::find_by_id(campaign).one(self.0.store.db()).await?;
        Ok(found.filter(|head| head.is_begun))
    }

    async fn row(&self, head: &log_head::Model, name: &str) -> Result<Option<Vec<u8>>> {
        let text = |text: &Option<String>| text.as_ref().map(|text| text.clone().into_bytes());
        Ok(match name {
            "checkpoint" => text(&head.checkpoint),
            "tally" => text(&head.tally),
            _ if head.checkpoint.is_none() => None,
            _ => {
                let ends = self.signed_ends(&head.campaign).await?;
                Some(ends.iter().map(|end| format!("{end}\n")).collect::<String>().into_bytes())
            }
        })
    }
}

/// Whether a path of a log is public. Entries and places are public from the count on. Nothing is public that belongs to a batch
/// whose checkpoint is not shown yet: a copy that is taken at any moment is a whole log.
fn is_public(head: &log_head::Model, path: &str) -> bool {
    let is_open = |part: &&str| path == *part || path.starts_with(&format!("{part}/"));
    (head.is_disclosed || ![ENTRIES, PLACES].iter().any(is_open)) && least_size(path) <= shown_size(head)
}

/// Number of entries of the shown checkpoint; 0 before the first one.
fn shown_size(head: &log_head::Model) -> u64 {
    let text = head.checkpoint.as_deref().and_then(note::split).map(|(text, _)| text);
    text.and_then(Checkpoint::read).map_or(0, |checkpoint| checkpoint.size)
}

/// Size of the smallest tree to which a file belongs, or to which the first file of a folder can belong.
fn least_size(path: &str) -> u64 {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["history", size] => number(size),
        ["history" | "places" | "tile"] | ["tile", "entries"] => 1,
        ["places", file @ ..] | ["tile", "entries", file @ ..] => hashes_before_end(file),
        ["tile", level, file @ ..] => {
            let height = u32::try_from(number(level)).unwrap_or(u32::MAX);
            hashes_before_end(file).saturating_mul(WIDTH.saturating_pow(height))
        }
        _ => 0,
    }
}

/// Number of hashes of a level up to the end of a tile or bundle, or up to the first hash of a folder of them.
fn hashes_before_end(path: &[&str]) -> u64 {
    let (mut at, mut end, mut is_partial) = (0_u64, 1, false);
    for part in path {
        if let Some(thousands) = part.strip_prefix('x') {
            at = at.saturating_add(number(thousands)).saturating_mul(1000);
            end = at.saturating_mul(WIDTH).saturating_add(1);
        } else if let Some(last) = part.strip_suffix(".p") {
            (at, is_partial) = (at.saturating_add(number(last)), true);
            end = at.saturating_mul(WIDTH).saturating_add(1);
        } else if is_partial {
            end = at.saturating_mul(WIDTH).saturating_add(number(part));
        } else {
            end = at.saturating_add(number(part)).saturating_add(1).saturating_mul(WIDTH);
        }
    }
    end
}

/// The number in a name; larger than every size where the name is none.
fn number(text: &str) -> u64 {
    text.parse().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use public_log::tiles::{Tile, numbered, touched};

    use super::*;

    #[test]
    fn a_file_belongs_to_the_trees_that_have_all_its_entries() {
        for (path, size) in [
            ("key", 0),
            ("tile", 1),
            ("tile/0", 1),
            ("tile/1", 256),
            ("tile/2", 65_536),
            ("tile/0/000", 256),
            ("tile/0/000.p", 1),
            ("tile/0/000.p/57", 57),
            ("tile/1/000.p/3", 768),
            ("tile/0/x001", 256_001),
            ("tile/0/x001/000", 256_256),
            ("tile/0/x001/234.p", 315_905),
            ("tile/0/x001/x234/067.p/8", 1_234_067 * 256 + 8),
            ("tile/entries/001", 512),
            ("places/001.p/4", 260),
            ("history/58", 58),
            ("tile/0/no", u64::MAX),
        ] {
            assert_eq!(least_size(path), size, "{path}");
        }
    }

    #[test]
    fn a_tree_shows_its_own_files_and_no_later_ones() {
        for size in [1_u64, 255, 256, 257, 65_535, 65_536, 65_537, 300_000] {
            for level in 0..3 {
                let last = (size >> (8 * level)).saturating_sub(1) / WIDTH;
                if let Some(tile) = Tile::of(size, level, last) {
                    assert!(least_size(&tile.path()) <= size, "{size} {tile:?}");
                    let next = Tile { number: tile.number + tile.width / WIDTH, width: tile.width % WIDTH + 1, ..tile };
                    assert!(least_size(&next.path()) > size, "{size} {next:?}");
                }
            }
            let (number, width) = touched(0, size).last().unwrap();
            assert_eq!(least_size(&format!("places/{}", numbered(number, width))), size);
        }
    }
}
