//! Signing in and out, and the own password.

use chrono::{DateTime, Utc};
use entity::account;
use entity::stored::SessionKind;
use sea_orm::{DatabaseTransaction, EntityTrait};

use super::set_password;
use crate::audit;
use crate::ctx::{Actor, Ctx};
use crate::error::{Error, Problems, Refusal, Result};
use crate::identity::session::Token;
use crate::identity::throttle::Throttle;
use crate::identity::{password, queries, session};
use crate::store::Store;

/// Somebody who says who they are.
pub struct Attempt<'a> {
    /// What was typed as the account.
    pub login: &'a str,
    /// What was typed as the password.
    pub password: String,
    /// Address it came from.
    pub peer: &'a str,
    /// For a browser or a program.
    pub kind: SessionKind,
    /// The token that the browser held before: it must not live on where nobody can end it.
    pub replaces: Option<String>,
}

/// Signs in: one sentence for every cause of failure, and the same work.
///
/// # Errors
/// `account.sign_in`; `TooMany` after too many failures, whether there is such an account or not.
pub async fn sign_in(
    store: &Store,
    throttle: &Throttle,
    attempt: Attempt<'_>,
    now: DateTime<Utc>,
    system: DateTime<Utc>,
) -> Result<Token> {
    throttle.attempt(attempt.login, attempt.peer, system)?;
    let row =
        account::Entity::find_by_login(attempt.login.trim().to_lowercase()).one(store.db()).await?.filter(|a| a.active);
    let hash = row.as_ref().map(|a| a.password_hash.clone());
    let right = password::verify(attempt.password, hash).await?;
    let Some(row) = row.filter(|_| right) else {
        tracing::info!(peer = attempt.peer, "sign-in refused");
        let (login, peer) = (attempt.login, attempt.peer);
        store.write(async |tx| audit::refusals::refused(tx, now, system, login, peer).await).await?;
        return Err(Error::field("login", Refusal::new("account.sign_in")));
    };
    throttle.succeeded(attempt.login, attempt.peer);
    let staff = queries::staff(store.db(), &row).await?;
    let ctx = Ctx { actor: Actor::Staff(std::sync::Arc::new(staff)), now };
    store
        .write(async |tx| {
            // The password may have been changed, or the account suspended, while this one was looked at.
            let standing = account::Entity::find_by_id(row.id).one(tx).await?;
            if standing.as_ref() != Some(&row) {
                return Err(Error::field("login", Refusal::new("account.sign_in")));
            }
            if let Some(old) = &attempt.replaces {
                session::close(tx, old).await?;
            }
            let token = session::open(tx, row.id, attempt.kind, system).await?;
            let detail = serde_json::json!({ "kind": attempt.kind });
            audit::record(tx, &ctx, "identity.sign_in", &row.login, detail).await?;
            Ok(token)
        })
        .await
}

/// Signs out: the session of the token ends. Others of the same account go on.
///
/// # Errors
/// `Unauthenticated`.
pub async fn sign_out(tx: &DatabaseTransaction, ctx: &Ctx, token: &str) -> Result<()> {
    let login = ctx.staff()?.login.clone();
    session::close(tx, token).await?;
    audit::record(tx, ctx, "identity.sign_out", &login, serde_json::json!({})).await
}

/// Changes the own password; all sessions end, this one too.
///
/// # Errors
/// `Unauthenticated`; `Invalid`: the old password is wrong, the new one too weak or the same; `TooMany`: a stolen session
/// is no place for guessing the password either.
pub async fn change_password(
    store: &Store,
    throttle: &Throttle,
    ctx: &Ctx,
    old: String,
    new: String,
    (peer, system): (&str, DateTime<Utc>),
) -> Result<()> {
    let staff = ctx.staff()?;
    let row = account::Entity::find_by_id(staff.id).one(store.db()).await?.ok_or(Error::Unauthenticated)?;
    let mut problems = Problems::default();
    if let Err(Error::Invalid(errors)) = password::check("new", &row.login, &new) {
        errors.into_iter().for_each(|e| problems.add(e.field, e.refusal));
    }
    problems.check(old != new, "new", "password.same");
    throttle.attempt(&row.login, peer, system)?;
    if password::verify(old, Some(row.password_hash.clone())).await? {
        throttle.succeeded(&row.login, peer);
    } else {
        problems.add("old", Refusal::new("password.wrong"));
    }
    problems.finish()?;
    set_password(store, ctx, row, new, "identity.change_password").await
}
