//! One issue at one province: what was asked, of whom, by when, and where it stands.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentId, CampaignId, DispatchId, IssueId};
use crate::stored::AssignmentState;

/// One issue at one province: what was asked, of whom, by when, and where it stands.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: AssignmentId,
    /// What.
    #[sea_orm(unique_key = "assignment_once")]
    pub issue_id: IssueId,
    /// Where.
    #[sea_orm(unique_key = "assignment_once")]
    pub province: String,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// By which dispatch.
    pub dispatch_id: DispatchId,
    /// Where it stands.
    pub state: AssignmentState,
    /// Since when.
    pub moved_at: DateTimeUtc,
    /// Deadline, exclusive.
    pub due_at: DateTimeUtc,
    /// Whether it was returned; once is the limit.
    pub returned: bool,
    /// Responsible department of the province.
    pub department: String,
    /// Who filed the standing report.
    pub reporter_id: Option<AccountId>,
    /// In whose lent role, where it was one.
    pub reporter_for: Option<AccountId>,
    /// Counties, windows or hospitals covered by the standing report.
    pub covered: i32,
    /// Out of how many.
    pub coverable: i32,
    /// Events so far: the number that a form carries to notice another's move.
    pub moves: i32,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether somebody filed the standing report, or it was filed in this person's lent role.
    #[must_use]
    pub fn is_reporter(&self, person: AccountId) -> bool {
        [self.reporter_id, self.reporter_for].contains(&Some(person))
    }
}
