//! A passkey of an account. System time.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A passkey of an account. System time.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey")]
pub struct Model {
    /// SHA-256 of the credential's id, hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id_hash: String,
    /// Whose.
    pub account_id: AccountId,
    /// What its holder calls it.
    pub name: String,
    /// Public key and counter, as JSON.
    #[sea_orm(column_type = "Text")]
    pub credential: String,
    /// When it was enrolled.
    pub made_at: DateTimeUtc,
    /// Last use.
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
