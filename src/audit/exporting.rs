//! Export of the trail as lines of JSON, for verification elsewhere: `verify/audit.py` needs nothing but Python. The export
//! contains the commitments, but not the personal values.

use entity::audit_entry;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;

use super::chain::time;
use super::record;
use super::verifying::part;
use crate::base::ctx::Ctx;
use crate::base::error::Result;

/// One entry as a line of JSON: every text exactly as it is hashed.
#[must_use]
pub fn line(entry: &audit_entry::Model) -> String {
    let text = |id: Option<entity::id::AccountId>| id.map(|id| id.to_string()).unwrap_or_default();
    let mut line = json!({
        "number": entry.number.0,
        "at": time(entry.at),
        "system_at": time(entry.system_at),
        "actor": text(entry.actor_id),
        "capacity": entry.capacity,
        "on_behalf_of": text(entry.on_behalf_of),
        "act": entry.act,
        "object": entry.object,
        "detail": entry.detail,
        "commitments": entry.commitments,
        "hash": entry.hash,
    })
    .to_string();
    line.push('\n');
    line
}

/// Records in the trail that the trail is exported.
///
/// # Errors
/// A store that fails.
pub async fn note(tx: &DatabaseTransaction, ctx: &Ctx, form: &str, asked: &str) -> Result<()> {
    record(tx, ctx, "audit.export", "", json!({ "form": form, "asked": asked })).await
}

/// Writes all entries, oldest first; returns their number.
///
/// # Errors
/// A store that fails; an error of the receiver of the lines.
pub async fn write(db: &impl ConnectionTrait, mut take: impl FnMut(&str) -> Result<()>) -> Result<i64> {
    let mut last = 0;
    loop {
        let entries = part(db, last).await?;
        let Some(end) = entries.last() else {
            return Ok(last);
        };
        last = end.number.0;
        for entry in &entries {
            take(&line(entry))?;
        }
    }
}
