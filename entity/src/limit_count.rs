//! A counter of a rate limit (GCRA, the leaky bucket as a single instant), stored as the instant at which the bucket will be
//! empty. System time.

use sea_orm::entity::prelude::*;

/// A counter of a rate limit (GCRA, the leaky bucket as a single instant), stored as the instant at which the bucket will be
/// empty. System time.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "limit_count")]
pub struct Model {
    /// Name of the rule, a colon and a keyed digest of the subject, hexadecimal. No address and no account can be read out of the
    /// digest.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Instant at which the bucket will be empty, in milliseconds since 1970, system time.
    pub empty_at: i64,
    /// Instant of the last counted event, in milliseconds since 1970, system time.
    pub last_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
