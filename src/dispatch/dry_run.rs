//! Dry run of a dispatch: its issues, rows and dates as they would be now, or as they were set.

use entity::stored::CampaignMove;
use entity::{campaign, dispatch, issue};
use sea_orm::ConnectionTrait;

use super::deadline::Deadlines;
use super::queries;
use crate::base::access::Act;
use crate::base::clock;
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::campaign::phase::{self, Phase};
use crate::campaign::queries as campaign_queries;
use crate::programme::calendar::Known;
use crate::{programme, tally};

/// A dispatch as it would be made now, or as it was made.
#[derive(Clone, Debug)]
pub struct DryRun {
    /// Campaign of the dispatch.
    pub campaign: campaign::Model,
    /// Issues that the dispatch sends.
    pub issues: Vec<issue::Model>,
    /// Number of assignments that the dispatch creates: issues times provinces.
    pub rows: usize,
    /// Dates that the dispatch sets.
    pub deadlines: Deadlines,
    /// The dispatch that was already made, after which a further dispatch does nothing; none before.
    pub done: Option<dispatch::Model>,
}

impl DryRun {
    /// The version of the dispatch as a signer reads it. The version changes with the campaign, and where another day or another
    /// holiday arrangement moves a deadline.
    #[must_use]
    pub fn version(&self) -> String {
        let dates = &self.deadlines;
        format!("{}.{}.{}.{}", self.campaign.revision, self.rows, dates.acknowledge_on, dates.due_on)
    }
}

/// Computes the dispatch as it would be made now, or as it was made.
///
/// # Errors
/// `NotFound` for anybody but an approver, an organiser or an auditor; `campaign.wrong_phase` where nothing was certified.
pub async fn dry_run(db: &impl ConnectionTrait, ctx: &Ctx, slug: &str) -> Result<DryRun> {
    ctx.require(Act::ReadDispatch)?;
    let found = campaign_queries::campaign(db, slug).await?;
    let done = queries::dispatch(db, found.id).await?;
    if done.is_none() {
        phase::next(Phase::of(&found, ctx.now), CampaignMove::Dispatch)?;
    }
    let issues = tally::queries::issues(db, found.id).await?;
    // A dispatch keeps the holiday arrangements that were known at its instant, that instant included.
    let (at, known) = match &done {
        Some(done) => (done.at, Known::Before(clock::just_after(done.at))),
        None => (ctx.now, Known::Now),
    };
    let calendar = programme::queries::calendar(db, known).await?;
    let mut deadlines = Deadlines::of(&found, &calendar, at);
    if let Some(done) = &done {
        deadlines = deadlines.as_set(done, &calendar);
    }
    Ok(DryRun { rows: issues.len() * found.units.0.len(), campaign: found, issues, deadlines, done })
}
