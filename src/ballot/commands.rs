//! Passes and ballots as citizens ask for them, and keeping the ballot papers in step with the campaigns.
//!
//! A campaign's publication, suspension and close touch two stores. The main store goes first; the paper follows by an
//! idempotent upsert that is repeated until both agree, at every start too. Voting is open only where they agree, because
//! ballots are checked against the paper alone. Casting reads no other store.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ballots::ballot_paper;
use entity::campaign;
use entity::stored::{PaperState, Track};
use sea_orm::EntityTrait;

use super::ballot_box::{BallotBox, Cast};
use super::consistency::pass_key;
use super::level;
use super::paper::{FORMAT, Paper};
use super::pass::Pass;
use super::person::Person;
use super::queries::taking;
use super::work::{Asked, Challenge, Ticket};
use crate::app::App;
use crate::base::clock::{day_of, end_of};
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};
use crate::base::rate_limit::Rule;
use crate::base::store::Stores;
use crate::campaign::phase::Phase;
use crate::campaign::{queries, questionnaire};
use crate::networks::{Full, Way};

/// Real-name passes that one address gets at once, and in an hour, after the identity was looked at: behind one may be a whole
/// district.
pub const REAL_NAMES: Rule = Rule { name: "real_name_peer", free: 6_000, leak: TimeDelta::milliseconds(600) };

/// A challenge for somebody at a network who wants an anonymous pass.
///
/// # Errors
/// As [`taking`]; `pass.day_cap`.
pub async fn challenge(app: &App, ctx: &Ctx, slug: &str, peer: &str) -> Result<Challenge> {
    taking(&app.stores.ballots, slug, ctx.now).await?;
    let paper = app.papers.get(slug).await?;
    let asked = Asked { campaign: slug, peer, system: app.clock.system() };
    app.desk.challenge(asked, level(app, &paper, asked, Way::Work)?)
}

/// A ticket for somebody whose browser does no work.
///
/// # Errors
/// As [`taking`]; `pass.day_cap`, `pass.ticket_cap`.
pub async fn ticket(app: &App, ctx: &Ctx, slug: &str, peer: &str) -> Result<Ticket> {
    taking(&app.stores.ballots, slug, ctx.now).await?;
    let paper = app.papers.get(slug).await?;
    let asked = Asked { campaign: slug, peer, system: app.clock.system() };
    app.desk.ticket(asked, level(app, &paper, asked, Way::Ticket)?)
}

/// The level of work of the next pass of a network, which counts as taken from here on.
fn level(app: &App, paper: &Paper, asked: Asked, way: Way) -> Result<u32> {
    let Some(asker) = app.networks.asker(asked.campaign, asked.peer, way) else {
        return Ok(level::BASE);
    };
    app.networks.check(&asker, paper.day_cap, asked.system).map_err(|full| used_up(app, paper, full))?;
    Ok(level::level(&app.networks.open(&asker, asked.system), level::most(paper.work_seconds)))
}

/// The anonymous pass of a solved challenge or a ripe ticket: the same one whenever it is asked for. The work is looked at first, and
/// the pass is counted once.
///
/// # Errors
/// As [`taking`]; `pass.challenge`, `pass.work`, `pass.ripe`; `pass.network`; `pass.day_cap`, `pass.ticket_cap`; `ballot.track`.
pub async fn anonymous_pass(
    app: &App,
    ctx: &Ctx,
    slug: &str,
    (challenge, solution): (&str, &str),
    peer: &str,
) -> Result<Pass> {
    taking(&app.stores.ballots, slug, ctx.now).await?;
    let paper = app.papers.get(slug).await?;
    let system = app.clock.system();
    let solved = app.desk.solved(Asked { campaign: slug, peer, system }, challenge, solution)?;
    let asker = app.networks.asker(slug, peer, solved.way);
    let full = |full| used_up(app, &paper, full);
    // What was redeemed before is given again, also beyond the cap.
    if let Some(asker) = asker.as_ref().filter(|_| matches!(app.desk.block_of(&solved), Ok(None))) {
        app.networks.check(asker, paper.day_cap, system).map_err(full)?;
    }
    let count = || match &asker {
        Some(asker) => app.networks.take(asker, paper.day_cap, solved.opened, system).map_err(full),
        None => Ok(()),
    };
    app.issuing.for_work(&paper, &app.desk, &solved, count).await
}

/// A cap of the day as a refusal: until midnight in China.
fn used_up(app: &App, paper: &Paper, full: Full) -> Error {
    let is_named_open = paper.takes(Track::RealName) && app.identity_source.is_set_up();
    let code = match (full.is_for_tickets, is_named_open) {
        (true, _) => "pass.ticket_cap",
        (false, true) => "pass.day_cap",
        (false, false) => "pass.day_cap_alone",
    };
    let system = app.clock.system();
    let seconds = (end_of(day_of(system)) - system).num_seconds();
    let retry_after = u64::try_from(seconds).unwrap_or(0) + 1;
    Error::UsedUp { refusal: Refusal::new(code).with("cap", full.cap), retry_after }
}

/// The pass of a person as typed, in the demo: the same one whenever it is asked for.
///
/// # Errors
/// As [`taking`]; `pass.no_source`, `pass.proof`, `resident.name`, `resident.number`; `TooMany`; `pass.kind`; `ballot.track`; `Busy`.
pub async fn real_name_pass(
    app: &App,
    ctx: &Ctx,
    slug: &str,
    (name, number): (&str, &str),
    peer: &str,
) -> Result<Pass> {
    taking(&app.stores.ballots, slug, ctx.now).await?;
    let paper = app.papers.get(slug).await?;
    let person = app.identity_source.typed(name, number, day_of(ctx.now))?;
    person_pass(app, ctx, &paper, &person, peer).await
}

/// The pass of a person whose identity was looked at, counted for the network; where nobody knows the network, nobody is counted.
///
/// # Errors
/// `TooMany`; as [`super::issuing::Issuing::real_name_unhurried`].
pub async fn person_pass(app: &App, ctx: &Ctx, paper: &Paper, person: &Person, peer: &str) -> Result<Pass> {
    if !peer.is_empty() {
        app.counts.take(REAL_NAMES, peer, app.clock.system())?;
    }
    app.issuing.real_name_unhurried(paper, person, ctx.now).await
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
                None => pass_key(&app.issuing.pass_keys, &found.slug, &found.tracks)?,
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
