//! Reads the entries of a log and the bytes that open their places, disclosed or still held back.

use std::ops::Range;

use public_log::bundle::{PLACE, unbundle};
use public_log::tiles::{WIDTH, numbered, touched};

use super::folders::Folders;
use crate::base::error::{Error, Result};
use crate::base::files;

/// One entry as everybody sees it.
pub(super) struct Seen<'a> {
    /// Index of the entry in the log.
    pub index: u64,
    /// Number of the entry's batch, from 1.
    pub batch: u32,
    /// Canonical bytes of the entry.
    pub entry: &'a [u8],
    /// Province code that the entry's place opens; none where the place is not opened.
    pub province: Option<&'a str>,
    /// Bytes that open the entry's place: province code and salt, or zeros.
    pub place: &'a [u8; PLACE],
}

/// Passes every entry of a tree of this size to `take`, in order.
///
/// # Errors
/// As [`within`].
pub(super) fn each(folders: &Folders, size: u64, take: impl FnMut(&Seen<'_>) -> Result<()>) -> Result<()> {
    within(folders, size, 0..size, take)
}

/// Passes the entries of a range to `take`, in order. The cost grows with the range, not with the tree.
///
/// # Errors
/// Files that are missing or damaged; an error of `take`.
pub(super) fn within(
    folders: &Folders,
    size: u64,
    range: Range<u64>,
    mut take: impl FnMut(&Seen<'_>) -> Result<()>,
) -> Result<()> {
    let ends = folders.batches()?;
    let bundles = folders.bundles();
    for (number, _) in touched(range.start, range.end) {
        let file = numbered(number, (size - number * WIDTH).min(WIDTH));
        let damaged = || Error::Internal(format!("{file} of {} is missing or damaged", bundles.display()));
        let entries = files::read(&bundles.join("tile/entries").join(&file))?;
        let entries = entries.and_then(|bytes| unbundle(&bytes)).ok_or_else(damaged)?;
        let places = files::read(&bundles.join("places").join(&file))?.ok_or_else(damaged)?;
        let (places, rest) = places.as_chunks::<PLACE>();
        if places.len() != entries.len() || !rest.is_empty() {
            return Err(damaged());
        }
        for ((entry, place), index) in entries.iter().zip(places).zip(number * WIDTH..) {
            if !range.contains(&index) {
                continue;
            }
            let province = std::str::from_utf8(&place[..6]).ok().filter(|_| place != &[0; PLACE]);
            let before = ends.partition_point(|end| *end <= index);
            take(&Seen { index, batch: u32::try_from(before + 1).unwrap_or(u32::MAX), entry, province, place })?;
        }
    }
    Ok(())
}
