//! Commands that lend a role for some days, and end a loan early.

use chrono::NaiveDate;
use entity::id::DelegationId;
use entity::stored::Role;
use entity::{account, delegation};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use serde_json::json;

use super::grants::check_offices;
use crate::accounts::{delegating, queries};
use crate::audit;
use crate::base::access::Act;
use crate::base::clock::day_of;
use crate::base::ctx::{Ctx, Grant};
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::sign_in;

/// Most days of one delegation. A longer change is a change of roles, which the security administrator makes.
pub const MAX_DAYS: i64 = 90;

/// Role that is to be lent.
#[derive(Clone, Debug)]
pub struct NewDelegation {
    /// Login of the borrower, who is to act.
    pub borrower: String,
    /// Role of the lender, within its scope.
    pub grant: Grant,
    /// First day of the loan.
    pub from_on: NaiveDate,
    /// Last day of the loan, included.
    pub until_on: NaiveDate,
}

/// Lends a role of the caller for some days, and returns the number of the delegation.
///
/// # Errors
/// `NotFound` for callers who have nothing to lend; `Invalid`: `delegation.not_yours` for a role that the caller does not hold (a
/// borrowed role cannot be lent), `delegation.borrower`, `delegation.has_it`, `delegation.lent` where the same role is lent to
/// the same person on one of the days already, `delegation.from`, `delegation.until`, `delegation.long`, and roles that may not
/// be together in one account.
pub async fn delegate(tx: &DatabaseTransaction, ctx: &Ctx, new: NewDelegation) -> Result<DelegationId> {
    let staff = ctx.require(Act::Delegate)?;
    let mut problems = Problems::default();
    let lends = |role: Role| Act::Delegate.hands().iter().any(|(able, _)| *able == role);
    let is_own = lends(new.grant.role) && staff.grants.contains(&new.grant);
    problems.check(is_own, "role", "delegation.not_yours");
    problems.check(new.from_on >= day_of(ctx.now), "from_on", "delegation.from");
    problems.of_our_time("until_on", new.until_on);
    problems.check(new.until_on >= new.from_on, "until_on", "delegation.until");
    if (new.until_on - new.from_on).num_days() >= MAX_DAYS {
        problems.add("until_on", Refusal::new("delegation.long").with("days", MAX_DAYS));
    }
    let borrower = match queries::account(tx, &sign_in::login(&new.borrower)).await {
        Ok((row, them)) => (row.active && row.id != staff.id && delegating::is_housemate(staff, &row, &them.grants))
            .then_some((row, them)),
        Err(Error::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    let Some((row, them)) = borrower else {
        problems.add("borrower", Refusal::new("delegation.borrower"));
        return Err(problems.finish().err().unwrap_or(Error::NotFound("account")));
    };
    problems.check(!them.grants.contains(&new.grant), "borrower", "delegation.has_it");
    // The row is locked until the transaction ends: of two loans at once, the second sees the first.
    account::Entity::find_by_id(staff.id).lock_exclusive().one(tx).await?;
    let standing = delegating::of(tx, staff.id, ctx.now).await?.into_iter().find(|loan| {
        loan.borrower_id == row.id
            && (loan.role, &loan.scope) == (new.grant.role, &new.grant.scope)
            && (loan.lender_id == staff.id && loan.from_on <= new.until_on && loan.until_on >= new.from_on)
    });
    if let Some(loan) = standing {
        let days = Refusal::new("delegation.lent").with("from", loan.from_on).with("until", loan.until_on);
        problems.add("from_on", days);
    }
    let mut together = delegating::borrowed(tx, row.id, ctx.now).await?;
    together.extend(them.grants);
    together.push(new.grant.clone());
    check_offices(&mut problems, "borrower", &together);
    problems.finish()?;
    let made = delegation::ActiveModel {
        lender_id: Set(staff.id),
        borrower_id: Set(row.id),
        role: Set(new.grant.role),
        scope: Set(new.grant.scope.clone()),
        from_on: Set(new.from_on),
        until_on: Set(new.until_on),
        made_at: Set(ctx.now),
        ended_at: Set(None),
        ..Default::default()
    };
    let made = made.insert(tx).await?;
    let detail = json!({
        "grant": new.grant.words(), "from": new.from_on, "until": new.until_on, "number": made.id.0,
    });
    audit::record(tx, ctx, "identity.delegate", &row.login, detail).await?;
    Ok(made.id)
}

/// Ends a delegation of the caller's own role before its last day: the next request of the borrower is without the role.
/// Overlapping loans of the same role and scope to the same person end too, because earlier versions accepted such loans.
///
/// # Errors
/// `NotFound` for a delegation that is not the caller's, or is over.
pub async fn end_delegation(tx: &DatabaseTransaction, ctx: &Ctx, number: i64) -> Result<()> {
    let staff = ctx.staff()?;
    let own = delegating::of(tx, staff.id, ctx.now).await?.into_iter().filter(|loan| loan.lender_id == staff.id);
    let own: Vec<delegation::Model> = own.collect();
    let found = own.iter().find(|loan| loan.id == DelegationId(number)).ok_or(Error::NotFound("delegation"))?;
    let is_same = |loan: &&delegation::Model| {
        (loan.borrower_id, loan.role, &loan.scope) == (found.borrower_id, found.role, &found.scope)
            && (loan.from_on <= found.until_on && loan.until_on >= found.from_on)
    };
    let ended = delegation::Entity::update_many()
        .set(delegation::ActiveModel { ended_at: Set(Some(ctx.now)), ..Default::default() })
        .filter(delegation::COLUMN.id.is_in(own.iter().filter(is_same).map(|loan| loan.id)))
        .filter(delegation::COLUMN.ended_at.is_null())
        .exec(tx)
        .await?;
    if ended.rows_affected == 0 {
        return Err(Error::NotFound("delegation"));
    }
    audit::record(tx, ctx, "identity.end_delegation", &staff.login, json!({ "number": number })).await
}
