//! Sessions: a random token in a cookie or an `Authorization` header. The store contains only the hash of the token. All instants
//! are system time.
//!
//! A session knows the stage of its sign-in. A session whose second factor is due, or still to be enrolled, is a ticket of ten
//! minutes. A ticket opens nothing but the further steps of the sign-in ([`super::extract::Entering`]). When the sign-in is
//! complete, the ticket ends and another token takes its place. So a token that was seen earlier never gains rights afterwards.

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

/// Precision of the last use. Not every request is a write.
pub const NOTED: TimeDelta = TimeDelta::minutes(1);
/// Lifetime of a ticket: the time for the further steps of a sign-in.
pub const TICKET: TimeDelta = TimeDelta::minutes(10);

/// Lifetime of sessions.
///
/// # Why
/// The defaults are half an hour without use and eight hours in total. A report with its evidence is written in less than half an
/// hour, and a working day fits into eight hours. A person who leaves a desk is signed out before the next person uses it.
/// Published guidance for two factors (NIST SP 800-63B, level 2) allows at most thirty minutes and twelve hours. Settings allow
/// up to an hour and a day, for sites that answer for it themselves. The minimum is five minutes, because nobody could fill in a
/// form in less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest time between two uses of a session.
    pub idle: TimeDelta,
    /// Longest time from the sign-in to the end of the session.
    pub absolute: TimeDelta,
}

impl Limits {
    /// The limits from settings: minutes without use, and hours in total.
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

    /// Seconds until a session that is used now ends by itself.
    #[must_use]
    pub fn left(self, session: &session::Model, system: DateTime<Utc>) -> i64 {
        // The use is noted to the minute, so the warning may come early, which is better than late.
        (session.seen_at + self.idle).min(session.expires_at).signed_duration_since(system).num_seconds()
    }
}

/// Token that a browser or program holds.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A fresh random token.
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

/// Hash of a token (SHA-256, hexadecimal), as the store keeps it.
#[must_use]
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// Session that is to be opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Account that owns the session.
    pub account: AccountId,
    /// Kind of the session: in a browser or a program.
    pub kind: SessionKind,
    /// Stage of the sign-in.
    pub stage: SessionStage,
    /// Browser of the session in words ([`super::devices::browser_of`]).
    pub browser: String,
    /// Instant at which the password, or a provider's proof in its place, was shown.
    pub password_at: DateTime<Utc>,
    /// Instant at which a second factor was shown; without a factor, the same as `password_at`.
    pub factor_at: DateTime<Utc>,
}

/// Session that was opened.
#[derive(Clone)]
pub struct Opened {
    /// Token of the session, handed out only once.
    pub token: Token,
    /// Account that owns the session.
    pub account: AccountId,
    /// Stage of the sign-in.
    pub stage: SessionStage,
    /// Instant at which the session ends at the latest.
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

/// Replaces a session by a complete one under another token. The holder has just shown or enrolled a second factor.
///
/// # Errors
/// `Unauthenticated` where the old session has ended in the meantime.
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

/// Proofs that were shown in a reauthentication.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown {
    /// Whether the password was shown.
    pub password: bool,
    /// Whether a second factor was shown.
    pub factor: bool,
}

/// Gives a complete session another token after a reauthentication. The session ends no later than before.
///
/// # Errors
/// `Unauthenticated` where the session has ended in the meantime.
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

/// Ends a session. The call is idempotent.
///
/// # Errors
/// A store that fails.
pub async fn close(tx: &DatabaseTransaction, token: &str) -> Result<()> {
    session::Entity::delete_by_id(hash(token)).exec(tx).await?;
    Ok(())
}

/// Ends every session of an account, after a change of password, roles or state.
///
/// # Errors
/// A store that fails.
pub async fn close_all(tx: &DatabaseTransaction, account: AccountId) -> Result<()> {
    close_others(tx, account, "").await.map(|_| ())
}

/// Ends every session of an account except one, and returns their number.
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
