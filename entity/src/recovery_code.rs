//! A recovery code that was not used yet.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A recovery code that was not used yet.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    /// HMAC of account and code under a key of the site, hexadecimal; the code itself is not stored.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: String,
    /// Account that owns the code.
    pub account_id: AccountId,
}

impl ActiveModelBehavior for ActiveModel {}
