//! The next free block number for serials of anonymous passes. 4,096 passes share one block number.

use sea_orm::entity::prelude::*;

/// The next free block number for serials of anonymous passes. 4,096 passes share one block number.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pass_block")]
pub struct Model {
    /// Number of the node that takes the blocks.
    #[sea_orm(primary_key, auto_increment = false)]
    pub node: i32,
    /// First block number that is not taken.
    pub next: i64,
}

impl ActiveModelBehavior for ActiveModel {}
