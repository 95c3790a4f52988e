//! Lent roles (delegation): a coordinator or leader who is away lends a role to a person of the same office, province or team.
//!
//! A lent role works like a role of one's own from the first day to the last. Every history shows that the borrower acted for the
//! lender. For the rules about two people the borrower and the lender are one person, so a loan never adds a second person. The
//! loan ends with its last day, when the lender ends it, and with the lender's own role or account. A lent role cannot be lent
//! on.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::AccountId;
use entity::{account, delegation, role_grant};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::queries;
use crate::base::clock::day_of;
use crate::base::ctx::{Grant, Lent, Staff};
use crate::base::error::Result;
use crate::sign_in::queries::teams;

/// All delegations that are in force today by their own dates.
///
/// # Errors
/// A store that fails.
pub async fn standing(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<delegation::Model>> {
    Ok(delegation::Entity::find().filter(stands(day_of(now))).all(db).await?)
}

/// A member of staff with the roles that others lend today.
///
/// # Errors
/// A store that fails.
pub async fn with_lent(db: &impl ConnectionTrait, mut staff: Staff, now: DateTime<Utc>) -> Result<Staff> {
    let found = delegation::Entity::find()
        .filter(delegation::COLUMN.borrower_id.eq(staff.id))
        .filter(stands(day_of(now)))
        .order_by_asc(delegation::COLUMN.id)
        .all(db)
        .await?;
    if found.is_empty() {
        return Ok(staff);
    }
    let lenders: Vec<AccountId> = found.iter().map(|d| d.lender_id).collect();
    let people = queries::by_ids(db, lenders.iter().copied()).await?;
    let held: HashSet<_> = role_grant::Entity::find()
        .filter(role_grant::COLUMN.account_id.is_in(lenders))
        .all(db)
        .await?
        .into_iter()
        .map(|grant| (grant.account_id, grant.role, grant.scope))
        .collect();
    for row in found {
        let Some(lender) = people.get(&row.lender_id).filter(|lender| lender.active) else {
            continue;
        };
        if held.contains(&(row.lender_id, row.role, row.scope.clone())) {
            staff.lent.push(Lent {
                grant: Grant { role: row.role, scope: row.scope },
                by: row.lender_id,
                login: lender.login.clone(),
                home_province: lender.home_province.clone(),
                until: row.until_on,
            });
        }
    }
    let scopes = staff.lent.iter().map(|lent| lent.grant.scope.as_str());
    let teams = teams(db, scopes.filter(|scope| !scope.chars().all(|c| c.is_ascii_digit()))).await?;
    staff.teams.extend(teams);
    Ok(staff)
}

/// Condition for all delegations that an account lends or borrows, at any time.
pub fn lent_or_borrowed(who: AccountId) -> Condition {
    Condition::any().add(delegation::COLUMN.lender_id.eq(who)).add(delegation::COLUMN.borrower_id.eq(who))
}

/// Delegations that an account lends or borrows, today or later, by their first day; without those that were ended.
///
/// # Errors
/// A store that fails.
pub async fn of(db: &impl ConnectionTrait, who: AccountId, now: DateTime<Utc>) -> Result<Vec<delegation::Model>> {
    Ok(delegation::Entity::find()
        .filter(lent_or_borrowed(who))
        .filter(delegation::COLUMN.ended_at.is_null())
        .filter(delegation::COLUMN.until_on.gte(day_of(now)))
        .order_by_asc(delegation::COLUMN.from_on)
        .order_by_asc(delegation::COLUMN.id)
        .all(db)
        .await?)
}

/// Roles that an account borrows today or later. The rules for roles in one account count them like its own roles.
///
/// # Errors
/// A store that fails.
pub async fn borrowed(db: &impl ConnectionTrait, who: AccountId, now: DateTime<Utc>) -> Result<Vec<Grant>> {
    let rows = of(db, who, now).await?.into_iter().filter(|row| row.borrower_id == who);
    Ok(rows.map(|row| Grant { role: row.role, scope: row.scope }).collect())
}

/// Accounts to which a member of staff may lend: active accounts of the same office, or with a role in the same province or team.
///
/// # Errors
/// A store that fails.
pub async fn housemates(db: &impl ConnectionTrait, staff: &Staff) -> Result<Vec<account::Model>> {
    let all = queries::accounts(db).await?;
    Ok(all
        .into_iter()
        .filter(|(row, grants)| row.active && row.id != staff.id && is_housemate(staff, row, grants))
        .map(|(row, _)| row)
        .collect())
}

/// Whether an account shares the office, a province or a team with a member of staff, and holds none of the administrators'
/// offices.
#[must_use]
pub fn is_housemate(staff: &Staff, row: &account::Model, grants: &[Grant]) -> bool {
    let shares = grants.iter().any(|g| staff.grants.iter().any(|own| !g.scope.is_empty() && own.scope == g.scope));
    (row.office == staff.office || shares) && !grants.iter().any(|g| g.role.is_office())
}

fn stands(today: NaiveDate) -> Condition {
    Condition::all()
        .add(delegation::COLUMN.ended_at.is_null())
        .add(delegation::COLUMN.from_on.lte(today))
        .add(delegation::COLUMN.until_on.gte(today))
}
