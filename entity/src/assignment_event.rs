//! One move of one assignment. The table is append-only and the source of every figure.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentEventId, AssignmentId};
use crate::stored::{AssignmentState, Move, Role};

/// One move of one assignment. The table is append-only and the source of every figure.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment_event")]
pub struct Model {
    /// Key of the move.
    #[sea_orm(primary_key)]
    pub id: AssignmentEventId,
    /// Assignment that was moved.
    #[sea_orm(unique_key = "assignment_event_once")]
    pub assignment_id: AssignmentId,
    /// Number of the move within the assignment: 1, 2, 3 and so on.
    #[sea_orm(unique_key = "assignment_event_once")]
    pub seq: i32,
    /// Kind of the move.
    pub act: Move,
    /// State before the move; none for the dispatch, which creates the assignment.
    pub from_state: Option<AssignmentState>,
    /// State after the move.
    pub to_state: AssignmentState,
    /// Instant at which the move was recorded, programme time. Figures of a past day are selected by this instant.
    pub at: DateTimeUtc,
    /// First day on which the fix works, as the report says; none for other moves.
    pub effective_on: Option<Date>,
    /// Account that made the move.
    pub actor_id: Option<AccountId>,
    /// Role in which the account made the move.
    pub role: Role,
    /// Office of the account that made the move. The public history shows the office and never a name.
    pub office: String,
    /// Account that lent the role; none without a lent role.
    pub on_behalf_of: Option<AccountId>,
    /// Reason, basis, ruling or finding in words; empty where the move has none.
    pub reason: String,
    /// Public facts of the move, as a JSON object.
    pub detail: Json,
    /// Instant at which the move was recorded, system time, for audits.
    pub system_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
