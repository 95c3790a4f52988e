//! Commands that propose a rule of invalidation, sign, withdraw and apply it.

use entity::id::CampaignId;
use entity::invalidation::{ActiveModel, COLUMN, Column, Entity, Model};
use entity::stored::CampaignMove;
use entity::{campaign, selection};
use public_log::invalidation::Ruling;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

use super::{State, criteria, may_sign, next_number, queries};
use crate::accounts::queries::by_ids;
use crate::audit;
use crate::ballot::Ballots;
use crate::ballot_log::criteria::Typed;
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, OnDuplicate, Problems, Refusal, Result};
use crate::base::main_store::Changes;
use crate::campaign::phase::{Phase, next};
use crate::campaign::queries as campaigns;
use crate::tally::commands::{publish, put};
use crate::tally::queries as tallies;
use crate::tally::two_signatures::{Signature, sign};

/// Greatest length of a reason, in characters.
const LONGEST: usize = 500;

/// Proposes a rule (organiser). Returns the number of the rule.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `Invalid` as [`crate::ballot_log::criteria::parse`], for a missing reason, and
/// `invalidation.nothing` where the criteria match no ballot; `selection.signed`; `invalidation.open`; `invalidation.moved` where
/// another rule was decided in the meantime.
pub async fn propose(ballots: &Ballots, ctx: &Ctx, slug: &str, typed: &Typed, reason: &str) -> Result<i32> {
    let proposer = ctx.require(Act::ProposeResults)?.id;
    let db = ballots.stores.main.db();
    // The rules as they are before the new rule is tried.
    let standing = queries::rules(db, undecided(db, ctx, slug).await?.id).await?;
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
    ballots
        .stores
        .main
        .write(Changes::Public, async |tx| {
            let found = undecided(tx, ctx, slug).await?;
            let number = next_number(&standing, &queries::rules(tx, found.id).await?)?;
            let row = ActiveModel {
                campaign_id: Set(found.id),
                number: Set(number),
                criteria: Set(preview.criteria.spelling()),
                reason: Set(reason),
                ballots: Set(i64::try_from(preview.ballots).unwrap_or(i64::MAX)),
                proposed_by: Set(proposer),
                proposed_at: Set(ctx.now),
                ..Default::default()
            };
            Entity::insert(row).exec_without_returning(tx).await.on_duplicate(Error::conflict("invalidation.open"))?;
            let detail = json!({ "rule": number, "criteria": preview.criteria.spelling(), "ballots": preview.ballots });
            audit::record(tx, ctx, "invalidation.propose", slug, detail).await?;
            Ok(number)
        })
        .await
}

/// Signs a rule (approver). The second signature applies the rule.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `selection.signed`; as [`may_sign`]; `invalidation.changed` where somebody else signed
/// at the same moment.
pub async fn approve(ballots: &Ballots, ctx: &Ctx, slug: &str, number: i32) -> Result<()> {
    let approver = ctx.require(Act::SignResults)?.id;
    ballots
        .stores
        .main
        .write(Changes::Public, async |tx| {
            let found = undecided(tx, ctx, slug).await?;
            let rule = queries::rule(tx, found.id, number).await?;
            may_sign(&campaigns::own_hands(tx, &found).await?, &rule, approver)?;
            let signature = Signature::due(rule.first_approver);
            let columns = match signature {
                Signature::First => (Column::FirstApprover, Column::FirstAt),
                Signature::Second => (Column::SecondApprover, Column::SecondAt),
            };
            let row = Entity::update_many().filter(COLUMN.id.eq(rule.id)).filter(COLUMN.withdrawn_at.is_null());
            if !sign(tx, row, columns, approver, ctx.now).await? {
                return Err(Error::conflict("invalidation.changed"));
            }
            let detail = json!({ "rule": number, "signature": signature.number() });
            audit::record(tx, ctx, "invalidation.approve", slug, detail).await
        })
        .await?;
    apply(ballots, ctx, slug).await
}

