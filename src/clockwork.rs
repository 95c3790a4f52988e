//! What happens by the clock and by nobody's hand: ballots that wait are sealed into the public log, and a campaign that is
//! past its closing is counted.
//!
//! Nothing waits for it: voting is closed by the closing instant itself, and an organiser may count at once by hand.

use std::sync::Arc;

use entity::stored::Display;

use crate::app::App;
use crate::campaign::{phase::Phase, queries};
use crate::ctx::{Actor, Ctx};
use crate::error::Result;
use crate::{ballot, tally};

/// Looks again and again, as long as the process lives. A failure is logged and tried again at the next look; so is a panic.
pub async fn run(app: Arc<App>) {
    loop {
        let seen = Arc::clone(&app);
        match tokio::spawn(async move { look(&seen).await }).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(error = %error, "clockwork"),
            Err(panic) => tracing::error!(error = %panic, "clockwork"),
        }
        tokio::time::sleep(app.config.look_every).await;
    }
}

/// Brings papers in step, seals what waits, counts what is closed.
///
/// # Errors
/// A store that fails; counts that differ from a recount.
pub async fn look(app: &App) -> Result<()> {
    ballot::commands::settle(app).await?;
    let ctx = Ctx { actor: Actor::System("clockwork"), now: app.clock.now() };
    for campaign in queries::all(app.stores.main.db()).await? {
        match Phase::of(&campaign, ctx.now) {
            Phase::Voting => {
                app.sequencer.seal(&campaign.slug, app.config.seal_at, campaign.display == Display::Live).await?;
            }
            // Counted, and a crash came before everything that follows a count.
            phase
                if phase == Phase::Closed
                    || phase.is_counted() && !app.sequencer.is_count_published(&campaign.slug) =>
            {
                tally::commands::count(app, &ctx, &campaign.slug).await?;
                app.kept.changed();
            }
            _ => {}
        }
    }
    Ok(())
}
