//! Passes and ballots as citizens ask for them, and keeping the ballot papers in step with the campaigns.
//!
//! A campaign's publication, suspension and close touch two stores. The main store goes first; the paper follows by an
//! idempotent upsert that is repeated until both agree, at every start too. Voting is open only where they agree, because
//! ballots are checked against the paper alone. Casting reads no other store.

use chrono::{DateTime, Utc};
use entity::ballots::ballot_paper;
use entity::campaign;
use entity::stored::{PaperState, Track};
use sea_orm::EntityTrait;

use super::ballot_box::{BallotBox, Cast};
use super::paper::FORMAT;
use super::pass::Pass;
use super::queries::taking;
use super::standing::pass_key;
use super::work::{self, Challenge};
use crate::app::App;
use crate::campaign::phase::Phase;
use crate::campaign::{queries, questionnaire};
use crate::clock::day_of;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::Stores;

/// A challenge for somebody who wants an anonymous pass.
///
/// # Errors
/// As [`taking`].
pub async fn challenge(app: &App, ctx: &Ctx, slug: &str) -> Result<Challenge> {
    taking(&app.stores.ballots, slug, ctx.now).await?;
    app.desk.challenge(slug, app.clock.system())
}

/// A ticket for somebody whose browser does no work; one address gets so many an hour.
///
/// # Errors
/// As [`taking`]; `TooMany`.
pub async fn ticket(app: &App, ctx: &Ctx, slug: &str, peer: &str) -> Result<String> {
    taking(&app.stores.ballots, slug, ctx.now).await?;
    app.counts.take(work::TICKETS, peer, app.clock.system())?;
    app.desk.ticket(slug, app.clock.system())
}

/// Counts a pass that an address is about to get; where nobody knows the address, nobody is counted.
///
/// # Errors
/// `TooMany`.
pub fn count_pass(app: &App, peer: &str) -> Result<()> {
    if peer.is_empty() { Ok(()) } else { app.counts.take(work::PASSES, peer, app.clock.system()) }
}

/// The anonymous pass of a solved challenge or a ripe ticket: the same one whenever it is asked for.
///
/// # Errors
/// As [`taking`]; `pass.challenge`, `pass.work`, `pass.ripe`; `ballot.track`.
pub async fn anonymous_pass(app: &App, ctx: &Ctx, slug: &str, challenge: &str, nonce: &str) -> Result<Pass> {
    taking(&app.stores.ballots, slug, ctx.now).await?;
    let paper = app.papers.get(slug).await?;
    let solved = app.desk.solved(slug, challenge, nonce, app.clock.system())?;
    app.issuing.for_work(&paper, &app.desk, &solved).await
}

/// The pass of a person as typed, in the demo: the same one whenever it is asked for.
///
/// # Errors
/// As [`taking`]; `pass.no_source`, `pass.proof`, `resident.name`, `resident.number`; `pass.kind`; `ballot.track`; `Busy`.
pub async fn real_name_pass(app: &App, ctx: &Ctx, slug: &str, name: &str, number: &str) -> Result<Pass> {
    taking(&app.stores.ballots, slug, ctx.now).await?;
    let paper = app.papers.get(slug).await?;
    let person = app.identity_source.typed(name, number, day_of(ctx.now))?;
    app.issuing.real_name_unhurried(&paper, &person, ctx.now).await
}

/// What somebody who cast a ballot is told. No choice is in it.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Leaf hash.
    pub leaf: [u8; 32],
    /// Track on which the ballot counts.
    pub track: Track,
    /// By when the ballot has to be among those that can be checked.
    pub include_before: DateTime<Utc>,
    /// The signed promise of it.
    pub promise: String,
    /// Whether the ballot was counted now or before.
    pub cast: Cast,
}

/// Casts a ballot. The answer means: durable.
///
/// # Errors
/// As [`super::paper::Paper::check_sent`] and [`BallotBox::cast`].
pub async fn cast(app: &App, slug: &str, pass: &str, place: &str, choices: &[String]) -> Result<Receipt> {
    let paper = app.papers.get(slug).await?;
    let ballot = paper.check_sent(pass, place, choices)?;
    let (leaf, track, include_before) = (ballot.leaf, ballot.track, paper.include_before());
    let cast = app.ballot_box.cast(ballot).await?;
    Ok(Receipt { promise: app.sequencer.promise(slug, &leaf, include_before)?, cast, include_before, leaf, track })
}

/// Brings every ballot paper in step with its campaign, and opens its log.
///
/// # Errors
/// A store or disk that fails; a log that is ahead of the ballots store.
pub async fn settle(app: &App) -> Result<()> {
    let stores = &app.stores;
    let now = app.clock.now();
    let papers = ballot_paper::Entity::find().all(stores.ballots.db()).await?;
    for found in queries::all(stores.main.db()).await? {
        let Some(state) = wanted(Phase::of(&found, now)).filter(|_| found.questionnaire.is_some()) else {
            continue;
        };
        let standing = papers.iter().find(|p| p.campaign == found.slug).map(|p| p.state);
        if standing != Some(state) && standing != Some(PaperState::Closed) {
            let pass_key = match standing {
                None => pass_key(&app.issuing.pass_keys, &found.slug, &found.tracks.0)?,
                // The paper that stands keeps its own.
                Some(_) => None,
            };
            app.ballot_box.put_paper(paper(stores, &found, state, pass_key).await?).await?;
        }
        if app.sequencer.is_closed(&found.slug) {
            let options = queries::options(stores.main.db(), found.id).await?;
            app.sequencer.open(&found.slug, &questionnaire::bytes(&found, &options)).await?;
        }
    }
    Ok(())
}

/// Closes a campaign's paper for good: after this no ballot enters, whatever the clock says.
///
/// # Errors
/// A store that fails.
pub async fn close(stores: &Stores, ballot_box: &BallotBox, campaign: &campaign::Model) -> Result<()> {
    ballot_box.put_paper(paper(stores, campaign, PaperState::Closed, None).await?).await
}

/// The state of the paper in a phase. Opening and closing are the paper's own dates; a halt that ended by itself opens it again.
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
        tracks: campaign.tracks.clone(),
        places: campaign.places,
        opens_at: campaign.opens_at,
        closes_at: campaign.closes_at,
        state,
        format: FORMAT,
        pass_key,
    })
}
