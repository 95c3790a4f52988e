//! What happens by the clock and by nobody's hand: ballots that wait are sealed into the public log, and a campaign that is
//! past its closing is counted.
//!
//! Nothing waits for it: voting is closed by the closing instant itself, and an organiser may count at once by hand.

use std::sync::Arc;
use std::time::Duration;

use entity::stored::Display;

use crate::app::App;
use crate::ballot::sequencer;
use crate::campaign::{phase::Phase, queries};
use crate::ctx::{Actor, Ctx};
use crate::error::Result;
use crate::{ballot, tally};

/// How often it looks.
const EVERY: Duration = Duration::from_secs(20);

/// Looks again and again, as long as the process lives. A failure is logged and tried again at the next look.
pub async fn run(app: Arc<App>) {
    for witness in &app.config.witnesses {
        tokio::spawn(ballot::witnesses::run(Arc::clone(&app), witness.clone()));
    }
    loop {
        if let Err(error) = look(&app).await {
            tracing::error!(error = %error, "clockwork");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Brings papers in step, seals what waits, counts what is closed, has witnesses asked for what they have not cosigned.
///
/// # Errors
/// A store that fails; counts that differ from a recount.
pub async fn look(app: &App) -> Result<()> {
    ballot::commands::settle(app).await?;
    let ctx = Ctx { actor: Actor::System("clockwork"), now: app.clock.now() };
    for campaign in queries::all(app.stores.main.db()).await? {
        match Phase::of(&campaign, ctx.now) {
            Phase::Voting => {
                app.sequencer.seal(&campaign.slug, sequencer::PATIENT, campaign.display == Display::Live).await?;
            }
            Phase::Closed => {
                tally::commands::count(app, &ctx, &campaign.slug).await?;
                app.kept.changed();
            }
            _ => {}
        }
    }
    app.sequencer.tell();
    Ok(())
}
