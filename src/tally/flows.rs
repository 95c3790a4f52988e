//! The flow that counts a campaign. Its steps lie in three places, the ballots store, the files of the log and the main store, so
//! each step is idempotent and the flow runs again after a crash.

use chrono::{DateTime, Utc};
use entity::campaign;
use entity::stored::CampaignMove;

use super::commands::put;
use super::published::without_places;
use super::queries;
use crate::ballot::Ballots;
use crate::base::access::Act;
use crate::base::clock_steadiness::{Steadiness, Wait};
use crate::base::ctx::{Actor, Ctx};
use crate::base::error::{Error, Refusal, Result};
use crate::base::main_store::Changes;
use crate::campaign::phase::{Phase, next};
use crate::campaign::{commands as campaigns, queries as campaign_queries};

/// Counts a campaign after its close. The flow closes the paper for good, compares the kept counts with a recount of every
/// ballot, stores the count, and destroys the key that could link a person to a ballot. The flow is idempotent: a counted
/// campaign keeps its count, and steps that a crash left undone are done.
///
/// The close has to be settled for every caller: a close seen only by a wrong clock would end a vote for good.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `tally.unsettled`, `tally.unsteady` ([`settled`]); `tally.register` where more real-name
/// ballots were cast than the register has people; `tally.differs` where counts and recount are not equal; `tally.unequal` where
/// the files of the log, the rows of the ballot box and the counts are not equal. Nothing is stored after a refusal.
pub async fn count(ballots: &Ballots, steadiness: &Steadiness, ctx: &Ctx, slug: &str) -> Result<()> {
    let stores = &ballots.stores;
    if !matches!(ctx.actor, Actor::System(_)) {
        ctx.require(Act::CountBallots)?;
    }
    let found = campaign_queries::campaign(stores.main.db(), slug).await?;
    if Phase::of(&found, ctx.now).is_counted() {
        return publish(ballots, slug).await;
    }
    next(Phase::of(&found, ctx.now), CampaignMove::Tally)?;
    settled(steadiness, &found, ctx.now)?;
    // This check comes before the paper is closed for good: its refusal is repaired by restoring a store, perhaps while voting
    // goes on.
    crate::ballot::consistency::check_register(ballots, slug).await?;
    crate::ballot::paper_sync::close(ballots, &found).await?;
    let compared = queries::comparison(&stores.ballots, slug).await?;
    if !compared.differences().is_empty() {
        return Err(Error::Conflict(Refusal::new("tally.differs").with("campaign", slug)));
    }
    ballots.sequencer.seal(slug, 1).await?;
    // The files of the log, the rows and both tables of counts have to agree before anything is stored, shown or signed.
    let recounted = ballots.sequencer.recount(slug).await?;
    ballots.sequencer.compare_rows(slug, &recounted).await?;
    let sealed = recounted.counts;
    if without_places(&sealed) != without_places(&compared.kept) {
        let refusal = Refusal::new("tally.unequal").with("campaign", slug).with("what", "ballot_count");
        return Err(Error::Conflict(refusal));
    }
    stores
        .main
        .write(Changes::Public, async |tx| {
            let found = campaign_queries::campaign(tx, slug).await?;
            put(tx, found.id, ctx.now, &sealed, 0).await?;
            campaigns::advance_checked(tx, ctx, &found, CampaignMove::Tally).await
        })
        .await?;
    publish(ballots, slug).await?;
    tracing::info!(campaign = slug, "counted; pass key destroyed");
    Ok(())
}

/// Checks that the close of a campaign is settled ([`crate::base::clock_steadiness`]).
///
/// # Errors
/// `tally.unsettled` where the close was passed too short a time ago; `tally.unsteady` where the clock jumped or the process has
/// just started. Both carry the minutes that are left.
pub fn settled(steadiness: &Steadiness, found: &campaign::Model, now: DateTime<Utc>) -> Result<()> {
    let (code, left) = match steadiness.wait(found.closes_at, now) {
        None => return Ok(()),
        Some(Wait::Unsettled(left)) => ("tally.unsettled", left),
        Some(Wait::Unsteady(left)) => ("tally.unsteady", left),
    };
    let minutes = left.num_seconds().max(1).unsigned_abs().div_ceil(60);
    Err(Error::Conflict(Refusal::new(code).with("minutes", minutes)))
}

/// Completes a count; runs again after a crash. The key that could link a person to a ballot is destroyed, and the write-ahead
/// log is emptied because it still tells the order in which people came. Then the entries of the log are disclosed and the count
/// is signed.
pub(super) async fn publish(ballots: &Ballots, slug: &str) -> Result<()> {
    ballots.passes.issuing.forget(slug).await?;
    ballots.stores.ballots.empty_journal().await?;
    ballots.sequencer.disclose(slug).await?;
    ballots.sequencer.publish_count(slug).await?;
    // Entries and count are public from this line on.
    ballots.stores.main.announce().await
}
