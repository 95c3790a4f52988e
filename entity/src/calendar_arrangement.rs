//! One loading of a year's holiday arrangement: append-only. A year loaded again has one more; a year without any falls back to
//! weekdays, and says so.

use sea_orm::entity::prelude::*;

use crate::id::CalendarArrangementId;

/// One loading of a year's holiday arrangement: append-only. A year loaded again has one more; a year without any falls back to
/// weekdays, and says so.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_arrangement")]
pub struct Model {
    /// Key, and the order of loading.
    #[sea_orm(primary_key)]
    pub id: CalendarArrangementId,
    /// The year.
    pub year: i32,
    /// When it was loaded (programme time).
    pub loaded_at: DateTimeUtc,
    /// From when figures of past days go by it: never before the arrangements that were loaded earlier.
    pub known_from: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
