//! A supervision team's check.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentId, VerificationId};
use crate::stored::Outcome;

/// A supervision team's check.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "verification")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: VerificationId,
    /// Of what.
    pub assignment_id: AssignmentId,
    /// When.
    pub at: DateTimeUtc,
    /// By which team.
    pub team: String,
    /// What was found.
    pub outcome: Outcome,
    /// What was tried.
    pub test: String,
    /// What was seen.
    pub findings: String,
    /// Who decided.
    pub leader_id: AccountId,
}

impl ActiveModelBehavior for ActiveModel {}
