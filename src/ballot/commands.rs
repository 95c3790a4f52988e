//! Keeping the ballot papers in step with the campaigns.
//!
//! A campaign's publication, suspension and close touch two stores. The main store goes first; the paper follows by an
//! idempotent upsert that is repeated until both agree, at every start too. Voting is open only where they agree, because
//! ballots are checked against the paper alone.

use entity::ballots::ballot_paper;
use entity::campaign;
use entity::stored::{PaperState, StoredPhase};
use sea_orm::EntityTrait;

use super::ballot_box::BallotBox;
use crate::campaign::queries;
use crate::error::{Error, Result};
use crate::store::Stores;

/// Brings every ballot paper in step with its campaign.
///
/// # Errors
/// A store that fails.
pub async fn settle(stores: &Stores, ballot_box: &BallotBox) -> Result<()> {
    let papers = ballot_paper::Entity::find()
        .all(stores.ballots.db())
        .await?;
    for found in queries::all(stores.main.db()).await? {
        let Some(state) = wanted(found.phase).filter(|_| found.questionnaire.is_some()) else {
            continue;
        };
        let standing = papers
            .iter()
            .find(|p| p.campaign == found.slug)
            .map(|p| p.state);
        if standing != Some(state) && standing != Some(PaperState::Closed) {
            ballot_box
                .put_paper(paper(stores, &found, state).await?)
                .await?;
        }
    }
    Ok(())
}

/// Closes a campaign's paper for good: after this no ballot enters, whatever the clock says.
///
/// # Errors
/// A store that fails.
pub async fn close(
    stores: &Stores,
    ballot_box: &BallotBox,
    campaign: &campaign::Model,
) -> Result<()> {
    ballot_box
        .put_paper(paper(stores, campaign, PaperState::Closed).await?)
        .await
}

const fn wanted(phase: StoredPhase) -> Option<PaperState> {
    match phase {
        StoredPhase::Draft | StoredPhase::InReview => None,
        StoredPhase::Scheduled => Some(PaperState::Open),
        StoredPhase::Suspended => Some(PaperState::Suspended),
        StoredPhase::Cancelled
        | StoredPhase::Tallied
        | StoredPhase::Certified
        | StoredPhase::Dispatched => Some(PaperState::Closed),
    }
}

async fn paper(
    stores: &Stores,
    campaign: &campaign::Model,
    state: PaperState,
) -> Result<ballot_paper::Model> {
    let options = queries::options(stores.main.db(), campaign.id).await?;
    let questionnaire = campaign
        .questionnaire
        .as_deref()
        .and_then(|h| hex::decode(h).ok());
    Ok(ballot_paper::Model {
        campaign: campaign.slug.clone(),
        questionnaire: questionnaire.ok_or_else(|| {
            Error::Internal(format!("{} has no questionnaire hash", campaign.slug))
        })?,
        options: options.into_iter().map(|o| o.code).collect(),
        max_choices: campaign.max_choices,
        tracks: campaign.tracks.clone(),
        places: campaign.places,
        opens_at: campaign.opens_at,
        closes_at: campaign.closes_at,
        state,
    })
}
