//! The next block number for serials of anonymous passes: 4,096 passes share one.

use sea_orm::entity::prelude::*;

/// The next block number for serials of anonymous passes: 4,096 passes share one.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pass_block")]
pub struct Model {
    /// Number of the node.
    #[sea_orm(primary_key, auto_increment = false)]
    pub node: i32,
    /// First block not yet taken.
    pub next: i64,
}

impl ActiveModelBehavior for ActiveModel {}
