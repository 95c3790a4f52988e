//! One loading of a year's holiday arrangement, append-only. A year that is loaded again has one more row. A year without any row
//! falls back to weekdays, and deadlines in that year say so.

use sea_orm::entity::prelude::*;

use crate::id::CalendarArrangementId;

/// One loading of a year's holiday arrangement, append-only. A year that is loaded again has one more row. A year without any row
/// falls back to weekdays, and deadlines in that year say so.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_arrangement")]
pub struct Model {
    /// Key of the arrangement, in the order of loading.
    #[sea_orm(primary_key)]
    pub id: CalendarArrangementId,
    /// Calendar year of the arrangement.
    pub year: i32,
    /// Instant of the loading, programme time.
    pub loaded_at: DateTimeUtc,
    /// Instant from which figures of past days use the arrangement, programme time. Never before the same instant of an
    /// arrangement that was loaded earlier.
    pub known_from: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
