//! An invitation to choose a password that was not accepted yet. System time.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// An invitation to choose a password that was not accepted yet. System time.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    /// Who is invited.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// SHA-256 of the token, hexadecimal; the token itself is nowhere stored.
    #[sea_orm(unique)]
    pub token_hash: String,
    /// SHA-256 of the code that is typed beside the link, hexadecimal; none where one person invited.
    pub code_hash: Option<String>,
    /// Until when it can be accepted.
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
