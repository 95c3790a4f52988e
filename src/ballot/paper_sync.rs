//! Synchronisation of ballot papers with their campaigns.
//!
//! Publication, suspension and close of a campaign touch two stores. The main store is written first. The paper follows by an
//! idempotent upsert, which the start of the process and the scheduler repeat until both stores agree. Ballots are checked
//! against the paper alone, so voting is open only where both stores agree.

use chrono::{DateTime, Utc};
use entity::ballots::ballot_paper;
use entity::campaign;
use entity::stored::PaperState;
use sea_orm::EntityTrait;

use super::Ballots;
use crate::base::error::{Error, Result};
use crate::base::store::Stores;
use crate::campaign::phase::Phase;
use crate::campaign::{queries, questionnaire};
use crate::pass::paper::FORMAT;

/// Updates every ballot paper to the state of its campaign, and opens the log of the campaign. While the object store does not
/// answer, logs stay unopened.
///
/// # Errors
/// A store or disk that fails; a log that is ahead of the ballots store.
pub async fn settle(ballots: &Ballots, now: DateTime<Utc>) -> Result<()> {
    let stores = &ballots.stores;
    let papers = ballot_paper::Entity::find().all(stores.ballots.db()).await?;
    for found in queries::all(stores.main.db()).await? {
        let Some(state) = wanted(Phase::of(&found, now)).filter(|_| found.questionnaire.is_some()) else {
            continue;
        };
        let standing = papers.iter().find(|p| p.campaign == found.slug).map(|p| p.state);
        if standing != Some(state) && standing != Some(PaperState::Closed) {
            let pass_key = match standing {
                None => ballots.passes.issuing.pass_keys.make(&found.slug, &found.tracks).await?,
                // An existing paper keeps its own key.
                Some(_) => None,
            };
            ballots.ballot_box.put_paper(paper(stores, &found, state, pass_key).await?).await?;
        }
        if state == PaperState::Closed {
            ballots.passes.issuing.pass_keys.drop_held(&found.slug).await;
        }
        if ballots.sequencer.is_closed(&found.slug) {
            let options = queries::options(stores.main.db(), found.id).await?;
            match ballots.sequencer.open(&found.slug, &questionnaire::bytes(&found, &options)).await {
                // Votes need no object store; the scheduler opens the log at a later look.
                Err(Error::Away(why)) => tracing::warn!(campaign = found.slug, why, "the log is not opened yet"),
                opened => opened?,
            }
        }
    }
    Ok(())
}

/// Closes a campaign's paper for good: afterwards no ballot enters, at any time of the clock.
///
/// # Errors
/// A store that fails.
pub async fn close(ballots: &Ballots, campaign: &campaign::Model) -> Result<()> {
    ballots.ballot_box.put_paper(paper(&ballots.stores, campaign, PaperState::Closed, None).await?).await
}

/// The state of the paper in a phase. The paper has its own opening and closing dates. A suspension that ended by itself opens
/// the paper again.
const fn wanted(phase: Phase) -> Option<PaperState> {
    match phase {
        Phase::Draft | Phase::InReview => None,
        Phase::Scheduled | Phase::Voting | Phase::Closed => Some(PaperState::Open),
        Phase::Suspended => Some(PaperState::Suspended),
        Phase::Cancelled | Phase::Tallied | Phase::Certified | Phase::Dispatched => Some(PaperState::Closed),
    }
}

async fn paper(
    stores: &Stores,
    campaign: &campaign::Model,
    state: PaperState,
    pass_key: Option<String>,
) -> Result<ballot_paper::Model> {
    let options = queries::options(stores.main.db(), campaign.id).await?;
    let questionnaire = campaign.questionnaire.as_deref().and_then(|h| hex::decode(h).ok());
    Ok(ballot_paper::Model {
        campaign: campaign.slug.clone(),
        questionnaire: questionnaire
            .ok_or_else(|| Error::Internal(format!("{} has no questionnaire hash", campaign.slug)))?,
        options: options.into_iter().map(|o| o.code).collect(),
        max_choices: campaign.max_choices,
        day_cap: campaign.day_cap,
        work_seconds: campaign.work_seconds,
        tracks: campaign.tracks.clone(),
        places: campaign.places,
        opens_at: campaign.opens_at,
        closes_at: campaign.closes_at,
        state,
        format: FORMAT,
        pass_key,
    })
}
