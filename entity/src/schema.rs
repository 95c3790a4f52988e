//! The level of a store's schema, as the store itself records it: one row, in each of the three stores.

use sea_orm::entity::prelude::*;

/// The level of a store's schema, as the store itself records it: one row, in each of the three stores.
#[sea_orm::model]
#[derive(Clone, Copy, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schema")]
pub struct Model {
    /// Number of changes (migrations) that the schema has gone through.
    #[sea_orm(primary_key, auto_increment = false)]
    pub level: i32,
    /// Lowest level of a program that works on the schema.
    pub floor: i32,
}

impl ActiveModelBehavior for ActiveModel {}
