//! Flows of a rule of invalidation: a rule is previewed on the log before the transaction that stores it, and its entries are in
//! the log before the transaction that stores the new count.

use entity::invalidation::Model;
use public_log::invalidation::Ruling;

use super::commands::{NewRule, apply_rule, propose_rule, sign_rule};
use super::{State, criteria, queries};
use crate::accounts::queries::by_ids;
use crate::ballot::Ballots;
use crate::ballot_log::criteria::Typed;
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::base::main_store::Changes;
use crate::campaign::queries as campaigns;
use crate::tally::flows::publish;

/// Greatest length of a reason, in characters.
const LONGEST: usize = 500;

/// Proposes a rule (organiser). Returns the number of the rule.
///
/// # Errors
/// `Invalid` as [`crate::ballot_log::criteria::parse`], for a missing reason, and `invalidation.nothing` where the criteria match
/// no ballot; as [`propose_rule`].
pub async fn propose(ballots: &Ballots, ctx: &Ctx, slug: &str, typed: &Typed, reason: &str) -> Result<i32> {
    ctx.require(Act::ProposeResults)?;
    let main = &ballots.stores.main;
    // The rules as they are before the new rule is tried.
    let tried = queries::rules(main.db(), queries::undecided(main.db(), ctx, slug).await?.id).await?;
    let mut problems = Problems::default();
    let reason = problems.text("reason", reason, LONGEST);
    let preview = match queries::preview(ballots, ctx, slug, typed).await {
        Err(Error::Invalid(fields)) => {
            fields.into_iter().for_each(|wrong| problems.add(wrong.field, wrong.refusal));
            None
        }
        outcome => Some(outcome?),
    };
    if preview.as_ref().is_some_and(|preview| preview.ballots == 0) {
        problems.add("criteria", Refusal::new("invalidation.nothing"));
    }
    problems.finish()?;
    let preview = preview.ok_or_else(|| Error::Internal("criteria neither read nor refused".to_owned()))?;
    let new = NewRule { preview, reason, tried };
    main.write(Changes::Public, async |tx| propose_rule(tx, ctx, slug, new).await).await
}

/// Signs a rule (approver). The second signature applies the rule. `expected` is the number of the signature that the signer means
/// to put (optimistic lock).
///
/// # Errors
/// As [`sign_rule`] and [`apply`].
pub async fn approve(ballots: &Ballots, ctx: &Ctx, slug: &str, number: i32, expected: Option<i32>) -> Result<()> {
    ctx.require(Act::SignResults)?;
    let main = &ballots.stores.main;
    main.write(Changes::Public, async |tx| sign_rule(tx, ctx, slug, number, expected).await).await?;
    apply(ballots, ctx, slug).await
}

/// Applies the rule of a campaign that is signed twice: entries in the log first, then a new count. The flow is idempotent,
/// because the scheduler repeats it after a crash.
///
/// # Errors
/// `invalidation.changed` where the rule no longer matches the ballots for which it was signed; a store or disk that fails.
pub async fn apply(ballots: &Ballots, ctx: &Ctx, slug: &str) -> Result<()> {
    let main = &ballots.stores.main;
    let found = campaigns::campaign(main.db(), slug).await?;
    let Some(rule) = queries::open(main.db(), found.id).await?.filter(|rule| State::of(rule) == State::Signed) else {
        return Ok(());
    };
    let ruling = ruling(ballots, &rule).await?;
    ballots.sequencer.invalidate(slug, ruling, rule.ballots.unsigned_abs()).await?;
    let count = (ballots.sequencer.counts(slug).await?, ballots.sequencer.invalidated(slug).await?);
    main.write(Changes::Public, async |tx| apply_rule(tx, ctx, slug, &rule, count).await).await?;
    tracing::info!(campaign = slug, rule = rule.number, ballots = rule.ballots, "invalidated by rule");
    publish(ballots, slug).await
}

async fn ruling(ballots: &Ballots, rule: &Model) -> Result<Ruling> {
    let people = by_ids(ballots.stores.main.db(), rule.first_approver.into_iter().chain(rule.second_approver)).await?;
    let office = |who: Option<_>| who.and_then(|who| people.get(&who)).map(|a| a.office.clone()).unwrap_or_default();
    Ok(Ruling {
        rule: rule.number,
        criteria: criteria(&rule.criteria)?,
        reason: rule.reason.clone(),
        offices: [office(rule.first_approver), office(rule.second_approver)],
    })
}
