//! Commands that move a campaign from phase to phase.

use entity::campaign;
use entity::stored::CampaignMove;
use sea_orm::{ActiveValue::Set, DatabaseTransaction};

use super::{halting, note, save, unchanged};
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::campaign::phase::{self, Phase, next};
use crate::campaign::{halt, queries, questionnaire};

/// Refuses to act on a campaign that was changed after the caller read it (optimistic lock). The check goes before [`advance`],
/// in the same transaction.
///
/// # Errors
/// `NotFound`; `campaign.stale`.
pub async fn check_revision(tx: &DatabaseTransaction, slug: &str, revision: i32) -> Result<()> {
    if queries::campaign(tx, slug).await?.revision == revision {
        Ok(())
    } else {
        Err(Error::conflict("campaign.stale"))
    }
}

/// Makes a move of a campaign: submission, sending back, publication, suspension with its request and confirmation, resumption,
/// cancellation. Counting and dispatch have commands of their own.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `campaign.own` where somebody who wrote or submitted the campaign would publish it;
/// `form.empty` where a reason is needed; `campaign.halt_alone`, `campaign.halt_waits`, `campaign.halt_none`,
/// `campaign.halt_own` by the rule of halts; `campaign.name_taken`, `campaign.too_few_options` and `campaign.closes_in_past` at
/// submission and publication.
pub async fn advance(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    slug: &str,
    act: CampaignMove,
    reason: &str,
) -> Result<campaign::Model> {
    let found = queries::campaign(tx, slug).await?;
    let (who, to) = next(Phase::of(&found, ctx.now), act)?;
    let staff = ctx.require(who)?;
    if matches!(
        act,
        CampaignMove::Tally
            | CampaignMove::Certification
            | CampaignMove::Dispatch
            | CampaignMove::Creation
            | CampaignMove::HaltLapse
    ) {
        return Err(Error::conflict("campaign.wrong_phase"));
    }
    halt::check(&found, act, ctx.now)?;
    let mut problems = Problems::default();
    let reason = if phase::needs_reason(act) {
        problems.text("reason", reason, 500)
    } else {
        problems.optional_text("reason", reason, 500)
    };
    problems.finish()?;
    let mut row = unchanged();
    match act {
        CampaignMove::Submission => check_ready(tx, &found, ctx).await?,
        CampaignMove::Publication => {
            if queries::own_hands(tx, &found).await?.contains(&staff.id) {
                return Err(Error::Forbidden(Refusal::new("campaign.own")));
            }
            check_ready(tx, &found, ctx).await?;
            let options = queries::options(tx, found.id).await?;
            row.questionnaire = Set(Some(hex::encode(questionnaire::hash(&found, &options))));
            row.approver_id = Set(Some(staff.id));
            row.published_at = Set(Some(ctx.now));
        }
        CampaignMove::Cancellation => row.notice = Set(reason.clone()),
        CampaignMove::Suspension | CampaignMove::HaltRequest => {
            row = halting::begun(&found, staff.id, ctx, act, &reason)
        }
        CampaignMove::HaltConfirmation => row = halting::confirmed(tx, ctx, &found, staff.id).await?,
        CampaignMove::Resumption => row = halting::ended(&found, ctx),
        _ => {}
    }
    row.phase = Set(to);
    let moved = save(tx, &found, row).await?;
    note(tx, ctx, &moved, act, &reason).await?;
    Ok(moved)
}

/// Makes a move of a campaign for a later slice, which has checked the actor and the reason.
///
/// # Errors
/// `campaign.wrong_phase`.
pub async fn advance_checked(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &campaign::Model,
    act: CampaignMove,
) -> Result<()> {
    let (_, to) = next(Phase::of(found, ctx.now), act)?;
    let row = campaign::ActiveModel { phase: Set(to), ..unchanged() };
    save(tx, found, row).await?;
    note(tx, ctx, found, act, "").await
}

/// Checks the conditions of review and publication: a name of its own, enough options, and a close in the future.
async fn check_ready(tx: &DatabaseTransaction, campaign: &campaign::Model, ctx: &Ctx) -> Result<()> {
    let known = queries::known(tx, Some(&campaign.slug)).await?;
    if !known.is_free(&campaign.name_zh) || !known.is_free(&campaign.name_en) {
        return Err(Error::conflict("campaign.name_taken"));
    }
    let options = queries::option_count(tx, campaign.id).await?;
    let least = phase::least_options(campaign);
    if options < least {
        let refusal = Refusal::new("campaign.too_few_options").with("count", options).with("least", least);
        return Err(Error::Conflict(refusal));
    }
    if campaign.closes_at <= ctx.now {
        return Err(Error::conflict("campaign.closes_in_past"));
    }
    Ok(())
}
