//! The secret from which an account's one-time codes are made (TOTP, RFC 6238).

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// The secret from which an account's one-time codes are made (TOTP, RFC 6238).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "totp")]
pub struct Model {
    /// Account that owns the secret.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The secret, encrypted under a key of the site and bound to the account.
    #[sea_orm(column_type = "Text")]
    pub secret: String,
    /// Time step of the last accepted code: number of the half minute since 1970, system time. No step is accepted twice.
    pub last_step: i64,
    /// Instant of the enrolment, system time.
    pub made_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
