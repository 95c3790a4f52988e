//! Exemptions: the province asks, the organiser decides. The row stays in every denominator.

use entity::id::AssignmentId;
use entity::stored::{ExemptionClass, Move, Role};
use entity::{assignment, exemption_request};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, IntoActiveModel};
use serde_json::json;

use super::{Entry, allowed, not_yours, note, transition};
use crate::ctx::Ctx;
use crate::dispatch::queries::{self, Found};
use crate::dispatch::workflow::Hand;
use crate::error::{Error, Problems, Refusal, Result};

/// The province asks that an open row be exempted. No move: a fact with a date, until the organiser decides.
///
/// # Errors
/// `NotFound`; `assignment.not_yours`; `assignment.wrong_state`; `exemption.asked` where a request is open.
pub async fn request_exemption(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &Found,
    class: ExemptionClass,
    basis: &str,
) -> Result<()> {
    let staff = ctx.staff()?;
    if !staff.holds_in(Role::ProvinceCoordinator, &found.assignment.province) {
        return Err(not_yours(Hand::Coordinator));
    }
    if !found.assignment.state.is_open() {
        return Err(Error::Conflict(
            Refusal::new("assignment.wrong_state").with("state", found.assignment.state.code()),
        ));
    }
    if queries::open_exemption_request(tx, found.assignment.id).await?.is_some() {
        return Err(Error::conflict("exemption.asked"));
    }
    let mut problems = Problems::default();
    let basis = problems.text("basis", basis, 2000);
    problems.finish()?;
    let request = exemption_request::ActiveModel {
        assignment_id: Set(found.assignment.id),
        at: Set(ctx.now),
        class: Set(class),
        basis: Set(basis),
        author_id: Set(staff.id),
        decided_at: Set(None),
        refusal: Set(String::new()),
        ..Default::default()
    };
    exemption_request::Entity::insert(request).exec_without_returning(tx).await?;
    let class = json!({ "class": class });
    note(tx, ctx, found, "exemption-request", class).await
}

/// The organiser exempts a row that the province asked to be exempted. The row stays in every denominator.
///
/// # Errors
/// As [`transition`]; `exemption.not_asked`.
pub async fn exempt(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &Found,
    seen: Option<i32>,
    basis: &str,
) -> Result<assignment::Model> {
    allowed(tx, ctx, found, Move::Exemption, seen).await?;
    let request = asked(tx, found.assignment.id).await?;
    let mut problems = Problems::default();
    let basis = problems.text("basis", basis, 2000);
    problems.finish()?;
    let entry = Entry { reason: basis, detail: json!({ "class": request.class }), ..Entry::default() };
    decide(tx, ctx, request, "").await?;
    transition(tx, ctx, found, Move::Exemption, seen, entry, |_| ()).await
}

/// The organiser refuses an exemption; the row stays as it is.
///
/// # Errors
/// `assignment.not_yours`; `exemption.not_asked`; `Invalid` without a reason.
pub async fn refuse_exemption(tx: &DatabaseTransaction, ctx: &Ctx, found: &Found, reason: &str) -> Result<()> {
    if !ctx.staff()?.holds(Role::Organiser) {
        return Err(not_yours(Hand::Organiser));
    }
    let request = asked(tx, found.assignment.id).await?;
    let mut problems = Problems::default();
    let reason = problems.text("basis", reason, 2000);
    problems.finish()?;
    decide(tx, ctx, request, &reason).await?;
    note(tx, ctx, found, "exemption-refusal", json!({})).await
}

async fn asked(tx: &DatabaseTransaction, id: AssignmentId) -> Result<exemption_request::Model> {
    queries::open_exemption_request(tx, id).await?.ok_or(Error::conflict("exemption.not_asked"))
}

async fn decide(tx: &DatabaseTransaction, ctx: &Ctx, request: exemption_request::Model, refusal: &str) -> Result<()> {
    let mut row = request.into_active_model();
    row.decided_at = Set(Some(ctx.now));
    row.refusal = Set(refusal.to_owned());
    row.update(tx).await?;
    Ok(())
}
