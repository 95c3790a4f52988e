//! Step 4 of a batch: the files of the batch are put in place.

use public_log::bundle::{PLACE, bundle};

use super::folders::Folders;
use super::staged::{self, Batch};
use crate::base::error::Result;
use crate::base::files;

/// Publishes a batch: tiles and bundles first, then the checkpoint that leads to them. The call is idempotent.
///
/// # Errors
/// A disk that fails; a batch or a tile that was damaged.
pub(super) fn put_in_place(folders: &Folders, batch: &Batch) -> Result<()> {
    let staged = staged::read(&folders.staging)?;
    let grown = folders.tiles(batch.from).grow(&staged.leaves())?;
    let mut grown: Vec<_> = grown
        .into_iter()
        .map(|(tile, hashes)| (folders.public.join(tile.path()), hashes.as_flattened().to_vec()))
        .collect();
    let bundles = folders.bundles();
    let places = |chunk: &[[u8; PLACE]]| chunk.as_flattened().to_vec();
    let entries = |chunk: &[Vec<u8>]| bundle(chunk.iter());
    grown.extend(folders.grown_bundles(&bundles.join("places"), batch.from, &staged.places, places)?);
    grown.extend(folders.grown_bundles(&bundles.join("tile/entries"), batch.from, &staged.entries, entries)?);
    files::write_all_atomic(&grown)?;
    let mut sizes = folders.batches()?;
    sizes.truncate(batch.number.unsigned_abs() as usize);
    sizes.push(batch.to);
    let lines: String = sizes.iter().map(|size| format!("{size}\n")).collect();
    files::write_atomic(&folders.public.join(format!("history/{}", batch.to)), batch.checkpoint.as_bytes())?;
    files::write_atomic(&folders.public.join("batches"), lines.as_bytes())?;
    files::write_atomic(&folders.public.join("checkpoint"), batch.checkpoint.as_bytes())?;
    folders.clear_staging()
}
