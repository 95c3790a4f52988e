//! A count that leaks away: when it will be empty. System time.

use sea_orm::entity::prelude::*;

/// A count that leaks away: when it will be empty. System time.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "limit_count")]
pub struct Model {
    /// Rule, colon, keyed digest of the subject: no address and no account can be read out of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Milliseconds since 1970.
    pub empty_at: i64,
    /// When the last one was counted, in milliseconds since 1970.
    pub last_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
