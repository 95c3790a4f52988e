//! Flows that give passes to citizens. The flows read and write the ballots store and the register, never the main
//! store.

use chrono::{DateTime, TimeDelta, Utc};
use entity::stored::Track;

use super::paper::{Paper, taking};
use super::person::Person;
use super::proof_of_work::{Puzzle, Ticket};
use super::seal::Pass;
use super::sealed_puzzle::PuzzleRequest;
use super::{Passes, level};
use crate::base::clock::{day_of, end_of};
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};
use crate::base::rate_limit::Limit;
use crate::networks::{Full, Way};

/// Rate limit of real-name passes for one address, applied after the identity was checked: the burst, and the interval in which
/// one pass is regained. The limit is high because a whole district may share one address.
pub const REAL_NAMES: Limit = Limit { name: "real_name_peer", burst: 6_000, refill: TimeDelta::milliseconds(600) };

/// A puzzle for a voter at a network who wants an anonymous pass.
///
/// # Errors
/// As [`taking`]; `pass.day_cap`.
pub async fn puzzle(passes: &Passes, ctx: &Ctx, slug: &str, peer: &str) -> Result<Puzzle> {
    taking(&passes.stores.ballots, slug, ctx.now).await?;
    let paper = passes.papers.get(slug).await?;
    let (key, block) = (passes.issuing.puzzle_key(&paper).await?, passes.issuing.block(&paper).await?);
    let level = level(passes, ctx, &paper, peer, Way::Work)?;
    passes.puzzles.puzzle(PuzzleRequest { key: &key, peer, system: ctx.system }, block, level)
}

/// A ticket for a voter whose browser solves no puzzle.
///
/// # Errors
/// As [`taking`]; `pass.day_cap`, `pass.ticket_cap`.
pub async fn ticket(passes: &Passes, ctx: &Ctx, slug: &str, peer: &str) -> Result<Ticket> {
    taking(&passes.stores.ballots, slug, ctx.now).await?;
    let paper = passes.papers.get(slug).await?;
    let (key, block) = (passes.issuing.puzzle_key(&paper).await?, passes.issuing.block(&paper).await?);
    let level = level(passes, ctx, &paper, peer, Way::Ticket)?;
    passes.puzzles.ticket(PuzzleRequest { key: &key, peer, system: ctx.system }, block, level)
}

/// The level of work for the next pass of a network. The pass counts as opened from here on.
fn level(passes: &Passes, ctx: &Ctx, paper: &Paper, peer: &str, way: Way) -> Result<u32> {
    let Some(asker) = passes.networks.asker(&paper.campaign, peer, way) else {
        return Ok(level::BASE);
    };
    let checked = passes.networks.check(&asker, paper.day_cap, ctx.system);
    checked.map_err(|full| used_up(passes, ctx.system, paper, full))?;
    Ok(level::level(&passes.networks.open(&asker, ctx.system), level::most(paper.work_seconds)))
}

/// The anonymous pass for a solved puzzle or a ripe ticket. The flow is idempotent: every repetition gives the same pass.
/// The solution is checked first, and the pass is counted once.
///
/// # Errors
/// As [`taking`]; `pass.challenge`, `pass.work`, `pass.ripe`; `pass.network`; `pass.day_cap`, `pass.ticket_cap`; `ballot.track`.
pub async fn anonymous_pass(
    passes: &Passes,
    ctx: &Ctx,
    slug: &str,
    (puzzle, solution): (&str, &str),
    peer: &str,
) -> Result<Pass> {
    taking(&passes.stores.ballots, slug, ctx.now).await?;
    let paper = passes.papers.get(slug).await?;
    let system = ctx.system;
    let key = passes.issuing.puzzle_key(&paper).await?;
    let solved = passes.puzzles.solved(PuzzleRequest { key: &key, peer, system }, puzzle, solution)?;
    let asker = passes.networks.asker(slug, peer, solved.way);
    let full = |full| used_up(passes, system, &paper, full);
    // A puzzle that was redeemed before gives its pass again, also beyond the cap.
    if let Some(asker) = &asker
        && !passes.puzzles.is_redeemed(&solved)?
    {
        passes.networks.check(asker, paper.day_cap, system).map_err(full)?;
    }
    let count = || match &asker {
        Some(asker) => passes.networks.take(asker, paper.day_cap, solved.opened, system).map_err(full),
        None => Ok(()),
    };
    passes.issuing.for_work(&paper, &passes.puzzles, &solved, count).await
}

/// The refusal for a daily cap that is used up until midnight in China.
fn used_up(passes: &Passes, system: DateTime<Utc>, paper: &Paper, full: Full) -> Error {
    let is_named_open = paper.takes(Track::RealName) && passes.identity_source.is_set_up();
    let code = match (full.is_for_tickets, is_named_open) {
        (true, _) => "pass.ticket_cap",
        (false, true) => "pass.day_cap",
        (false, false) => "pass.day_cap_alone",
    };
    let seconds = (end_of(day_of(system)) - system).num_seconds();
    let retry_after = u64::try_from(seconds).unwrap_or(0) + 1;
    Error::UsedUp { refusal: Refusal::new(code).with("cap", full.cap), retry_after }
}

/// The pass of a person as typed, in the demo. Every repetition gives the same pass.
///
/// # Errors
/// As [`taking`]; `pass.no_source`, `pass.proof`, `resident.name`, `resident.number`, `resident.old`; `TooMany`; `pass.kind`; `ballot.track`;
/// `Busy`.
pub async fn real_name_pass(
    passes: &Passes,
    ctx: &Ctx,
    slug: &str,
    (name, number): (&str, &str),
    peer: &str,
) -> Result<Pass> {
    taking(&passes.stores.ballots, slug, ctx.now).await?;
    let paper = passes.papers.get(slug).await?;
    let person = passes.identity_source.typed(name, number, day_of(ctx.now))?;
    person_pass(passes, ctx, &paper, &person, peer).await
}

/// The pass of a person whose identity was checked, counted for the network. Nothing is counted where the network is unknown.
///
/// # Errors
/// `TooMany`; as [`crate::pass::issuing::Issuing::real_name_unhurried`].
pub async fn person_pass(passes: &Passes, ctx: &Ctx, paper: &Paper, person: &Person, peer: &str) -> Result<Pass> {
    if !peer.is_empty() {
        passes.limiter.try_acquire(REAL_NAMES, peer, ctx.system)?;
    }
    passes.issuing.real_name_unhurried(paper, person, ctx.now).await
}
