//! A signed-in browser or program, or one that is signing in. System time, not programme time.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;
use crate::stored::{SessionKind, SessionStage};

/// A signed-in browser or program, or one that is signing in. System time, not programme time.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// SHA-256 of the token, hexadecimal; the token itself is nowhere stored.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// Whose.
    pub account_id: AccountId,
    /// Cookie or bearer.
    pub kind: SessionKind,
    /// How far signing in has come.
    pub stage: SessionStage,
    /// The browser in words, such as `Chrome, Windows`; empty where it is not known.
    pub browser: String,
    /// Sign-in.
    pub created_at: DateTimeUtc,
    /// Last use, to the minute.
    pub seen_at: DateTimeUtc,
    /// Absolute end.
    pub expires_at: DateTimeUtc,
    /// When its holder last showed the password, or a provider vouched for them.
    pub password_at: DateTimeUtc,
    /// When its holder last showed a second factor; where there is none, or a provider asked for it, as above.
    pub factor_at: DateTimeUtc,
    /// What a passkey is to answer, as JSON; taken away by the first answer.
    #[sea_orm(column_type = "Text", nullable)]
    pub ceremony: Option<String>,
    /// A secret for codes that is being enrolled, encrypted.
    #[sea_orm(column_type = "Text", nullable)]
    pub pending_totp: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
