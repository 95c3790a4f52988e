//! Enrolment and removal of second factors.

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::stored::SessionStage;
use entity::{passkey, session, totp};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::totp::Secret;
use super::{Factors, passkeys, recovery};
use crate::audit;
use crate::base::ctx::{Ctx, Staff};
use crate::base::error::{Error, OnDuplicate, Refusal, Result};
use crate::sign_in::Authentication;
use crate::sign_in::session::{Opened, close_others, hash, replace};

/// Person, session and client that prove or enrol something.
#[derive(Clone, Copy)]
pub struct Holder<'a> {
    /// Member of staff to whom the session belongs.
    pub staff: &'a Staff,
    /// Session of the request.
    pub session: &'a session::Model,
    /// Network of the client, for limits.
    pub peer: &'a str,
    /// Device cookie, by which the account may know the browser, for limits ([`crate::sign_in::known_device`]).
    pub device: Option<&'a str>,
}

/// Outcome of an enrolment.
pub struct Enrolled {
    /// Recovery codes, shown only once; given with the first factor only.
    pub codes: Vec<String>,
    /// Session that the enrolment completed; none where the person was signed in before.
    pub session: Option<Opened>,
}

/// Secret for one-time codes that waits for its first code.
pub struct Pending {
    /// Secret as text, for typing it in.
    pub text: String,
    /// Secret as an `otpauth:` address, for scanning it.
    pub address: String,
}

/// Puts a fresh secret for one-time codes into the session. The secret belongs to the session and not to the account: nobody else
/// has seen it.
///
/// # Errors
/// `Unauthenticated` where the session has ended.
pub async fn begin_totp(
    tx: &DatabaseTransaction,
    authentication: &Authentication,
    holder: Holder<'_>,
) -> Result<Pending> {
    let secret = Secret::random()?;
    let sealed = secret.seal(&authentication.keys, holder.staff.id)?;
    put_pending(tx, &holder.session.token_hash, sealed).await?;
    shown(&secret, holder.staff)
}

/// As [`begin_totp`], for a session that was just opened only for enrolment.
///
/// # Errors
/// A store that fails.
pub async fn lay_first(
    tx: &DatabaseTransaction,
    authentication: &Authentication,
    account: AccountId,
    opened: &Opened,
) -> Result<()> {
    let sealed = Secret::random()?.seal(&authentication.keys, account)?;
    put_pending(tx, &hash(opened.token.reveal()), sealed).await
}

async fn put_pending(tx: &DatabaseTransaction, token_hash: &str, sealed: String) -> Result<()> {
    let laid = session::Entity::update_many()
        .col_expr(session::Column::PendingTotp, Expr::value(sealed))
        .filter(session::COLUMN.token_hash.eq(token_hash))
        .exec(tx)
        .await?;
    if laid.rows_affected == 1 { Ok(()) } else { Err(Error::Unauthenticated) }
}

/// Removes the waiting secret, and notes that the holder has just shown a second factor by enrolling it.
async fn settle(tx: &DatabaseTransaction, token_hash: &str, system: DateTime<Utc>) -> Result<()> {
    let settled = session::Entity::update_many()
        .col_expr(session::Column::PendingTotp, Expr::value(None::<String>))
        .col_expr(session::Column::FactorAt, Expr::value(system))
        .filter(session::COLUMN.token_hash.eq(token_hash))
        .exec(tx)
        .await?;
    if settled.rows_affected == 1 { Ok(()) } else { Err(Error::Unauthenticated) }
}

/// The secret that waits in the session; none where none waits.
///
/// # Errors
/// A secret that does not open.
pub fn pending(authentication: &Authentication, holder: Holder<'_>) -> Result<Option<Pending>> {
    let Some(sealed) = &holder.session.pending_totp else {
        return Ok(None);
    };
    let secret = Secret::unseal(&authentication.keys, holder.staff.id, sealed)?;
    shown(&secret, holder.staff).map(Some)
}

fn shown(secret: &Secret, staff: &Staff) -> Result<Pending> {
    Ok(Pending { text: secret.text()?, address: secret.address(&staff.login)? })
}

/// Enrols the secret that waits, in place of an earlier one. Its first code shows that the authenticator app has the secret.
///
/// # Errors
/// `account.code` for the field; `account.no_pending` where no secret waits; `Unauthenticated` where the session has ended, or
/// another session enrolled first.
pub async fn enrol_totp(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    authentication: &Authentication,
    holder: Holder<'_>,
    code: &str,
) -> Result<Enrolled> {
    let system = ctx.system;
    let account = holder.staff.id;
    let sealed = holder.session.pending_totp.as_ref().ok_or_else(|| Error::conflict("account.no_pending"))?;
    let step = Secret::unseal(&authentication.keys, account, sealed)?.step(code, system)?;
    let step = step.ok_or_else(|| Error::field("code", Refusal::new("account.code")))?;
    let before = still(tx, holder).await?;
    totp::Entity::delete_by_id(account).exec(tx).await?;
    let row = totp::ActiveModel {
        account_id: Set(account),
        secret: Set(sealed.clone()),
        last_step: Set(step),
        made_at: Set(system),
    };
    totp::Entity::insert(row).exec_without_returning(tx).await?;
    enrolled(tx, ctx, authentication, holder, (&before, json!({ "factor": "totp" }))).await
}

/// Asks the browser for a new passkey.
///
/// # Errors
/// `Unauthenticated` where the session has ended.
pub async fn begin_passkey(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    authentication: &Authentication,
    holder: Holder<'_>,
) -> Result<Value> {
    let held = Factors::of(tx, holder.staff.id).await?.passkeys;
    let (asked, question) = authentication.passkeys.ask_new(&authentication.keys, holder.staff, &held)?;
    passkeys::lay(tx, holder.session, question, ctx.system).await?;
    Ok(asked)
}

