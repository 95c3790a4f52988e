//! Sessions: a random token in a cookie or an `Authorization` header, only its hash in the store. System time.
//!
//! A session knows how far signing in has come. One whose second factor is due, or still to be enrolled, is a ticket of ten
//! minutes: it opens nothing but the rest of signing in ([`super::extract::Entering`]). What was a ticket ends when signing in
//! is complete, and another token takes its place, so that none that anybody saw before is good for more afterwards.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::id::AccountId;
use entity::session;
use entity::stored::{SessionKind, SessionStage};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};

use crate::base::error::{Error, Result};
use crate::base::keys;

/// How finely the last use is noted: not every request is a write.
pub const NOTED: TimeDelta = TimeDelta::minutes(1);
/// How long the rest of signing in may take.
pub const TICKET: TimeDelta = TimeDelta::minutes(10);

/// How long sessions last.
///
/// # Why
/// Half an hour without use, eight hours at all: a report with its evidence is written in less than the one, a working day
/// fits into the other, and who walks away from a desk is out before the next one sits down. Published guidance for two
/// factors (NIST SP 800-63B, level 2) allows no more than thirty minutes and twelve hours; settings go up to an hour and
/// a day for sites that answer for it themselves, and not below five minutes, in which nobody could fill in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A session ends this long after its last use …
    pub idle: TimeDelta,
    /// … and this long after sign-in at the latest.
    pub absolute: TimeDelta,
}

impl Limits {
    /// From settings: minutes without use, hours at all.
    ///
    /// # Errors
    /// Numbers out of bounds.
    pub fn of(minutes: Option<i64>, hours: Option<i64>) -> Result<Self> {
        let within = |name: &str, given: i64, least: i64, most: i64| {
            let refused = || Error::Internal(format!("{name} is {given}; from {least} to {most} is wanted"));
            (least..=most).contains(&given).then_some(given).ok_or_else(refused)
        };
        Ok(Self {
            idle: TimeDelta::minutes(within("session_minutes", minutes.unwrap_or(30), 5, 60)?),
            absolute: TimeDelta::hours(within("session_hours", hours.unwrap_or(8), 1, 24)?),
        })
    }

    /// The seconds until a session that is used now ends by itself.
    #[must_use]
    pub fn left(self, session: &session::Model, system: DateTime<Utc>) -> i64 {
        // Use is noted to the minute; an early warning is better than a late one.
        (session.seen_at + self.idle).min(session.expires_at).signed_duration_since(system).num_seconds()
    }
}

/// What the browser or program holds.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A fresh one.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn random() -> Result<Self> {
        Ok(Self(URL_SAFE_NO_PAD.encode(keys::random::<32>()?)))
    }

    /// The token as text, for the answer that hands it out.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// What the store keeps of a token.
#[must_use]
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Whose.
    pub account: AccountId,
    /// In a browser or a program.
    pub kind: SessionKind,
    /// How far signing in has come.
    pub stage: SessionStage,
    /// The browser in words ([`super::devices::browser_of`]).
    pub browser: String,
    /// When the password was shown, or what a provider took in its place.
    pub password_at: DateTime<Utc>,
    /// When a second factor was shown; where there is none, as the password.
    pub factor_at: DateTime<Utc>,
}

/// A session that was opened.
#[derive(Clone)]
pub struct Opened {
    /// Handed out this once.
    pub token: Token,
    /// Whose.
    pub account: AccountId,
    /// How far signing in has come.
    pub stage: SessionStage,
    /// When it ends at the latest.
    pub expires: DateTime<Utc>,
}

