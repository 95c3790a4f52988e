//! Proving to be who one says: by password, code or passkey. Wrong ones slow further ones down, whatever they are.

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

/// What somebody shows.
pub enum Proof {
    /// The password.
    Password(String),
    /// A code of the identity, or a recovery code.
    Code(String),
    /// The answer of a passkey, as JSON.
    Passkey(String),
}

impl Proof {
    /// What it is, on record.
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
/// `Invalid` for its field; `TooMany`.
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
        // The password before it was counted as well, and not taken back: who knows only the password must not clear
        // the count of guessed codes by sending it again.
        authentication.throttle.succeeded(who, holder.peer);
    }
    Ok(())
}

/// The hash of the password with which an account signs in here; none where it does so otherwise.
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
    // By itself, so that a wrong answer takes the question away too.
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

/// Asks one of the account's passkeys to show that it is there.
///
/// # Errors
/// `account.no_passkey`; `Unauthenticated` where the session has ended.
pub async fn ask_passkey(authentication: &Authentication, ctx: &Ctx, holder: Holder<'_>) -> Result<Value> {
    let held = Factors::of(authentication.main.db(), holder.staff.id).await?.passkeys;
    if held.is_empty() {
        return Err(Error::conflict("account.no_passkey"));
    }
    let (asked, question) = authentication.passkeys.ask_known(&held)?;
    let system = ctx.system;
    authentication
        .main
        .write(Changes::Internal, async |tx| passkeys::lay(tx, holder.session, question, system).await)
        .await?;
    Ok(asked)
}
