//! Bundles of entries, and the places that belong to them.

use crate::tiles::WIDTH;

/// Province code of ballots in campaigns without places.
pub const NO_PLACE: &str = "000000";

/// Row of the count for ballots whose place is not opened.
pub const MERGED: &str = "merged";
/// Fewest ballots of the same batch, province and track whose places are opened.
pub const LEAST: usize = 10;
/// Bytes that open a place: the province code and the salt, or zeros.
pub const PLACE: usize = 38;

/// Encodes entries one after the other, each with a two-byte length before it.
pub fn bundle<'a>(entries: impl Iterator<Item = &'a Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend_from_slice(&u16::try_from(entry.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    bytes
}

/// The entries of a bundle. None where the bytes end within an entry.
#[must_use]
pub fn unbundle(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut entries = Vec::with_capacity(usize::try_from(WIDTH).unwrap_or(0));
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry.to_vec());
        bytes = rest;
    }
    Some(entries)
}
