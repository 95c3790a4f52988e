//! The changes that halts make to a stored campaign; the rule is in [`crate::campaign::halt`].

use entity::campaign;
use entity::id::AccountId;
use entity::stored::{CampaignMove, StoredPhase};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};

use super::{note, save, unchanged};
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};
use crate::campaign::{halt, queries};

/// The change that begins a halt or a request for one.
pub(super) fn begun(
    found: &campaign::Model,
    by: AccountId,
    ctx: &Ctx,
    act: CampaignMove,
    reason: &str,
) -> campaign::ActiveModel {
    let is_request = act == CampaignMove::HaltRequest;
    let until = if is_request { halt::asked_until(found, ctx.now) } else { halt::until(found, ctx.now) };
    let mut row = campaign::ActiveModel {
        halted_by: Set(Some(by)),
        halted_at: Set(Some(ctx.now)),
        halt_until: Set(Some(until)),
        halt_confirmed_by: Set(None),
        ..unchanged()
    };
    if !is_request {
        row.notice = Set(reason.to_owned());
    }
    row
}

/// The change when an approver confirms a halt. A halt that was requested begins now.
///
/// # Errors
/// `campaign.halt_own` where the person who halted or asked would confirm.
pub(super) async fn confirmed(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &campaign::Model,
    by: AccountId,
) -> Result<campaign::ActiveModel> {
    if found.halted_by == Some(by) {
        return Err(Error::Forbidden(Refusal::new("campaign.halt_own")));
    }
    let mut row = campaign::ActiveModel { halt_until: Set(None), halt_confirmed_by: Set(Some(by)), ..unchanged() };
    if found.phase != StoredPhase::Suspended {
        let asked = queries::last_move(tx, found.id, CampaignMove::HaltRequest).await?;
        row.notice = Set(asked.map(|event| event.reason).unwrap_or_default());
        row.halted_at = Set(Some(ctx.now));
    }
    Ok(row)
}

/// The change that ends a halt. After a halt that nobody confirmed, its account and start are kept.
pub(super) fn ended(found: &campaign::Model, ctx: &Ctx) -> campaign::ActiveModel {
    let mut row = campaign::ActiveModel { notice: Set(String::new()), ..unchanged() };
    if found.halt_confirmed_by.is_some() {
        row.halted_by = Set(None);
        row.halted_at = Set(None);
        row.halt_confirmed_by = Set(None);
    }
    row.halt_until = Set(found.halt_until.map(|until| until.min(ctx.now)));
    row
}

/// Ends every halt whose time is over without a confirmation. A halt of an earlier version, which had no end, gets the time
/// that a halt from now on has.
///
/// # Errors
/// A store that fails.
pub async fn end_halts(tx: &DatabaseTransaction, ctx: &Ctx) -> Result<()> {
    for found in queries::all(tx).await?.into_iter().filter(|found| halt::is_due(found, ctx.now)) {
        if halt::is_over(&found, ctx.now) {
            let row = campaign::ActiveModel { phase: Set(StoredPhase::Scheduled), ..ended(&found, ctx) };
            let moved = save(tx, &found, row).await?;
            note(tx, ctx, &moved, CampaignMove::HaltLapse, "").await?;
        } else {
            let halted = queries::last_move(tx, found.id, CampaignMove::Suspension).await?;
            let row = campaign::ActiveModel {
                halted_by: Set(halted.as_ref().and_then(|event| event.actor_id)),
                halted_at: Set(Some(halted.map_or(ctx.now, |event| event.at))),
                halt_until: Set(Some(halt::until(&found, ctx.now))),
                ..unchanged()
            };
            save(tx, &found, row).await?;
        }
    }
    Ok(())
}
