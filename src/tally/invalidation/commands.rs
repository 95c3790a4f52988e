//! Commands that store a proposed rule of invalidation, sign, withdraw and apply it.

use entity::id::CampaignId;
use entity::invalidation::{ActiveModel, COLUMN, Column, Entity, Model};
use entity::selection;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

use super::queries::{Preview, undecided};
use super::{may_sign, next_number, queries};
use crate::audit;
use crate::ballot_log::counts::Counts;
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, OnDuplicate, Result};
use crate::campaign::queries as campaigns;
use crate::tally::commands::put;
use crate::tally::queries as tallies;
use crate::tally::two_signatures::{Signature, sign};

/// Rule that is to be proposed, after its preview.
pub struct NewRule {
    /// Effect of the rule on the log, computed before the transaction.
    pub preview: Preview,
    /// Checked reason.
    pub reason: String,
    /// Rules of the campaign as they were before the preview.
    pub tried: Vec<Model>,
}

/// Stores a proposed rule (organiser). Returns the number of the rule.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `selection.signed`; `invalidation.open`; `invalidation.moved` where another rule was
/// decided since the preview.
pub async fn propose_rule(tx: &DatabaseTransaction, ctx: &Ctx, slug: &str, new: NewRule) -> Result<i32> {
    let proposer = ctx.require(Act::ProposeResults)?.id;
    let NewRule { preview, reason, tried } = new;
    let found = undecided(tx, ctx, slug).await?;
    let number = next_number(&tried, &queries::rules(tx, found.id).await?)?;
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
}

/// Signs a rule (approver).
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `selection.signed`; as [`may_sign`]; `invalidation.changed` where somebody else signed
/// at the same moment, or another signature than the expected one (1 or 2) is due.
pub async fn sign_rule(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    slug: &str,
    number: i32,
    expected: Option<i32>,
) -> Result<()> {
    let approver = ctx.require(Act::SignResults)?.id;
    let found = undecided(tx, ctx, slug).await?;
    let rule = queries::rule(tx, found.id, number).await?;
    may_sign(&campaigns::own_hands(tx, &found).await?, &rule, approver)?;
    let signature = Signature::due(rule.first_approver);
    if expected.is_some_and(|read| read != signature.number()) {
        return Err(Error::conflict("invalidation.changed"));
    }
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
}

/// Withdraws a rule that is not signed twice (organiser).
///
/// # Errors
/// `NotFound`; `invalidation.decided`.
pub async fn withdraw(tx: &DatabaseTransaction, ctx: &Ctx, slug: &str, number: i32) -> Result<()> {
    ctx.require(Act::ProposeResults)?;
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
}

/// Stores the count after a rule whose entries are in the log, and drops a selection that was drawn up from the old count. A
/// rule that was applied before changes nothing.
///
/// # Errors
/// `NotFound` without a count.
pub async fn apply_rule(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    slug: &str,
    rule: &Model,
    (counts, invalidated): (Counts, i64),
) -> Result<()> {
    let applied = Entity::update_many()
        .set(ActiveModel { appended_at: Set(Some(ctx.now)), ..unchanged() })
        .filter(COLUMN.id.eq(rule.id))
        .filter(COLUMN.appended_at.is_null())
        .exec(tx)
        .await?;
    if applied.rows_affected == 0 {
        return Ok(());
    }
    let counted = tallies::tally(tx, rule.campaign_id).await?.ok_or(Error::NotFound("tally"))?;
    put(tx, rule.campaign_id, counted.counted_at, &counts, invalidated).await?;
    drop_selection(tx, rule.campaign_id).await?;
    let detail = json!({ "rule": rule.number, "ballots": rule.ballots });
    audit::record(tx, ctx, "invalidation.apply", slug, detail).await
}

/// Deletes the selection that was drawn up from the old count. Nobody has signed that selection yet.
async fn drop_selection(tx: &DatabaseTransaction, campaign: CampaignId) -> Result<()> {
    selection::Entity::delete_by_id(campaign).filter(selection::COLUMN.first_approver.is_null()).exec(tx).await?;
    Ok(())
}

fn unchanged() -> ActiveModel {
    ActiveModel::default()
}
