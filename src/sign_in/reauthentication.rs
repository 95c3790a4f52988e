//! Checks of proofs of identity: password, code or passkey. Every wrong proof slows down the next attempts, of any kind.

use entity::stored::SessionStage;
use entity::{account, passkey};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::Value;

use super::second_factor::commands::Holder;
use super::second_factor::{Factors, passkeys, recovery, totp};
use super::{known_device, password};
use crate::audit;
use crate::base::ctx::{Ctx, Staff};
use crate::base::error::{Error, Refusal, Result};
use crate::base::main_store::Changes;
use crate::sign_in::Authentication;

/// Proof of identity.
pub enum Proof {
    /// Password of the account.
    Password(String),
    /// One-time code of an authenticator app, or a recovery code.
    Code(String),
    /// Answer of a passkey, as JSON.
    Passkey(String),
}

impl Proof {
    /// Name of the kind of proof in the audit trail.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Password(_) => "password",
            Self::Code(_) => "code",
            Self::Passkey(_) => "passkey",
        }
    }
}

/// Checks a proof.
///
/// # Errors
/// `Invalid` for the field of the proof; `TooMany`.
pub async fn prove(authentication: &Authentication, ctx: &Ctx, holder: Holder<'_>, proof: Proof) -> Result<()> {
    let login = &holder.staff.login;
    let who = known_device::who(authentication, login, holder.device).await?;
    authentication.throttle.attempt(who, holder.peer, ctx.system)?;
    let (is_right, field, refusal) = match proof {
        Proof::Password(typed) => (is_password(authentication, holder, typed).await?, "password", "password.wrong"),
        Proof::Code(typed) => (is_code(authentication, ctx, holder, &typed).await?, "code", "account.code"),
        Proof::Passkey(answer) => {
            (is_passkey(authentication, ctx, holder, &answer).await?, "credential", "account.passkey")
        }
    };
    if !is_right {
        tracing::info!(peer = holder.peer, field, "proof refused");
        audit::refusals::note(&authentication.main, ctx, login, holder.peer).await?;
        return Err(Error::field(field, Refusal::new(refusal)));
    }
    let has_factor = Factors::of(authentication.main.db(), holder.staff.id).await?.count() > 0;
    if holder.session.stage == SessionStage::Complete && has_factor {
        // One right proof of two must not clear the count of guesses at the other.
        authentication.throttle.taken_back(who, holder.peer);
        return Ok(());
    }
    authentication.throttle.succeeded(who, holder.peer);
    if holder.session.stage == SessionStage::Factor {
        // The password before the code was counted as well, and its attempt was not taken back. So a person who knows only the
        // password cannot clear the count of guessed codes by sending the password again.
        authentication.throttle.succeeded(who, holder.peer);
    }
    Ok(())
}

/// The hash of the password with which an account signs in here; none where the account has no password or may not use one.
///
/// # Errors
/// A store that fails.
pub async fn password_hash(authentication: &Authentication, staff: &Staff) -> Result<Option<String>> {
    if authentication.check_local(&staff.login).is_err() {
        return Ok(None);
    }
    let row = account::Entity::find_by_id(staff.id).one(authentication.main.db()).await?;
    Ok(row.map(|row| row.password_hash).filter(|hash| !hash.is_empty()))
}

async fn is_password(authentication: &Authentication, holder: Holder<'_>, typed: String) -> Result<bool> {
    password::verify(typed, password_hash(authentication, holder.staff).await?).await
}

async fn is_code(authentication: &Authentication, ctx: &Ctx, holder: Holder<'_>, typed: &str) -> Result<bool> {
    let (account, system) = (holder.staff.id, ctx.system);
    let work = async |tx: &DatabaseTransaction| {
        Ok(totp::accept(tx, &authentication.keys, account, typed, system).await?
            || recovery::accept(tx, &authentication.keys, account, typed).await?)
    };
    authentication.main.write(Changes::Internal, work).await
}

async fn is_passkey(authentication: &Authentication, ctx: &Ctx, holder: Holder<'_>, answer: &str) -> Result<bool> {
    let (account, system) = (holder.staff.id, ctx.system);
    // A write of its own, so that a wrong answer removes the challenge too.
    let asked = authentication
        .main
        .write(Changes::Internal, async |tx| passkeys::take(tx, holder.session, system).await)
        .await?;
    let Some(question) = asked else {
        return Ok(false);
    };
    let held = Factors::of(authentication.main.db(), account).await?.passkeys;
    let Some((id_hash, changed)) = authentication.passkeys.known_one(&question, answer, &held)? else {
        return Ok(false);
    };
    let work = async |tx: &DatabaseTransaction| {
        let mut update = passkey::Entity::update_many().col_expr(passkey::Column::UsedAt, Expr::value(system));
        if let Some(credential) = changed {
            update = update.col_expr(passkey::Column::Credential, Expr::value(credential));
        }
        let noted = update
            .filter(passkey::COLUMN.id_hash.eq(&id_hash))
            .filter(passkey::COLUMN.account_id.eq(account))
            .exec(tx)
            .await?;
        Ok(noted.rows_affected == 1)
    };
    authentication.main.write(Changes::Internal, work).await
}

/// Asks for an answer of one of the account's passkeys.
///
/// # Errors
/// `account.no_passkey`; `Unauthenticated` where the session has ended.
pub async fn ask_passkey(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    authentication: &Authentication,
    holder: Holder<'_>,
) -> Result<Value> {
    let held = Factors::of(tx, holder.staff.id).await?.passkeys;
    if held.is_empty() {
        return Err(Error::conflict("account.no_passkey"));
    }
    let (asked, question) = authentication.passkeys.ask_known(&held)?;
    passkeys::lay(tx, holder.session, question, ctx.system).await?;
    Ok(asked)
}
