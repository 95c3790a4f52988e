//! What happens by the clock and by nobody's hand: running figures take their steps, ballots whose figures are shown are
//! sealed into the public log, a campaign that is past its closing is counted, its ballots are rewritten in the order of their
//! keys, and a rule that a crash kept from being applied is applied.
//!
//! Nothing waits for it: voting is closed by the closing instant itself, and an organiser may count by hand as soon as the close
//! is settled. What nobody can take back is done only under a steady clock ([`crate::base::clock_steadiness`]).

use crate::ballot_log;
use std::sync::Arc;

use entity::campaign;
use entity::stored::Display;

use crate::app::App;
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::campaign::{commands, halt, phase::Phase, queries};
use crate::{audit, ballot, retention, tally};

/// Looks again and again, as long as the process lives. A failure is logged and tried again at the next look; so is a panic.
pub async fn run(app: Arc<App>) {
    for witness in &app.config.witnesses {
        let (sequencer, public) = (app.ballots.sequencer.clone(), app.stores.main.public().clone());
        tokio::spawn(ballot_log::witnesses::run(sequencer, public, witness.clone()));
    }
    loop {
        let seen = Arc::clone(&app);
        match tokio::spawn(async move { tick(&seen).await }).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(error = %error, "clockwork"),
            Err(panic) => tracing::error!(error = %panic, "clockwork"),
        }
        tokio::time::sleep(app.config.look_every).await;
    }
}

/// Ends halts that nobody confirmed, brings papers in step, moves running figures, seals what is shown, counts what is closed, does
/// what a crash left undone of a count, has witnesses asked for what they have not cosigned. A campaign that cannot be served does not keep the others waiting.
///
/// # Errors
/// A store that fails; counts that differ from a recount.
pub async fn tick(app: &App) -> Result<()> {
    let is_steady = app.steadiness.look().is_none();
    let ctx = Ctx::system("clockwork", &app.clock);
    if is_steady && queries::all(app.stores.main.db()).await?.iter().any(|found| halt::is_due(found, ctx.now)) {
        app.stores.main.write(Changes::Public, async |tx| commands::end_halts(tx, &ctx).await).await?;
    }
    ballot::paper_sync::settle(&app.ballots, ctx.now).await?;
    let campaigns = queries::all(app.stores.main.db()).await?;
    let mut outcome = Ok(());
    for campaign in &campaigns {
        if let Err(error) = attend(app, &ctx, campaign).await {
            tracing::error!(campaign = campaign.slug, error = %error, "clockwork");
            outcome = Err(error);
        }
    }
    app.ballots.sequencer.tell();
    let system = app.clock.system();
    if is_steady {
        audit::refusals::attend(&app.stores.main, &ctx, system).await?;
        retention::purge_job::attend(&app.retention, &ctx).await?;
    }
    app.trail.attend(&app.stores.main, system).await?;
    let of = |is: fn(Phase) -> bool| campaigns.iter().filter(move |c| is(Phase::of(c, ctx.now)));
    // Rewriting makes voters wait: it is left until nobody votes.
    if of(|phase| phase == Phase::Voting).next().is_some() {
        return outcome;
    }
    let counted: Vec<String> = of(Phase::is_counted).map(|c| c.slug.clone()).collect();
    // One campaign that is in trouble keeps no other's ballots in the order in which they came.
    app.ballots.sequencer.rewrite(&counted).await?;
    outcome
}

/// What a campaign is due.
async fn attend(app: &App, ctx: &Ctx, campaign: &campaign::Model) -> Result<()> {
    let slug = &campaign.slug;
    match Phase::of(campaign, ctx.now) {
        // The size of a batch tells how many voted.
        Phase::Voting if campaign.display == Display::Closed => Ok(()),
        Phase::Voting => {
            if app.ballots.sequencer.step(slug, ctx.now).await? {
                app.stores.main.public().advance();
            }
            app.ballots.sequencer.seal_shown(slug, app.config.seal_at).await
        }
        Phase::Closed if tally::commands::settled(&app.steadiness, campaign, ctx.now).is_err() => Ok(()),
        // Counted, and a crash came before everything that follows a count.
        phase if phase == Phase::Closed || phase.is_counted() && !app.ballots.sequencer.is_count_published(slug)? => {
            tally::commands::count(&app.ballots, &app.steadiness, ctx, slug).await
        }
        Phase::Tallied => tally::invalidation::commands::apply(&app.ballots, ctx, slug).await,
        _ => Ok(()),
    }
}
