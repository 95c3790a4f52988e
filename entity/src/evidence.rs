//! One file that proves something. Its bytes are in the data directory under their hash.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AssignmentId, EvidenceId, ReportId};

/// One file that proves something. Its bytes are in the data directory under their hash.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    /// Key of the file.
    #[sea_orm(primary_key)]
    pub id: EvidenceId,
    /// Assignment for which the file was uploaded.
    pub assignment_id: AssignmentId,
    /// Report that names the file; none while the report is being written.
    pub report_id: Option<ReportId>,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// File name as uploaded, without folders and invisible characters.
    pub name: String,
    /// Media type, recognised by content.
    pub media: String,
    /// Size of the file in bytes.
    pub size: i64,
    /// Instant of the upload, programme time.
    pub at: DateTimeUtc,
    /// Account that uploaded the file.
    pub author_id: AccountId,
}

impl ActiveModelBehavior for ActiveModel {}
