//! A day of an arrangement on which the rule "Monday to Friday" does not hold.

use sea_orm::entity::prelude::*;

use crate::id::CalendarArrangementId;
use crate::stored::DayKind;

/// A day of an arrangement on which the rule "Monday to Friday" does not hold.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_exception")]
pub struct Model {
    /// Arrangement that names the day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub arrangement_id: CalendarArrangementId,
    /// Date of the exception, in China.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Kind of the exception: a day off, or a day on which offices work.
    pub kind: DayKind,
}

impl ActiveModelBehavior for ActiveModel {}
