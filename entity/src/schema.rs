//! What a store says of its own schema: one row, in each of the three stores.

use sea_orm::entity::prelude::*;

/// What a store says of its own schema: one row, in each of the three stores.
#[sea_orm::model]
#[derive(Clone, Copy, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schema")]
pub struct Model {
    /// How many changes the schema has gone through.
    #[sea_orm(primary_key, auto_increment = false)]
    pub level: i32,
    /// The least level of a program that works on it.
    pub floor: i32,
}

impl ActiveModelBehavior for ActiveModel {}
