//! Queries for the account behind a session.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::stored::{Scope, SessionKind};
use entity::{account, role_grant, session};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::session::{Limits, NOTED, hash};
use crate::base::clock::is_recent;
use crate::base::ctx::{Grant, Staff};
use crate::base::error::Result;
use crate::base::main_store::{Changes, Main};
use crate::programme;

/// Session with the member of staff to whom it belongs.
#[derive(Clone)]
pub struct Bearer {
    /// Member of staff to whom the session belongs.
    pub staff: Arc<Staff>,
    /// The session, with the present use noted.
    pub session: session::Model,
}

/// The account and the session of a token, at any stage of signing in; none where the session has ended or the account is
/// suspended. The use is noted, to the minute.
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
        // A session that was opened under a clock that was ahead must not last longer for that.
        row.expires_at = row.expires_at.min(system + limits.absolute);
        let noted = session::Entity::update_many()
            .col_expr(session::Column::SeenAt, Expr::value(system))
            .col_expr(session::Column::ExpiresAt, Expr::value(row.expires_at))
            .filter(session::COLUMN.token_hash.eq(&row.token_hash));
        // A session that has ended since it was read is not brought back.
        if store.write(Changes::Internal, async |tx| Ok(noted.exec(tx).await?)).await?.rows_affected == 0 {
            return Ok(None);
        }
        row.seen_at = system;
    }
    Ok(Some(Bearer { staff: Arc::new(staff(store.db(), &account).await?), session: row }))
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

/// The provinces of each of these teams.
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
