//! An invitation to choose a password that was not accepted yet.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// An invitation to choose a password that was not accepted yet.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    /// Account whose holder is invited.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// SHA-256 of the token in the link, hexadecimal; the token itself is not stored.
    #[sea_orm(unique)]
    pub token_hash: String,
    /// SHA-256 of the code that is typed beside the link, hexadecimal; none where one person invited.
    pub code_hash: Option<String>,
    /// Instant at which the invitation expires, system time.
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
