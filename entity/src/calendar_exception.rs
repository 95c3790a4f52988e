//! A day of an arrangement on which the rule "Monday to Friday" does not hold.

use sea_orm::entity::prelude::*;

use crate::id::CalendarArrangementId;
use crate::stored::DayKind;

/// A day of an arrangement on which the rule "Monday to Friday" does not hold.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_exception")]
pub struct Model {
    /// Of which arrangement.
    #[sea_orm(primary_key, auto_increment = false)]
    pub arrangement_id: CalendarArrangementId,
    /// The day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Off, or worked.
    pub kind: DayKind,
}

impl ActiveModelBehavior for ActiveModel {}
