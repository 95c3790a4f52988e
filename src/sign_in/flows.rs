//! Flows of signing in: password, second factor, change of the caller's own password. A flow opens its transactions itself,
//! because hashing a password takes too long for a transaction, and because a refused attempt is counted and recorded.

use entity::stored::{SessionKind, SessionStage};
use entity::{account, invitation};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait};
use serde_json::json;

use super::commands::passwords::set_password;
use super::commands::signing::{SessionEntry, enter};
use super::queries::staff;
use super::reauthentication::{Proof, prove};
use super::second_factor::commands::Holder;
use super::session::{self, Opened};
use super::{Authentication, known_device, login, password};
use crate::audit;
use crate::base::ctx::{Actor, Ctx};
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::base::main_store::Changes;

/// Attempt to sign in with a password.
pub struct Attempt<'a> {
    /// Text that was typed as the account.
    pub login: &'a str,
    /// Text that was typed as the password.
    pub password: String,
    /// Network that the attempt comes from, for limits.
    pub peer: &'a str,
    /// Device cookie, by which the account may know the browser ([`known_device`]).
    pub device: Option<&'a str>,
    /// Kind of the session: for a browser or a program.
    pub kind: SessionKind,
    /// Browser of the attempt in words.
    pub browser: String,
    /// Token that the browser held before. Its session ends, because nobody could end it later.
    pub replaces: Option<String>,
}

/// Signs in as far as a password goes. The stage of the session says which step is due. Every cause of failure gives the same
/// refusal and takes the same work.
///
/// # Errors
/// `account.sign_in`; `TooMany` after too many failures, whether there is such an account or not.
pub async fn sign_in(authentication: &Authentication, ctx: &Ctx, attempt: Attempt<'_>) -> Result<Opened> {
    let (store, system) = (&authentication.main, ctx.system);
    authentication.check_local(attempt.login)?;
    let who = known_device::who(authentication, attempt.login, attempt.device).await?;
    authentication.throttle.attempt(who, attempt.peer, system)?;
    let refused = || Error::field("login", Refusal::new("account.sign_in"));
    let row = account::Entity::find_by_login(login(attempt.login)).one(store.db()).await?.filter(|a| a.active);
    let hash = row.as_ref().map(|a| a.password_hash.clone());
    let right = password::verify(attempt.password.clone(), hash).await?;
    let Some(row) = row.filter(|_| right) else {
        tracing::info!(peer = attempt.peer, "sign-in refused");
        audit::refusals::note(store, ctx, attempt.login, attempt.peer).await?;
        return Err(refused());
    };
    let renewed = match password::is_outdated(&row.password_hash) {
        true => Some(password::hash(attempt.password).await?),
        false => None,
    };
    let staff = staff(store.db(), &row).await?;
    let ctx = ctx.by(Actor::Staff(std::sync::Arc::new(staff)));
    let work = async |tx: &DatabaseTransaction| {
        // The password may have been changed, or the account suspended, while the password was checked.
        let standing = account::Entity::find_by_id(row.id).one(tx).await?;
        if standing.as_ref() != Some(&row) {
            return Err(refused());
        }
        if let Some(hash) = renewed {
            account::ActiveModel { id: Set(row.id), password_hash: Set(hash), ..Default::default() }.update(tx).await?;
        }
        if let Some(old) = &attempt.replaces {
            session::close(tx, old).await?;
        }
        let entry = SessionEntry {
            kind: attempt.kind,
            browser: attempt.browser,
            provider: None,
            proved_factor: false,
            proved_at: ctx.system,
        };
        enter(tx, &ctx, authentication, &row, entry).await
    };
    let opened = store.write(Changes::Internal, work).await?;
    // Where a code is still due, the count of failures stays: see `prove`.
    if opened.stage != SessionStage::Factor {
        authentication.throttle.succeeded(who, attempt.peer);
    }
    Ok(opened)
}

/// Completes a sign-in by a second factor. The session gets another token.
///
/// # Errors
/// As [`prove`]; `Unauthenticated` where the session has ended.
pub async fn complete(authentication: &Authentication, ctx: &Ctx, holder: Holder<'_>, proof: Proof) -> Result<Opened> {
    if holder.session.stage != SessionStage::Factor || matches!(proof, Proof::Password(_)) {
        return Err(Error::Unauthenticated);
    }
    let by = proof.name();
    prove(authentication, ctx, holder, proof).await?;
    let system = ctx.system;
    let work = async |tx: &DatabaseTransaction| {
        let opened = session::replace(tx, holder.session, authentication.sessions, system).await?;
        let detail = json!({ "kind": holder.session.kind, "by": by });
        audit::record(tx, ctx, "identity.sign_in", &holder.staff.login, detail).await?;
        Ok(opened)
    };
    authentication.main.write(Changes::Internal, work).await
}

/// Changes the caller's own password and ends all sessions of the account, this one too.
///
/// # Errors
/// `Unauthenticated`; `Invalid`: the old password is wrong, the new one too weak or the same; `TooMany`: guesses are limited here
/// as well, so that a stolen session does not help to guess the password.
pub async fn change_password(
    authentication: &Authentication,
    ctx: &Ctx,
    holder: Holder<'_>,
    old: String,
    new: String,
) -> Result<()> {
    let (store, peer) = (&authentication.main, holder.peer);
    let row = account::Entity::find_by_id(holder.staff.id).one(store.db()).await?.ok_or(Error::Unauthenticated)?;
    let mut problems = Problems::default();
    if let Err(Error::Invalid(errors)) =
        password::check(&authentication.blocklist, "new", &[&row.login, &row.name, &row.office], &new)
    {
        errors.into_iter().for_each(|e| problems.add(e.field, e.refusal));
    }
    problems.check(old != new, "new", "password.same");
    let who = known_device::who(authentication, &row.login, holder.device).await?;
    authentication.throttle.attempt(who, peer, ctx.system)?;
    if password::verify(old, Some(row.password_hash.clone())).await? {
        authentication.throttle.succeeded(who, peer);
    } else {
        audit::refusals::note(store, ctx, &row.login, peer).await?;
        problems.add("old", Refusal::new("password.wrong"));
    }
    problems.finish()?;
    let hash = password::hash(new).await?;
    let work = async |tx: &DatabaseTransaction| {
        invitation::Entity::delete_by_id(row.id).exec(tx).await?;
        set_password(tx, row.id, hash).await?;
        audit::record(tx, ctx, "identity.change_password", &row.login, json!({})).await
    };
    store.write(Changes::Internal, work).await
}
