//! A session: a browser or program that is signed in, or is signing in. All instants are system time, not programme time.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;
use crate::stored::{SessionKind, SessionStage};

/// A session: a browser or program that is signed in, or is signing in. All instants are system time, not programme time.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// SHA-256 of the token, hexadecimal; the token itself is not stored.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// Account that owns the session.
    pub account_id: AccountId,
    /// Way in which the token travels: cookie or bearer.
    pub kind: SessionKind,
    /// Stage of signing in that the session has reached.
    pub stage: SessionStage,
    /// Browser and system in words, such as `Chrome, Windows`; empty where not known.
    pub browser: String,
    /// Instant of sign-in, system time.
    pub created_at: DateTimeUtc,
    /// Instant of the last use, to the minute, system time.
    pub seen_at: DateTimeUtc,
    /// Instant at which the session ends at the latest, system time.
    pub expires_at: DateTimeUtc,
    /// Instant at which the holder last showed the password, or a provider vouched for the holder, system time.
    pub password_at: DateTimeUtc,
    /// Instant at which the holder last showed a second factor, system time. Where the account has no factor, or a provider asked
    /// for it, sign-in sets the instant of `password_at`.
    pub factor_at: DateTimeUtc,
    /// WebAuthn challenge that waits for the answer of a passkey, as JSON; removed by the first answer.
    #[sea_orm(column_type = "Text", nullable)]
    pub ceremony: Option<String>,
    /// Secret for one-time codes that is being enrolled, encrypted.
    #[sea_orm(column_type = "Text", nullable)]
    pub pending_totp: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