/// Passkey that a browser made and that was checked.
pub struct NewPasskey {
    /// Hash of the credential's identifier.
    pub id_hash: String,
    /// Name by which the holder knows the passkey.
    pub name: String,
    /// Credential as JSON, sealed by the key of the site.
    pub credential: String,
}

/// Enrols a checked passkey.
///
/// # Errors
/// `account.passkey` for a passkey that is enrolled already; `Unauthenticated` where the session has ended, or another session
/// enrolled first.
pub async fn put_passkey(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    authentication: &Authentication,
    holder: Holder<'_>,
    new: NewPasskey,
) -> Result<Enrolled> {
    let before = still(tx, holder).await?;
    let row = passkey::ActiveModel {
        id_hash: Set(new.id_hash),
        account_id: Set(holder.staff.id),
        name: Set(new.name),
        credential: Set(new.credential),
        made_at: Set(ctx.system),
        used_at: Set(None),
    };
    let taken = Error::field("credential", Refusal::new("account.passkey"));
    passkey::Entity::insert(row).exec_without_returning(tx).await.on_duplicate(taken)?;
    enrolled(tx, ctx, authentication, holder, (&before, json!({ "factor": "passkey" }))).await
}

/// The factors of the account, where the session may still enrol: the session has not ended, and no other session has enrolled a
/// first factor since the password was checked.
async fn still(tx: &DatabaseTransaction, holder: Holder<'_>) -> Result<Factors> {
    let factors = Factors::of(tx, holder.staff.id).await?;
    let standing = session::Entity::find_by_id(&holder.session.token_hash).one(tx).await?;
    let overtaken = holder.session.stage != SessionStage::Complete && factors.count() > 0;
    if standing.is_none() || overtaken { Err(Error::Unauthenticated) } else { Ok(factors) }
}

/// Consequences of every enrolment: the first factor brings recovery codes, all other sessions end, and an unfinished sign-in is
/// complete.
async fn enrolled(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    authentication: &Authentication,
    holder: Holder<'_>,
    (before, detail): (&Factors, Value),
) -> Result<Enrolled> {
    let (account, system) = (holder.staff.id, ctx.system);
    let codes =
        if before.count() == 0 { recovery::renew(tx, &authentication.keys, account).await? } else { Vec::new() };
    close_others(tx, account, &holder.session.token_hash).await?;
    let session = if holder.session.stage == SessionStage::Complete {
        settle(tx, &holder.session.token_hash, system).await?;
        None
    } else {
        Some(replace(tx, holder.session, authentication.sessions, system).await?)
    };
    audit::record(tx, ctx, "identity.enrol_factor", &holder.staff.login, detail).await?;
    if session.is_some() {
        let detail = json!({ "kind": holder.session.kind });
        audit::record(tx, ctx, "identity.sign_in", &holder.staff.login, detail).await?;
    }
    Ok(Enrolled { codes, session })
}

/// Factor that is to be removed.
#[derive(Clone, Copy, Debug)]
pub enum Factor<'a> {
    /// One-time codes (TOTP).
    Totp,
    /// Passkey, by the hash of its id.
    Passkey(&'a str),
}

/// Removes one of the caller's own factors; all other sessions end.
///
/// # Errors
/// `NotFound`; `account.last_factor` where the site demands a factor and this is the last one.
pub async fn remove(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    authentication: &Authentication,
    holder: Holder<'_>,
    factor: Factor<'_>,
) -> Result<()> {
    let account = holder.staff.id;
    let before = still(tx, holder).await?;
    let (found, kind) = match factor {
        Factor::Totp => (before.totp.is_some(), "totp"),
        Factor::Passkey(id_hash) => (before.passkeys.iter().any(|row| row.id_hash == id_hash), "passkey"),
    };
    if !found {
        return Err(Error::NotFound("page"));
    }
    if before.count() == 1 && authentication.demands_second_factor {
        return Err(Error::conflict("account.last_factor"));
    }
    match factor {
        Factor::Totp => totp::Entity::delete_by_id(account).exec(tx).await?,
        Factor::Passkey(id_hash) => passkey::Entity::delete_by_id(id_hash).exec(tx).await?,
    };
    if before.count() == 1 {
        recovery::forget(tx, account).await?;
    }
    close_others(tx, account, &holder.session.token_hash).await?;
    audit::record(tx, ctx, "identity.remove_factor", &holder.staff.login, json!({ "factor": kind })).await
}

/// Replaces the recovery codes that are left by new ones.
///
/// # Errors
/// `account.no_factor` where the account has no factor.
pub async fn renew_codes(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    authentication: &Authentication,
    holder: Holder<'_>,
) -> Result<Vec<String>> {
    if still(tx, holder).await?.count() == 0 {
        return Err(Error::conflict("account.no_factor"));
    }
    let codes = recovery::renew(tx, &authentication.keys, holder.staff.id).await?;
    audit::record(tx, ctx, "identity.renew_codes", &holder.staff.login, json!({})).await?;
    Ok(codes)
}

/// Removes all factors of an account.
///
/// # Errors
/// A store that fails.
pub async fn forget(tx: &DatabaseTransaction, account: AccountId) -> Result<()> {
    totp::Entity::delete_by_id(account).exec(tx).await?;
    passkey::Entity::delete_many().filter(passkey::COLUMN.account_id.eq(account)).exec(tx).await?;
    recovery::forget(tx, account).await
}
