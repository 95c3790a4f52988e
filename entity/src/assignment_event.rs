//! One move of one assignment: append-only, the ground of every figure.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentEventId, AssignmentId};
use crate::stored::{AssignmentState, Move, Role};

/// One move of one assignment: append-only, the ground of every figure.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment_event")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: AssignmentEventId,
    /// Whose.
    #[sea_orm(unique_key = "assignment_event_once")]
    pub assignment_id: AssignmentId,
    /// 1, 2, 3 within the assignment.
    #[sea_orm(unique_key = "assignment_event_once")]
    pub seq: i32,
    /// Which move.
    pub act: Move,
    /// None for the dispatch.
    pub from_state: Option<AssignmentState>,
    /// Where it led.
    pub to_state: AssignmentState,
    /// Recording time (programme time): as-of figures go by it.
    pub at: DateTimeUtc,
    /// Since when the fix works, as the report says.
    pub effective_on: Option<Date>,
    /// Who.
    pub actor_id: Option<AccountId>,
    /// In which role.
    pub role: Role,
    /// For which office; the public history shows this and never a name.
    pub office: String,
    /// For whom, where somebody acts as delegate.
    pub on_behalf_of: Option<AccountId>,
    /// Reason, basis, ruling or finding.
    pub reason: String,
    /// What the move brought, public part.
    pub detail: Json,
    /// System time, for the audit.
    pub system_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
