//! Passes and ballots as citizens ask for them. Casting reads the ballots store alone.

use chrono::{DateTime, TimeDelta, Utc};
use entity::stored::Track;

use super::Ballots;
use super::ballot_box::Cast;
use super::level;
use super::paper::Paper;
use super::pass::Pass;
use super::person::Person;
use super::queries::taking;
use super::work::{Asked, Challenge, Ticket};
use crate::base::clock::{day_of, end_of};
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};
use crate::base::rate_limit::Limit;
use crate::networks::{Full, Way};

/// Real-name passes that one address gets at once, and in an hour, after the identity was looked at: behind one may be a whole
/// district.
pub const REAL_NAMES: Limit = Limit { name: "real_name_peer", burst: 6_000, refill: TimeDelta::milliseconds(600) };

/// A challenge for somebody at a network who wants an anonymous pass.
///
/// # Errors
/// As [`taking`]; `pass.day_cap`.
pub async fn challenge(ballots: &Ballots, ctx: &Ctx, slug: &str, peer: &str) -> Result<Challenge> {
    taking(&ballots.stores.ballots, slug, ctx.now).await?;
    let paper = ballots.papers.get(slug).await?;
    let asked = Asked { campaign: slug, peer, system: ctx.system };
    ballots.challenges.challenge(asked, level(ballots, &paper, asked, Way::Work)?)
}

/// A ticket for somebody whose browser does no work.
///
/// # Errors
/// As [`taking`]; `pass.day_cap`, `pass.ticket_cap`.
pub async fn ticket(ballots: &Ballots, ctx: &Ctx, slug: &str, peer: &str) -> Result<Ticket> {
    taking(&ballots.stores.ballots, slug, ctx.now).await?;
    let paper = ballots.papers.get(slug).await?;
    let asked = Asked { campaign: slug, peer, system: ctx.system };
    ballots.challenges.ticket(asked, level(ballots, &paper, asked, Way::Ticket)?)
}

/// The level of work of the next pass of a network, which counts as taken from here on.
fn level(ballots: &Ballots, paper: &Paper, asked: Asked, way: Way) -> Result<u32> {
    let Some(asker) = ballots.networks.asker(asked.campaign, asked.peer, way) else {
        return Ok(level::BASE);
    };
    ballots
        .networks
        .check(&asker, paper.day_cap, asked.system)
        .map_err(|full| used_up(ballots, asked.system, paper, full))?;
    Ok(level::level(&ballots.networks.open(&asker, asked.system), level::most(paper.work_seconds)))
}

/// The anonymous pass of a solved challenge or a ripe ticket: the same one whenever it is asked for. The work is looked at first, and
/// the pass is counted once.
///
/// # Errors
/// As [`taking`]; `pass.challenge`, `pass.work`, `pass.ripe`; `pass.network`; `pass.day_cap`, `pass.ticket_cap`; `ballot.track`.
pub async fn anonymous_pass(
    ballots: &Ballots,
    ctx: &Ctx,
    slug: &str,
    (challenge, solution): (&str, &str),
    peer: &str,
) -> Result<Pass> {
    taking(&ballots.stores.ballots, slug, ctx.now).await?;
    let paper = ballots.papers.get(slug).await?;
    let system = ctx.system;
    let solved = ballots.challenges.solved(Asked { campaign: slug, peer, system }, challenge, solution)?;
    let asker = ballots.networks.asker(slug, peer, solved.way);
    let full = |full| used_up(ballots, system, &paper, full);
    // What was redeemed before is given again, also beyond the cap.
    if let Some(asker) = asker.as_ref().filter(|_| matches!(ballots.challenges.block_of(&solved), Ok(None))) {
        ballots.networks.check(asker, paper.day_cap, system).map_err(full)?;
    }
    let count = || match &asker {
        Some(asker) => ballots.networks.take(asker, paper.day_cap, solved.opened, system).map_err(full),
        None => Ok(()),
    };
    ballots.issuing.for_work(&paper, &ballots.challenges, &solved, count).await
}

/// A cap of the day as a refusal: until midnight in China.
fn used_up(ballots: &Ballots, system: DateTime<Utc>, paper: &Paper, full: Full) -> Error {
    let is_named_open = paper.takes(Track::RealName) && ballots.identity_source.is_set_up();
    let code = match (full.is_for_tickets, is_named_open) {
        (true, _) => "pass.ticket_cap",
        (false, true) => "pass.day_cap",
        (false, false) => "pass.day_cap_alone",
    };
    let seconds = (end_of(day_of(system)) - system).num_seconds();
    let retry_after = u64::try_from(seconds).unwrap_or(0) + 1;
    Error::UsedUp { refusal: Refusal::new(code).with("cap", full.cap), retry_after }
}

/// The pass of a person as typed, in the demo: the same one whenever it is asked for.
///
/// # Errors
/// As [`taking`]; `pass.no_source`, `pass.proof`, `resident.name`, `resident.number`; `TooMany`; `pass.kind`; `ballot.track`; `Busy`.
pub async fn real_name_pass(
    ballots: &Ballots,
    ctx: &Ctx,
    slug: &str,
    (name, number): (&str, &str),
    peer: &str,
) -> Result<Pass> {
    taking(&ballots.stores.ballots, slug, ctx.now).await?;
    let paper = ballots.papers.get(slug).await?;
    let person = ballots.identity_source.typed(name, number, day_of(ctx.now))?;
    person_pass(ballots, ctx, &paper, &person, peer).await
}

/// The pass of a person whose identity was looked at, counted for the network; where nobody knows the network, nobody is counted.
///
/// # Errors
/// `TooMany`; as [`super::issuing::Issuing::real_name_unhurried`].
pub async fn person_pass(ballots: &Ballots, ctx: &Ctx, paper: &Paper, person: &Person, peer: &str) -> Result<Pass> {
    if !peer.is_empty() {
        ballots.limiter.try_acquire(REAL_NAMES, peer, ctx.system)?;
    }
    ballots.issuing.real_name_unhurried(paper, person, ctx.now).await
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
/// As [`super::paper::Paper::check_sent`] and [`super::ballot_box::BallotBox::cast`].
pub async fn cast(ballots: &Ballots, slug: &str, pass: &str, place: &str, choices: &[String]) -> Result<Receipt> {
    let paper = ballots.papers.get(slug).await?;
    let ballot = paper.check_sent(pass, place, choices)?;
    let (leaf, track, include_before) = (ballot.leaf, ballot.track, paper.include_before());
    let cast = ballots.ballot_box.cast(ballot).await?;
    Ok(Receipt { promise: ballots.sequencer.promise(slug, &leaf, include_before)?, cast, include_before, leaf, track })
}
