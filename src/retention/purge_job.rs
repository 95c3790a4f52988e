//! The daily purge: removes data whose retention period is over. The purge works in small transactions, so that no other
//! write waits long. The numbers of removed items go into the audit trail.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::Retention;
use super::last_round::Removed;
use crate::audit::{self, openings};
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::{ballot, report, sign_in};

/// Greatest number of transactions for one kind of data in one round. The rest waits for the next round.
const PARTS: usize = 200;

/// Runs a round where one is due.
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

/// Removes all data whose retention period is over.
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
    // The erasure of openings makes an audit entry of its own, which names the openings.
    if (Removed { openings: 0, ..removed }) != Removed::default() {
        let detail = json!({ "sessions": removed.sessions, "drafts": removed.drafts, "register": removed.register });
        main.write(Changes::Internal, async |tx| audit::record(tx, ctx, "retention.remove", "", detail).await).await?;
    }
    Ok(removed)
}
