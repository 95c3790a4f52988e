//! One writer of the ballots store. Its counter moves with every transaction, so that even a repeated ballot waits for the
//! standby.

use sea_orm::entity::prelude::*;

/// One writer of the ballots store. Its counter moves with every transaction, so that even a repeated ballot waits for the
/// standby.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "writer_shard")]
pub struct Model {
    /// Number of the writer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub shard: i32,
    /// Number of transactions of the writer so far.
    pub commits: i64,
}

impl ActiveModelBehavior for ActiveModel {}
