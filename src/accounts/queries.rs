//! Queries for accounts, their roles, and proposals that wait for a second person.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::stored::Role;
use entity::{account, invitation, role_grant, role_proposal, sign_on_link};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use sha2::{Digest, Sha256};

use super::delegating;
use crate::base::access::Act;
use crate::base::ctx::{Grant, Staff};
use crate::base::error::Result;
use crate::programme;
use crate::sign_in::queries::staff;
use crate::sign_in::session::hash;

/// The account of an invitation, while the invitation can be accepted.
///
/// # Errors
/// A store that fails.
pub async fn invited(db: &impl ConnectionTrait, token: &str, system: DateTime<Utc>) -> Result<Option<account::Model>> {
    let found = invitation::Entity::find_by_token_hash(hash(token)).one(db).await?;
    let Some(row) = found.filter(|row| system < row.expires_at) else {
        return Ok(None);
    };
    Ok(account::Entity::find_by_id(row.account_id).one(db).await?.filter(|account| account.active))
}

/// The invitation of an account that was not accepted yet, whether it has expired or not.
///
/// # Errors
/// A store that fails.
pub async fn invitation(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<invitation::Model>> {
    Ok(invitation::Entity::find_by_id(account).one(db).await?)
}

/// An account by its login, with its roles.
///
/// # Errors
/// `NotFound`.
pub async fn account(db: &impl ConnectionTrait, login: &str) -> Result<(account::Model, Staff)> {
    let row =
        account::Entity::find_by_login(login).one(db).await?.ok_or(crate::base::error::Error::NotFound("account"))?;
    let staff = staff(db, &row).await?;
    Ok((row, staff))
}

/// An account by its key, with its roles.
///
/// # Errors
/// `NotFound`.
pub async fn account_by_id(db: &impl ConnectionTrait, id: AccountId) -> Result<(account::Model, Staff)> {
    let row = account::Entity::find_by_id(id).one(db).await?.ok_or(crate::base::error::Error::NotFound("account"))?;
    let staff = staff(db, &row).await?;
    Ok((row, staff))
}

/// Version of an account: a short hash of its contents (optimistic lock). A form or call that changes the account names the
/// version that it was made from.
#[must_use]
pub fn version(row: &account::Model, grants: &[Grant]) -> String {
    let mut roles: Vec<String> = grants.iter().map(|g| format!("{} {}", g.role, g.scope)).collect();
    roles.sort();
    let text = serde_json::json!([row.name, row.office, row.active, row.home_province, roles]);
    hex::encode(&Sha256::digest(text.to_string())[..8])
}

/// The link by which an account signs in at a provider; none where the account is not linked.
///
/// # Errors
/// A store that fails.
pub async fn sign_on_link(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<sign_on_link::Model>> {
    Ok(sign_on_link::Entity::find_by_account_id(account).one(db).await?)
}

/// All accounts with their roles, by login.
///
/// # Errors
/// A store that fails.
pub async fn accounts(db: &impl ConnectionTrait) -> Result<Vec<(account::Model, Vec<Grant>)>> {
    let rows = account::Entity::find().order_by_asc(account::COLUMN.login).all(db).await?;
    let mut grants: HashMap<AccountId, Vec<Grant>> = HashMap::new();
    for grant in role_grant::Entity::find().order_by_asc(role_grant::COLUMN.id).all(db).await? {
        grants.entry(grant.account_id).or_default().push(Grant { role: grant.role, scope: grant.scope });
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let grants = grants.remove(&row.id).unwrap_or_default();
            (row, grants)
        })
        .collect())
}

/// Weighty roles of an account that wait for their second person; the oldest comes first.
///
/// # Errors
/// A store that fails.
pub async fn proposals(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<role_proposal::Model>> {
    Ok(role_proposal::Entity::find()
        .filter(role_proposal::COLUMN.account_id.eq(account))
        .filter(role_proposal::COLUMN.decided_at.is_null())
        .order_by_asc(role_proposal::COLUMN.id)
        .all(db)
        .await?)
}

/// Weighty roles of all accounts that wait for their second person; the oldest comes first.
///
/// # Errors
/// A store that fails.
pub async fn all_proposals(db: &impl ConnectionTrait) -> Result<Vec<role_proposal::Model>> {
    let waiting = role_proposal::Entity::find().filter(role_proposal::COLUMN.decided_at.is_null());
    Ok(waiting.order_by_asc(role_proposal::COLUMN.id).all(db).await?)
}

/// Accounts by their keys, for naming the people behind signatures and acts.
///
/// # Errors
/// A store that fails.
pub async fn by_ids(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<HashMap<AccountId, account::Model>> {
    let rows = account::Entity::find().filter(account::COLUMN.id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|a| (a.id, a)).collect())
}

/// Active accounts whose own roles allow the act, in any scope; pages name them as the people who can do it.
///
/// # Errors
/// A store that fails.
pub async fn holders(db: &impl ConnectionTrait, act: Act) -> Result<Vec<account::Model>> {
    let roles: Vec<Role> = act.hands().iter().map(|(role, _)| *role).collect();
    let ids = role_grant::Entity::find().filter(role_grant::COLUMN.role.is_in(roles)).all(db).await?;
    active(db, ids.into_iter().map(|grant| grant.account_id)).await
}

/// Active accounts that may do the act in a province, by a role of their own or a lent role; pages name them as the people who
/// can do it.
///
/// # Errors
/// A store that fails.
pub async fn able(
    db: &impl ConnectionTrait,
    act: Act,
    province: &str,
    now: DateTime<Utc>,
) -> Result<Vec<(account::Model, Staff)>> {
    let team = programme::queries::place(db, province).await?.team.unwrap_or_default();
    let roles: Vec<Role> = act.hands().iter().map(|(role, _)| *role).collect();
    let held = role_grant::Entity::find()
        .filter(role_grant::COLUMN.role.is_in(roles))
        .filter(role_grant::COLUMN.scope.is_in(["", province, &team]))
        .all(db)
        .await?
        .into_iter()
        .map(|grant| grant.account_id);
    let lent = delegating::standing(db, now).await?.into_iter().map(|delegation| delegation.borrower_id);
    let mut found = Vec::new();
    for row in active(db, held.chain(lent)).await? {
        let staff = delegating::with_lent(db, staff(db, &row).await?, now).await?;
        if staff.may_in(act, province) {
            found.push((row, staff));
        }
    }
    Ok(found)
}

async fn active(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = AccountId>) -> Result<Vec<account::Model>> {
    Ok(account::Entity::find()
        .filter(account::COLUMN.id.is_in(ids))
        .filter(account::COLUMN.active.eq(true))
        .order_by_asc(account::COLUMN.login)
        .all(db)
        .await?)
}

/// Names of accounts by key, for the histories that staff see.
///
/// # Errors
/// A store that fails.
pub async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<HashMap<AccountId, String>> {
    let found = account::Entity::find().filter(account::COLUMN.id.is_in(ids)).all(db).await?;
    Ok(found.into_iter().map(|a| (a.id, a.name)).collect())
}
