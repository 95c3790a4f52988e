//! A passkey (WebAuthn credential) of an account.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A passkey (WebAuthn credential) of an account.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey")]
pub struct Model {
    /// SHA-256 of the credential ID, hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id_hash: String,
    /// Account that owns the passkey.
    pub account_id: AccountId,
    /// Name that the holder gave the passkey.
    pub name: String,
    /// Public key and signature counter, as JSON.
    #[sea_orm(column_type = "Text")]
    pub credential: String,
    /// Instant of the enrolment, system time.
    pub made_at: DateTimeUtc,
    /// Instant of the last use, system time; none before the first use.
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