/// Opens a session.
///
/// # Errors
/// A store that fails.
pub async fn open(tx: &DatabaseTransaction, opening: Opening, limits: Limits, system: DateTime<Utc>) -> Result<Opened> {
    let token = Token::random()?;
    let lasts = if opening.stage == SessionStage::Complete { limits.absolute } else { TICKET };
    let row = session::ActiveModel {
        token_hash: Set(hash(&token.0)),
        account_id: Set(opening.account),
        kind: Set(opening.kind),
        stage: Set(opening.stage),
        browser: Set(opening.browser),
        created_at: Set(system),
        seen_at: Set(system),
        expires_at: Set(system + lasts),
        password_at: Set(opening.password_at),
        factor_at: Set(opening.factor_at),
        ceremony: Set(None),
        pending_totp: Set(None),
    };
    session::Entity::insert(row).exec_without_returning(tx).await?;
    session::Entity::delete_many().filter(session::COLUMN.expires_at.lt(system)).exec(tx).await?;
    Ok(Opened { token, account: opening.account, stage: opening.stage, expires: system + lasts })
}

/// Puts a complete session in the place of another one, whose holder has just shown or enrolled a second factor, under another
/// token.
///
/// # Errors
/// `Unauthenticated` where the other one has ended in the meantime.
pub async fn replace(
    tx: &DatabaseTransaction,
    old: &session::Model,
    limits: Limits,
    system: DateTime<Utc>,
) -> Result<Opened> {
    let ended = session::Entity::delete_by_id(&old.token_hash).exec(tx).await?;
    if ended.rows_affected != 1 {
        return Err(Error::Unauthenticated);
    }
    let opening = Opening {
        account: old.account_id,
        kind: old.kind,
        stage: SessionStage::Complete,
        browser: old.browser.clone(),
        password_at: old.password_at,
        factor_at: system,
    };
    open(tx, opening, limits, system).await
}

/// What was shown by a fresh proof of presence.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown {
    /// The password.
    pub password: bool,
    /// A second factor.
    pub factor: bool,
}

/// Gives a complete session another token, after a fresh proof of presence. It ends no later for that.
///
/// # Errors
/// `Unauthenticated` where it has ended in the meantime.
pub async fn renew(
    tx: &DatabaseTransaction,
    old: &session::Model,
    shown: Shown,
    system: DateTime<Utc>,
) -> Result<Opened> {
    let token = Token::random()?;
    let at = |is_shown: bool, before| if is_shown { system } else { before };
    let renewed = session::Entity::update_many()
        .col_expr(session::Column::TokenHash, Expr::value(hash(&token.0)))
        .col_expr(session::Column::PasswordAt, Expr::value(at(shown.password, old.password_at)))
        .col_expr(session::Column::FactorAt, Expr::value(at(shown.factor, old.factor_at)))
        .filter(session::COLUMN.token_hash.eq(&old.token_hash))
        .filter(session::COLUMN.stage.eq(SessionStage::Complete))
        .exec(tx)
        .await?;
    if renewed.rows_affected != 1 {
        return Err(Error::Unauthenticated);
    }
    Ok(Opened { token, account: old.account_id, stage: SessionStage::Complete, expires: old.expires_at })
}

/// Ends a session. Ending one that is not there is fine.
///
/// # Errors
/// A store that fails.
pub async fn close(tx: &DatabaseTransaction, token: &str) -> Result<()> {
    session::Entity::delete_by_id(hash(token)).exec(tx).await?;
    Ok(())
}

/// Ends every session of an account: after a change of password, roles or state.
///
/// # Errors
/// A store that fails.
pub async fn close_all(tx: &DatabaseTransaction, account: AccountId) -> Result<()> {
    close_others(tx, account, "").await.map(|_| ())
}

/// Ends every session of an account but one, and says how many.
///
/// # Errors
/// A store that fails.
pub async fn close_others(tx: &DatabaseTransaction, account: AccountId, token_hash: &str) -> Result<u64> {
    let ended = session::Entity::delete_many()
        .filter(session::COLUMN.account_id.eq(account))
        .filter(session::COLUMN.token_hash.ne(token_hash))
        .exec(tx)
        .await?;
    Ok(ended.rows_affected)
}
