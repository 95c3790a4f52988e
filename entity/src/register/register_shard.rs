//! One issuer of real-name passes. Its counter moves with every transaction, as in the ballots store.

use sea_orm::entity::prelude::*;

/// One issuer of real-name passes. Its counter moves with every transaction, as in the ballots store.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "register_shard")]
pub struct Model {
    /// Number of the issuer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub shard: i32,
    /// Number of transactions of the issuer so far.
    pub commits: i64,
}

impl ActiveModelBehavior for ActiveModel {}
