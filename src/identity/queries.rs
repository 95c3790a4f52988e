//! Who somebody is.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::stored::{Role, SessionKind};
use entity::{account, invitation, role_grant, session};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use sha2::{Digest, Sha256};

use super::session::{Limits, NOTED, hash};
use crate::ctx::{Grant, Staff};
use crate::error::Result;
use crate::store::Store;

/// Somebody's session with whose it is.
#[derive(Clone)]
pub struct Bearer {
    /// Whose.
    pub staff: Arc<Staff>,
    /// The session, with its use noted.
    pub session: session::Model,
}

/// Whose a token is, while session and account are good, whatever its stage. Notes the use, to the minute.
///
/// # Errors
/// A store that fails.
pub async fn bearer(
    store: &Store,
    token: &str,
    kind: SessionKind,
    limits: Limits,
    system: DateTime<Utc>,
) -> Result<Option<Bearer>> {
    let found = session::Entity::find_by_id(hash(token)).one(store.db()).await?;
    let is_good = |s: &session::Model| s.kind == kind && system < s.expires_at && system - s.seen_at < limits.idle;
    let Some(mut row) = found.filter(is_good) else {
        return Ok(None);
    };
    let Some(account) = account::Entity::find_by_id(row.account_id).one(store.db()).await?.filter(|a| a.active) else {
        return Ok(None);
    };
    if system - row.seen_at >= NOTED {
        let noted = session::Entity::update_many()
            .col_expr(session::Column::SeenAt, Expr::value(system))
            .filter(session::COLUMN.token_hash.eq(&row.token_hash));
        // Ended since it was read, it is not brought back.
        if store.write(async |tx| Ok(noted.exec(tx).await?)).await?.rows_affected == 0 {
            return Ok(None);
        }
        row.seen_at = system;
    }
    Ok(Some(Bearer { staff: Arc::new(staff(store.db(), &account).await?), session: row }))
}

/// The account that an invitation is for, while it can be accepted.
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

/// The invitation of an account that was not accepted yet, be it too old or not.
///
/// # Errors
/// A store that fails.
pub async fn invitation(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<invitation::Model>> {
    Ok(invitation::Entity::find_by_id(account).one(db).await?)
}

/// An account with its roles.
///
/// # Errors
/// A store that fails.
pub async fn staff(db: &impl ConnectionTrait, account: &account::Model) -> Result<Staff> {
    let grants = role_grant::Entity::find()
        .filter(role_grant::COLUMN.account_id.eq(account.id))
        .order_by_asc(role_grant::COLUMN.id)
        .all(db)
        .await?;
    Ok(Staff {
        id: account.id,
        login: account.login.clone(),
        name: account.name.clone(),
        office: account.office.clone(),
        grants: grants.into_iter().map(|g| Grant { role: g.role, scope: g.scope }).collect(),
    })
}

/// An account by its login, with its roles.
///
/// # Errors
/// `NotFound`.
pub async fn account(db: &impl ConnectionTrait, login: &str) -> Result<(account::Model, Staff)> {
    let row = account::Entity::find_by_login(login).one(db).await?.ok_or(crate::error::Error::NotFound("account"))?;
    let staff = staff(db, &row).await?;
    Ok((row, staff))
}

/// An account by its key, with its roles.
///
/// # Errors
/// `NotFound`.
pub async fn account_by_id(db: &impl ConnectionTrait, id: AccountId) -> Result<(account::Model, Staff)> {
    let row = account::Entity::find_by_id(id).one(db).await?.ok_or(crate::error::Error::NotFound("account"))?;
    let staff = staff(db, &row).await?;
    Ok((row, staff))
}

/// What an account looks like, as a short text: a form or call that changes it says what it was made from.
#[must_use]
pub fn version(row: &account::Model, grants: &[Grant]) -> String {
    let mut roles: Vec<String> = grants.iter().map(|g| format!("{} {}", g.role, g.scope)).collect();
    roles.sort();
    let text = serde_json::json!([row.name, row.office, row.active, roles]);
    hex::encode(&Sha256::digest(text.to_string())[..8])
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

/// Accounts by their keys, for naming who signed what.
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

/// Names of active accounts that hold a role in a scope, for saying who can act.
///
/// # Errors
/// A store that fails.
pub async fn holders(db: &impl ConnectionTrait, role: Role, scope: &str) -> Result<Vec<account::Model>> {
    let ids: Vec<AccountId> = role_grant::Entity::find()
        .filter(role_grant::COLUMN.role.eq(role))
        .filter(role_grant::COLUMN.scope.eq(scope))
        .all(db)
        .await?
        .into_iter()
        .map(|g| g.account_id)
        .collect();
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
