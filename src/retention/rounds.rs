//! The round that keeps to the table: once a day, in small parts, so that nobody waits for it. What it removed goes on record.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::app::App;
use crate::audit::{self, openings};
use crate::base::clock::is_recent;
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::{ballot, identity, report};

/// Between two rounds.
const EVERY: TimeDelta = TimeDelta::days(1);
/// Parts of one kind that one round removes at most; the rest waits for the next.
const PARTS: usize = 200;

/// What a round removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Sign-ins that had ended.
    pub sessions: u64,
    /// Files that were uploaded and never filed, or that no row names.
    pub drafts: u64,
    /// Personal values of the audit trail.
    pub openings: u64,
    /// Entries of the register.
    pub register: u64,
}

/// The last round of this process.
#[derive(Debug, Default)]
pub struct Rounds(Mutex<Option<(DateTime<Utc>, Option<Removed>)>>);

impl Rounds {
    /// When the last round was, in system time, and what it removed.
    #[must_use]
    pub fn last(&self) -> Option<(DateTime<Utc>, Removed)> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.and_then(|(at, removed)| Some((at, removed?)))
    }

    /// Whether a round is due; then it counts as begun.
    fn begin(&self, system: DateTime<Utc>) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = !last.is_some_and(|(at, _)| is_recent(at, EVERY, system));
        if due {
            *last = Some((system, last.and_then(|(_, removed)| removed)));
        }
        due
    }

    fn end(&self, system: DateTime<Utc>, removed: Removed) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((system, Some(removed)));
    }
}

/// A round, where one is due.
///
/// # Errors
/// As [`enforce`].
pub async fn attend(app: &App, ctx: &Ctx) -> Result<()> {
    let system = app.clock.system();
    if app.rounds.begin(system) {
        app.rounds.end(system, enforce(app, ctx, system).await?);
    }
    Ok(())
}

/// Removes what its time is over for.
///
/// # Errors
/// A store or a disk that fails.
pub async fn enforce(app: &App, ctx: &Ctx, system: DateTime<Utc>) -> Result<Removed> {
    let (main, keep) = (&app.stores.main, &app.config.keep);
    let mut removed = Removed::default();
    for _ in 0..PARTS {
        let part = main.write(async |tx| identity::ended::forget(tx, system).await).await?;
        removed.sessions += part;
        if part == 0 {
            break;
        }
    }
    for _ in 0..PARTS {
        let part = main.write(async |tx| openings::erase_before(tx, ctx, system - keep.openings).await).await?;
        removed.openings += part;
        if part == 0 {
            break;
        }
    }
    removed.drafts = report::drafts::forget(app, ctx.now - keep.drafts).await? + report::drafts::sweep(app).await?;
    removed.register = ballot::forgetting::forget(app, ctx.now - keep.register).await?;
    // Erased openings have an entry of their own, which names them.
    if (Removed { openings: 0, ..removed }) != Removed::default() {
        let detail = json!({ "sessions": removed.sessions, "drafts": removed.drafts, "register": removed.register });
        main.write(async |tx| audit::record(tx, ctx, "retention.remove", "", detail).await).await?;
    }
    Ok(removed)
}
