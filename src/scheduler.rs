//! The scheduler: work that the clock starts, not a person. The scheduler advances running figures, seals ballots whose
//! figures are shown into the public log, counts a campaign after its close, rewrites its ballots in the order of their keys,
//! and applies an invalidation rule that a crash left unapplied.
//!
//! Nothing depends on the scheduler being on time. The closing instant itself closes the vote, and an organiser may count by
//! hand as soon as the close is settled. Irreversible acts are done only under a steady clock
//! ([`crate::base::clock_steadiness`]).

use std::sync::Arc;

use entity::campaign;
use entity::stored::Display;
use sea_orm::DbBackend;

use crate::app::App;
use crate::ballot_log;
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::campaign::{commands, halt, phase::Phase, queries};
use crate::{audit, ballot, retention, tally};

/// Runs [`tick`] at every interval for as long as the process lives, and one task for each witness. Of several nodes one does this
/// work, and the others only [`follow`]. A failure or a panic is logged, and the work is tried again at the next tick.
pub async fn run(app: Arc<App>) {
    for witness in &app.config.witnesses {
        let (sequencer, main) = (app.ballots.sequencer.clone(), app.stores.main.clone());
        tokio::spawn(ballot_log::witnesses::run(sequencer, main, app.nodes.clone(), witness.clone()));
    }
    loop {
        let seen = Arc::clone(&app);
        let round = async move { if seen.nodes.works() { tick(&seen).await } else { follow(&seen).await } };
        match tokio::spawn(round).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(error = %error, "scheduler round failed"),
            Err(panic) => tracing::error!(error = %panic, "scheduler round failed"),
        }
        tokio::time::sleep(app.config.look_every).await;
    }
}

/// One round: ends halts that nobody confirmed, brings ballot papers in step, attends to every campaign, and has witnesses
/// asked for missing cosignatures. Then the round enters counts of refused sign-ins, purges, publishes a checkpoint of the
/// audit trail, and rewrites the ballots of counted campaigns. The failure of one campaign does not hold up the other
/// campaigns.
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
            tracing::error!(campaign = campaign.slug, error = %error, "scheduler round failed");
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
    // SQLite's file is written anew as a whole. Voters would wait for that, so nothing is rewritten while any campaign votes.
    let is_one_file = app.stores.ballots.backend() == DbBackend::Sqlite;
    if is_one_file && of(|phase| phase == Phase::Voting).next().is_some() {
        return outcome;
    }
    let counted: Vec<String> = of(Phase::is_counted).map(|c| c.slug.clone()).collect();
    // Also after a failure above: trouble with one campaign must not leave other ballots in their order of arrival.
    app.ballots.sequencer.rewrite(&counted).await?;
    outcome
}

/// One round of a node that leaves the work to another one: brings ballot papers in step, and forgets destroyed pass keys.
///
/// # Errors
/// A store that fails.
pub async fn follow(app: &App) -> Result<()> {
    // The clock is watched on every node: each of them can be the next to do the work.
    let _ = app.steadiness.look();
    ballot::paper_sync::settle(&app.ballots, app.clock.now()).await
}

/// Does the work that is due for one campaign in its present phase.
async fn attend(app: &App, ctx: &Ctx, campaign: &campaign::Model) -> Result<()> {
    let slug = &campaign.slug;
    match Phase::of(campaign, ctx.now) {
        // No sealing while the figures are hidden: the size of a batch would tell how many people voted.
        Phase::Voting if campaign.display == Display::Closed => Ok(()),
        Phase::Voting => {
            if app.ballots.sequencer.step(slug, ctx.now).await? {
                app.stores.main.announce().await?;
            }
            app.ballots.sequencer.seal_shown(slug, app.config.seal_at).await
        }
        Phase::Closed if tally::flows::settled(&app.steadiness, campaign, ctx.now).is_err() => Ok(()),
        // Closed and settled; or counted, but a crash came before the count was published.
        phase
            if phase == Phase::Closed
                || phase.is_counted() && !app.ballots.sequencer.is_count_published(slug).await? =>
        {
            tally::flows::count(&app.ballots, &app.steadiness, ctx, slug).await
        }
        Phase::Tallied => tally::invalidation::flows::apply(&app.ballots, ctx, slug).await,
        _ => Ok(()),
    }
}
