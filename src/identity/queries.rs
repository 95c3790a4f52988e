//! Who somebody is.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::stored::{Role, Scope, SessionKind};
use entity::{account, role_grant, role_proposal, session, sign_on_link};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

use sha2::{Digest, Sha256};

use super::delegating;
use super::session::{IDLE, NOTED, hash};
use crate::access::Act;
use crate::ctx::{Grant, Staff};
use crate::error::Result;
use crate::programme;
use crate::store::Store;

/// The member of staff to whom a token belongs, while session and account are good. Notes the use, to the minute.
///
/// # Errors
/// A store that fails.
pub async fn bearer(
    store: &Store,
    token: &str,
    kind: SessionKind,
    system: DateTime<Utc>,
) -> Result<Option<Arc<Staff>>> {
    let found = session::Entity::find_by_id(hash(token)).one(store.db()).await?;
    let Some(row) = found.filter(|s| s.kind == kind && system < s.expires_at && system - s.seen_at < IDLE) else {
        return Ok(None);
    };
    let Some(account) = account::Entity::find_by_id(row.account_id).one(store.db()).await?.filter(|a| a.active) else {
        return Ok(None);
    };
    if system - row.seen_at >= NOTED {
        let mut row = row.into_active_model();
        row.seen_at = Set(system);
        store.write(async |tx| Ok(row.update(tx).await?)).await?;
    }
    Ok(Some(Arc::new(staff(store.db(), &account).await?)))
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
        home_province: account.home_province.clone(),
        teams: teams(db, grants.iter().filter(|g| g.role.scope() == Scope::Team).map(|g| g.scope.as_str())).await?,
        grants: grants.into_iter().map(|g| Grant { role: g.role, scope: g.scope }).collect(),
        lent: Vec::new(),
    })
}

/// The provinces of some teams.
///
/// # Errors
/// A store that fails.
pub async fn teams(
    db: &impl ConnectionTrait,
    codes: impl Iterator<Item = &str>,
) -> Result<BTreeMap<String, Vec<String>>> {
    let mut teams: BTreeMap<String, Vec<String>> = codes.map(|code| (code.to_owned(), Vec::new())).collect();
    if !teams.is_empty() {
        for place in programme::queries::places(db).await? {
            if let Some(provinces) = place.team.as_ref().and_then(|team| teams.get_mut(team)) {
                provinces.push(place.code);
            }
        }
    }
    Ok(teams)
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
    let text = serde_json::json!([row.name, row.office, row.active, row.home_province, roles]);
    hex::encode(&Sha256::digest(text.to_string())[..8])
}

/// How an account signs in at a provider; none where it does not.
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

/// Weighty roles of an account that wait for their second person, oldest first.
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

/// Active accounts that may do something everywhere, for saying who can.
///
/// # Errors
/// A store that fails.
pub async fn holders(db: &impl ConnectionTrait, act: Act) -> Result<Vec<account::Model>> {
    let roles: Vec<Role> = act.hands().iter().map(|(role, _)| *role).collect();
    let ids = role_grant::Entity::find().filter(role_grant::COLUMN.role.is_in(roles)).all(db).await?;
    active(db, ids.into_iter().map(|grant| grant.account_id)).await
}

/// Active accounts that may do something in a province, by an own or a lent role, for saying who can.
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
