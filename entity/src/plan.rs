//! A province's plan for an assignment; a later plan replaces an earlier one, both stay.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentId, PlanId};

/// A province's plan for an assignment; a later plan replaces an earlier one, both stay.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: PlanId,
    /// Whose.
    pub assignment_id: AssignmentId,
    /// When filed.
    pub at: DateTimeUtc,
    /// Why it blocks here.
    pub root_cause: String,
    /// What will be done.
    pub remedy: String,
    /// Cause and remedy here, in words.
    pub description: String,
    /// Dates and sentences.
    pub milestones: Json,
    /// Who.
    pub author_id: AccountId,
}

impl ActiveModelBehavior for ActiveModel {}
