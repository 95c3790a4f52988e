//! The round that keeps to the table: once a day, in small parts, so that nobody waits for it. What it removed goes on record.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::Retention;
use super::last_round::Removed;
use crate::audit::{self, openings};
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::{ballot, report, sign_in};

/// Parts of one kind that one round removes at most; the rest waits for the next.
const PARTS: usize = 200;

/// A round, where one is due.
///
/// # Errors
/// As [`enforce`].
pub async fn attend(retention: &Retention, ctx: &Ctx) -> Result<()> {
    let system = ctx.system;
    if retention.last_round.begin(system) {
        retention.last_round.end(system, enforce(retention, ctx, system).await?);
    }
    Ok(())
}

/// Removes what its time is over for.
///
/// # Errors
/// A store or a disk that fails.
pub async fn enforce(retention: &Retention, ctx: &Ctx, system: DateTime<Utc>) -> Result<Removed> {
    let (main, keep) = (&retention.stores.main, &retention.keep);
    let mut removed = Removed::default();
    for _ in 0..PARTS {
        let part = main.write(Changes::Internal, async |tx| sign_in::purge::forget(tx, system).await).await?;
        removed.sessions += part;
        if part == 0 {
            break;
        }
    }
    for _ in 0..PARTS {
        let part = main
            .write(Changes::Internal, async |tx| openings::erase_before(tx, ctx, system - keep.openings).await)
            .await?;
        removed.openings += part;
        if part == 0 {
            break;
        }
    }
    removed.drafts = report::purge::forget(main, &retention.files, ctx.now - keep.drafts).await?
        + report::purge::sweep(main, &retention.files).await?;
    removed.register = ballot::purge::forget(&retention.stores, ctx.now, ctx.now - keep.register).await?;
    // Erased openings have an entry of their own, which names them.
    if (Removed { openings: 0, ..removed }) != Removed::default() {
        let detail = json!({ "sessions": removed.sessions, "drafts": removed.drafts, "register": removed.register });
        main.write(Changes::Internal, async |tx| audit::record(tx, ctx, "retention.remove", "", detail).await).await?;
    }
    Ok(removed)
}
