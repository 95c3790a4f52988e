//! One file that proves something; its bytes lie under their hash in the data directory.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentId, EvidenceId, ReportId};

/// One file that proves something; its bytes lie under their hash in the data directory.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: EvidenceId,
    /// Of which assignment.
    pub assignment_id: AssignmentId,
    /// Of which report; none while the report is being written.
    pub report_id: Option<ReportId>,
    /// Of the bytes, hexadecimal.
    pub sha256: String,
    /// Name as uploaded.
    pub name: String,
    /// Type by content.
    pub media: String,
    /// Bytes.
    pub size: i64,
    /// When uploaded.
    pub at: DateTimeUtc,
    /// Who.
    pub author_id: AccountId,
}

impl ActiveModelBehavior for ActiveModel {}
