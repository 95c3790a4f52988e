//! Removal of files that were uploaded for a report and never filed with one, and of files that no stored row names.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use entity::evidence;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::evidence::Files;
use crate::base::error::{Error, Result};
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

/// Removes a file that lost its row, or was refused one, unless another row names it or somebody uploads the same content now.
/// The work runs outside the request, because a request of staff may not see the rows of other provinces.
///
/// # Errors
/// A store or a disk that fails.
pub async fn discard(main: &Main, files: &Files, sha256: &str) -> Result<()> {
    let (main, files, sha256) = (main.clone(), files.clone(), sha256.to_owned());
    let work = async move {
        let named = evidence::Entity::find().filter(evidence::COLUMN.sha256.eq(&sha256));
        files.discard(&sha256, async || Ok(named.one(main.db()).await?.is_some())).await
    };
    tokio::spawn(work).await.map_err(|e| Error::Internal(format!("evidence: {e}")))?.map(drop)
}

/// Removes files that no stored row names, and remains of uploads that never finished; returns their number. A crash between the
/// upload and its row, or between the loss of a row and [`discard`], leaves such files behind.
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
