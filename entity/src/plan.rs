//! A province's plan for an assignment. A later plan replaces an earlier one, and both stay.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentId, PlanId};

/// A province's plan for an assignment. A later plan replaces an earlier one, and both stay.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    /// Key of the plan.
    #[sea_orm(primary_key)]
    pub id: PlanId,
    /// Assignment that the plan is for.
    pub assignment_id: AssignmentId,
    /// Instant at which the plan was filed, programme time.
    pub at: DateTimeUtc,
    /// Code of the root cause that blocks people here.
    pub root_cause: String,
    /// Code of the remedy that the province chose.
    pub remedy: String,
    /// Cause and remedy here, in words; may be empty.
    pub description: String,
    /// Milestones, as a JSON array of objects with `day` (a date) and `text` (a sentence).
    pub milestones: Json,
    /// Account that filed the plan.
    pub author_id: AccountId,
}

impl ActiveModelBehavior for ActiveModel {}
