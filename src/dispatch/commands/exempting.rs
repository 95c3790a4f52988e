//! Exemptions: the province asks, the organiser decides. An exempt assignment stays in every denominator.

use entity::stored::{ExemptionClass, Move};
use entity::{assignment, exemption_request};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, IntoActiveModel};
use serde_json::json;

use super::{MoveDetail, note, transition};
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::dispatch::permission::{Permitted, may_request_exemption, not_yours};
use crate::dispatch::queries::{self, LoadedAssignment};
use crate::dispatch::workflow::Hand;

/// The province asks that an open assignment be exempted. A request is no move: until the organiser decides, the request is a
/// fact with a date.
///
/// # Errors
/// As [`may_request_exemption`]; `Invalid` without a basis.
pub async fn request_exemption(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &LoadedAssignment,
    class: ExemptionClass,
    basis: &str,
) -> Result<()> {
    queries::lock(tx, found).await?;
    may_request_exemption(tx, ctx, found).await?;
    let mut problems = Problems::default();
    let basis = problems.text("basis", basis, 2000);
    problems.finish()?;
    let staff = ctx.staff()?;
    let lender = staff.capacities(Act::Coordinate, &found.assignment.province).next().and_then(|c| c.lent);
    let request = exemption_request::ActiveModel {
        assignment_id: Set(found.assignment.id),
        at: Set(ctx.now),
        class: Set(class),
        basis: Set(basis),
        author_id: Set(staff.id),
        author_for: Set(lender.map(|lent| lent.by)),
        decided_at: Set(None),
        refusal: Set(String::new()),
        ..Default::default()
    };
    exemption_request::Entity::insert(request).exec_without_returning(tx).await?;
    let class = json!({ "class": class });
    note(tx, ctx, found, "exemption-request", class).await
}

/// The organiser exempts an assignment for which the province asked. The assignment stays in every denominator.
///
/// # Errors
/// As [`transition`]; `exemption.not_asked`.
pub async fn exempt(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    permitted: Permitted<'_>,
    basis: &str,
) -> Result<assignment::Model> {
    let permitted = permitted.only(&[Move::Exemption])?;
    let found = permitted.assignment();
    let request = asked(tx, found).await?;
    let mut problems = Problems::default();
    let basis = problems.text("basis", basis, 2000);
    problems.finish()?;
    let entry = MoveDetail { reason: basis, detail: json!({ "class": request.class }), ..MoveDetail::default() };
    decide(tx, ctx, request, "").await?;
    transition(tx, ctx, permitted, entry, |_| ()).await
}

/// The organiser refuses an exemption; the state of the assignment stays as it is.
///
/// # Errors
/// `assignment.not_yours`; `exemption.not_asked`; `Invalid` without a reason.
pub async fn refuse_exemption(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &LoadedAssignment,
    reason: &str,
) -> Result<()> {
    let staff = ctx.staff()?;
    if Hand::Organiser.capacity_of(staff, &found.case()).is_none() {
        return Err(if staff.may(Act::Rule) {
            Error::Forbidden(Refusal::new("assignment.own_work"))
        } else {
            not_yours(Hand::Organiser)
        });
    }
    let request = asked(tx, found).await?;
    let mut problems = Problems::default();
    let reason = problems.text("basis", reason, 2000);
    problems.finish()?;
    decide(tx, ctx, request, &reason).await?;
    note(tx, ctx, found, "exemption-refusal", json!({})).await
}

async fn asked(tx: &DatabaseTransaction, found: &LoadedAssignment) -> Result<exemption_request::Model> {
    queries::lock(tx, found).await?;
    queries::open_exemption_request(tx, found).await?.ok_or(Error::conflict("exemption.not_asked"))
}

async fn decide(tx: &DatabaseTransaction, ctx: &Ctx, request: exemption_request::Model, refusal: &str) -> Result<()> {
    let mut row = request.into_active_model();
    row.decided_at = Set(Some(ctx.now));
    row.refusal = Set(refusal.to_owned());
    row.update(tx).await?;
    Ok(())
}
