//! What happens by the clock and by nobody's hand: a campaign that is past its closing is counted.
//!
//! Nothing waits for it: voting is closed by the closing instant itself, and an organiser may count at once by hand.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::campaign::{phase::Phase, queries};
use crate::ctx::{Actor, Ctx};
use crate::error::Result;
use crate::{ballot, tally};

/// How often it looks.
const EVERY: Duration = Duration::from_secs(20);

/// Looks again and again, as long as the process lives. A failure is logged and tried again at the next look.
pub async fn run(app: Arc<App>) {
    loop {
        if let Err(error) = look(&app).await {
            tracing::error!(error = %error, "clockwork");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Brings papers in step and counts what is closed.
///
/// # Errors
/// A store that fails; counts that differ from a recount.
pub async fn look(app: &App) -> Result<()> {
    ballot::commands::settle(&app.stores, &app.ballot_box).await?;
    let ctx = Ctx { actor: Actor::System("clockwork"), now: app.clock.now() };
    for campaign in queries::all(app.stores.main.db()).await? {
        if Phase::of(&campaign, ctx.now) == Phase::Closed {
            tally::commands::count(&app.stores, &app.ballot_box, &app.issuing, &ctx, &campaign.slug).await?;
            app.kept.changed();
        }
    }
    Ok(())
}
