//! The public version: the number of changes of public rows so far. Every process reads the number once a second and stops serving
//! older pages.

use sea_orm::entity::prelude::*;

/// The public version. The table has one row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "public_version")]
pub struct Model {
    /// Number of the row, 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Number of changes.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
