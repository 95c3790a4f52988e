//! Removal of files that were uploaded for a report and never filed with one, and of files that no stored row names.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use entity::evidence;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::evidence::Files;
use crate::base::error::Result;
use crate::base::main_store::{Changes, Main};

/// Number of files that are removed in one round.
const BATCH: u64 = 200;

/// Removes files that were uploaded before an instant of programme time and never filed; returns their number. A file that a
/// report or another row names stays.
///
/// # Errors
/// A store or a disk that fails.
pub async fn forget(main: &Main, files: &Files, before: DateTime<Utc>) -> Result<u64> {
    let mut removed = 0;
    loop {
        let hashes = main
            .write(Changes::Internal, async |tx| {
                let old = evidence::Entity::find()
                    .filter(evidence::COLUMN.report_id.is_null())
                    .filter(evidence::COLUMN.at.lt(before))
                    .limit(BATCH)
                    .all(tx)
                    .await?;
                let ids = old.iter().map(|row| row.id);
                evidence::Entity::delete_many()
                    .filter(evidence::COLUMN.id.is_in(ids))
                    .filter(evidence::COLUMN.report_id.is_null())
                    .exec(tx)
                    .await?;
                Ok(old.into_iter().map(|row| row.sha256).collect::<Vec<_>>())
            })
            .await?;
        removed += hashes.len() as u64;
        let once: BTreeSet<&String> = hashes.iter().collect();
        for hash in once {
            let named = evidence::Entity::find().filter(evidence::COLUMN.sha256.eq(hash.as_str()));
            if named.one(main.db()).await?.is_none() {
                files.forget(hash).await?;
            }
        }
        if (hashes.len() as u64) < BATCH {
            return Ok(removed);
        }
    }
}

/// Removes files that no stored row names, and remains of uploads that never finished; returns their number. Such files were
/// removed from a report before it was filed, or the quota refused their row, or a crash interrupted the upload.
///
/// # Errors
/// A store or a disk that fails.
pub async fn sweep(main: &Main, files: &Files) -> Result<u64> {
    let mut removed = files.clear_arriving().await?;
    for first in 0..=u8::MAX {
        let shelf = files.on_shelf(first).await?;
        for lying in shelf.chunks(BATCH as usize) {
            let named: Vec<String> = evidence::Entity::find()
                .select_only()
                .column(evidence::Column::Sha256)
                .filter(evidence::COLUMN.sha256.is_in(lying))
                .into_tuple()
                .all(main.db())
                .await?;
            let named: HashSet<&String> = named.iter().collect();
            for hash in lying.iter().filter(|hash| !named.contains(hash)) {
                removed += u64::from(files.forget(hash).await?);
            }
        }
    }
    Ok(removed)
}
