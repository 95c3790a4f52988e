//! An invitation to the holder of an account to link the account with a provider, once. System time, not programme time.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// An invitation to the holder of an account to link the account with a provider, once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_on_invitation")]
pub struct Model {
    /// SHA-256 of the code, hexadecimal; the code itself is not stored.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: String,
    /// Account that may be linked.
    #[sea_orm(unique)]
    pub account_id: AccountId,
    /// Instant at which the invitation expires, system time.
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
