//! A year whose holiday arrangement is loaded; other years fall back to weekdays, and say so.

use sea_orm::entity::prelude::*;

/// A year whose holiday arrangement is loaded; other years fall back to weekdays, and say so.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_year")]
pub struct Model {
    /// The year.
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    /// When it was loaded.
    pub loaded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
