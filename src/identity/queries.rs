//! Who somebody is.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::stored::{Role, Scope, SessionKind};
use entity::{account, invitation, role_grant, role_proposal, session, sign_on_link};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use sha2::{Digest, Sha256};

use super::delegating;
use super::session::{Limits, NOTED, hash};
use crate::base::access::Act;
use crate::base::clock::is_recent;
use crate::base::ctx::{Grant, Staff};
use crate::base::error::Result;
use crate::base::main_store::{Changes, Main};
use crate::programme;

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
    store: &Main,
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
    if !is_recent(row.seen_at, NOTED, system) {
        // Opened under a clock that was ahead, it lasts no longer for that.
        row.expires_at = row.expires_at.min(system + limits.absolute);
        let noted = session::Entity::update_many()
            .col_expr(session::Column::SeenAt, Expr::value(system))
            .col_expr(session::Column::ExpiresAt, Expr::value(row.expires_at))
            .filter(session::COLUMN.token_hash.eq(&row.token_hash));
        // Ended since it was read, it is not brought back.
        if store.write(Changes::Internal, async |tx| Ok(noted.exec(tx).await?)).await?.rows_affected == 0 {
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

/// Weighty roles of all accounts that wait for their second person, oldest first.
///
/// # Errors
/// A store that fails.
pub async fn all_proposals(db: &impl ConnectionTrait) -> Result<Vec<role_proposal::Model>> {
    let waiting = role_proposal::Entity::find().filter(role_proposal::COLUMN.decided_at.is_null());
    Ok(waiting.order_by_asc(role_proposal::COLUMN.id).all(db).await?)
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
