//! An account whose holder may link it with a provider once. System time, not programme time.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// An account whose holder may link it with a provider once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_on_invitation")]
pub struct Model {
    /// SHA-256 of the code, hexadecimal; the code itself is nowhere stored.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: String,
    /// Whose.
    #[sea_orm(unique)]
    pub account_id: AccountId,
    /// Until when.
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
