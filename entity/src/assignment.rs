//! One issue at one province: the task, the department in charge, the deadline and the current state.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentId, CampaignId, DispatchId, IssueId};
use crate::stored::AssignmentState;

/// One issue at one province: the task, the department in charge, the deadline and the current state.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    /// Key of the assignment.
    #[sea_orm(primary_key)]
    pub id: AssignmentId,
    /// Issue that is to be fixed.
    #[sea_orm(unique_key = "assignment_once")]
    pub issue_id: IssueId,
    /// Code of the province that has to fix the issue.
    #[sea_orm(unique_key = "assignment_once")]
    pub province: String,
    /// Campaign that the issue comes from.
    pub campaign_id: CampaignId,
    /// Dispatch that created the assignment.
    pub dispatch_id: DispatchId,
    /// Current state of the assignment.
    pub state: AssignmentState,
    /// Instant of the last move, programme time.
    pub moved_at: DateTimeUtc,
    /// End of the deadline day for the fix, exclusive, programme time.
    pub due_at: DateTimeUtc,
    /// Whether the province has returned the assignment; one return is the limit.
    pub returned: bool,
    /// Name of the responsible department of the province; empty before the acknowledgement.
    pub department: String,
    /// Account that filed the standing report; none where no report stands.
    pub reporter_id: Option<AccountId>,
    /// Account that lent the reporter its role; none without a lent role.
    pub reporter_for: Option<AccountId>,
    /// Number of counties, windows or hospitals that the last report covers.
    pub covered: i32,
    /// Number of all counties, windows or hospitals in question, as the last report states it.
    pub coverable: i32,
    /// Number of moves so far. Forms carry this number as an optimistic lock, to notice a move by somebody else.
    pub moves: i32,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether this person filed the standing report, or lent the role in which it was filed.
    #[must_use]
    pub fn is_reporter(&self, person: AccountId) -> bool {
        [self.reporter_id, self.reporter_for].contains(&Some(person))
    }
}
