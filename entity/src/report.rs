//! A province's claim that a pain point is fixed.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentId, ReportId};

/// A province's claim that a pain point is fixed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: ReportId,
    /// Whose.
    pub assignment_id: AssignmentId,
    /// When filed.
    pub at: DateTimeUtc,
    /// How it was.
    pub before: String,
    /// What changed.
    pub after: String,
    /// Since when it works.
    pub effective_on: Date,
    /// Counties, windows or hospitals covered.
    pub covered: i32,
    /// Out of how many.
    pub coverable: i32,
    /// Who.
    pub author_id: AccountId,
    /// Taken back, sent back or rejected since.
    pub withdrawn_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
