//! A day on which the rule "Monday to Friday" does not hold.

use sea_orm::entity::prelude::*;

use crate::stored::DayKind;

/// A day on which the rule "Monday to Friday" does not hold.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_day")]
pub struct Model {
    /// The day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Off, or worked.
    pub kind: DayKind,
}

impl ActiveModelBehavior for ActiveModel {}
