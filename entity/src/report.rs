//! A province's claim that a pain point is fixed.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentId, ReportId};

/// A province's claim that a pain point is fixed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    /// Key of the report.
    #[sea_orm(primary_key)]
    pub id: ReportId,
    /// Assignment that the report is about.
    pub assignment_id: AssignmentId,
    /// Instant at which the report was filed, programme time.
    pub at: DateTimeUtc,
    /// Situation before the fix, in words.
    pub before: String,
    /// Change that was made, in words.
    pub after: String,
    /// First day on which the fix works, in China.
    pub effective_on: Date,
    /// Number of counties, windows or hospitals that the fix covers.
    pub covered: i32,
    /// Number of all counties, windows or hospitals in question.
    pub coverable: i32,
    /// Account that filed the report.
    pub author_id: AccountId,
    /// Instant at which the report was withdrawn, sent back or rejected, or its fix relapsed, programme time; none while the
    /// report stands.
    pub withdrawn_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
