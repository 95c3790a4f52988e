//! A signed-in browser or program. System time, not programme time.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;
use crate::stored::SessionKind;

/// A signed-in browser or program. System time, not programme time.
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
    /// Sign-in.
    pub created_at: DateTimeUtc,
    /// Last use, to the minute.
    pub seen_at: DateTimeUtc,
    /// Absolute end.
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