/// Withdraws a rule that is not signed twice (organiser).
///
/// # Errors
/// `NotFound`; `invalidation.decided`.
pub async fn withdraw(ballots: &Ballots, ctx: &Ctx, slug: &str, number: i32) -> Result<()> {
    ctx.require(Act::ProposeResults)?;
    ballots
        .stores
        .main
        .write(Changes::Public, async |tx| {
            let found = campaigns::campaign(tx, slug).await?;
            let rule = queries::rule(tx, found.id, number).await?;
            let withdrawn = Entity::update_many()
                .set(ActiveModel { withdrawn_at: Set(Some(ctx.now)), ..unchanged() })
                .filter(COLUMN.id.eq(rule.id))
                .filter(COLUMN.withdrawn_at.is_null())
                .filter(COLUMN.second_approver.is_null())
                .exec(tx)
                .await?;
            if withdrawn.rows_affected == 0 {
                return Err(Error::conflict("invalidation.decided"));
            }
            audit::record(tx, ctx, "invalidation.withdraw", slug, json!({ "rule": number })).await
        })
        .await
}

/// Applies the rule of a campaign that is signed twice: entries in the log first, then a new count. The command is idempotent,
/// because the scheduler repeats it after a crash.
///
/// # Errors
/// `invalidation.changed` where the rule no longer matches the ballots for which it was signed; a store or disk that fails.
pub async fn apply(ballots: &Ballots, ctx: &Ctx, slug: &str) -> Result<()> {
    let db = ballots.stores.main.db();
    let found = campaigns::campaign(db, slug).await?;
    let Some(rule) = queries::open(db, found.id).await?.filter(|rule| State::of(rule) == State::Signed) else {
        return Ok(());
    };
    let ruling = ruling(ballots, &rule).await?;
    ballots.sequencer.invalidate(slug, ruling, rule.ballots.unsigned_abs()).await?;
    let (counts, invalidated) = (ballots.sequencer.counts(slug).await?, ballots.sequencer.invalidated(slug).await?);
    ballots
        .stores
        .main
        .write(Changes::Public, async |tx| {
            let applied = Entity::update_many()
                .set(ActiveModel { appended_at: Set(Some(ctx.now)), ..unchanged() })
                .filter(COLUMN.id.eq(rule.id))
                .filter(COLUMN.appended_at.is_null())
                .exec(tx)
                .await?;
            if applied.rows_affected == 0 {
                return Ok(());
            }
            let counted = tallies::tally(tx, found.id).await?.ok_or(Error::NotFound("tally"))?;
            put(tx, found.id, counted.counted_at, &counts, invalidated).await?;
            drop_selection(tx, found.id).await?;
            let detail = json!({ "rule": rule.number, "ballots": rule.ballots });
            audit::record(tx, ctx, "invalidation.apply", slug, detail).await
        })
        .await?;
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

/// The campaign, if it is between its count and the first signature under its selection.
async fn undecided(tx: &impl ConnectionTrait, ctx: &Ctx, slug: &str) -> Result<campaign::Model> {
    let found = campaigns::campaign(tx, slug).await?;
    next(Phase::of(&found, ctx.now), CampaignMove::Certification)?;
    match tallies::selection(tx, found.id).await? {
        Some(selection) if selection.first_approver.is_some() => Err(Error::conflict("selection.signed")),
        _ => Ok(found),
    }
}

/// Deletes the selection that was drawn up from the old count. Nobody has signed that selection yet.
async fn drop_selection(tx: &DatabaseTransaction, campaign: CampaignId) -> Result<()> {
    selection::Entity::delete_by_id(campaign).filter(selection::COLUMN.first_approver.is_null()).exec(tx).await?;
    Ok(())
}

fn unchanged() -> ActiveModel {
    ActiveModel::default()
}

/// Whether a rule is impossible: the count is not taken yet, or somebody signed the selection.
///
/// # Errors
/// A store that fails.
pub async fn is_decided(db: &impl ConnectionTrait, ctx: &Ctx, campaign: &campaign::Model) -> Result<bool> {
    let signed = tallies::selection(db, campaign.id).await?.is_some_and(|s| s.first_approver.is_some());
    Ok(signed || Phase::of(campaign, ctx.now) != Phase::Tallied)
}
