//! The secret that an account's one-time codes are made of. System time.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// The secret that an account's one-time codes are made of. System time.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "totp")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The secret, encrypted under a key of the site and bound to the account.
    #[sea_orm(column_type = "Text")]
    pub secret: String,
    /// The step of the last code that was accepted: none is accepted twice.
    pub last_step: i64,
    /// When it was enrolled.
    pub made_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
