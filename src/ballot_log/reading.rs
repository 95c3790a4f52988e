//! Reads the entries of a log and the bytes that open their places, disclosed or not.

use std::ops::Range;

use public_log::bundle::{PLACE, unbundle};
use public_log::tiles::{WIDTH, numbered, touched};

use super::log_files::{ENTRIES, LogFiles, PLACES};
use crate::base::error::{Error, Result};

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

/// Passes every entry of a tree to `take`, in order. The batches of the tree end at `ends`.
///
/// # Errors
/// As [`within`].
pub(super) fn each(files: &LogFiles, ends: &[u64], take: impl FnMut(&Seen<'_>) -> Result<()>) -> Result<()> {
    within(files, ends, 0..ends.last().copied().unwrap_or(0), take)
}

/// Passes the entries of a range to `take`, in order. The cost grows with the range, not with the tree. The batches of the tree end at
/// `ends`.
///
/// # Errors
/// Objects that are missing or damaged; an error of `take`.
pub(super) fn within(
    files: &LogFiles,
    ends: &[u64],
    range: Range<u64>,
    mut take: impl FnMut(&Seen<'_>) -> Result<()>,
) -> Result<()> {
    let size = ends.last().copied().unwrap_or(0);
    for (number, _) in touched(range.start, range.end) {
        let bundle = numbered(number, (size - number * WIDTH).min(WIDTH));
        let damaged = || Error::Internal(format!("{bundle} of {} is missing or damaged", files.name("")));
        let entries = files.get(&format!("{ENTRIES}/{bundle}"))?;
        let entries = entries.and_then(|bytes| unbundle(&bytes)).ok_or_else(damaged)?;
        let places = files.get(&format!("{PLACES}/{bundle}"))?.ok_or_else(damaged)?;
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
