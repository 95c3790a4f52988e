//! A supervision team's check of a claimed fix.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentId, VerificationId};
use crate::stored::Outcome;

/// A supervision team's check of a claimed fix.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "verification")]
pub struct Model {
    /// Key of the check.
    #[sea_orm(primary_key)]
    pub id: VerificationId,
    /// Assignment that was checked.
    pub assignment_id: AssignmentId,
    /// Instant of the decision, programme time.
    pub at: DateTimeUtc,
    /// Code of the team that checked.
    pub team: String,
    /// Outcome of the check.
    pub outcome: Outcome,
    /// Test that the team made, in words; may be empty unless the fix holds.
    pub test: String,
    /// Findings of the team, in words.
    pub findings: String,
    /// Account of the team leader who decided.
    pub leader_id: AccountId,
}

impl ActiveModelBehavior for ActiveModel {}
