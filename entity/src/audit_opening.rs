//! The opening of a commitment of the audit trail. The trail keeps its personal data only here. A row is erased, never changed.

use sea_orm::entity::prelude::*;

use crate::id::AuditEntryId;

/// The opening of a commitment of the audit trail. The trail keeps its personal data only here. A row is erased, never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_opening")]
pub struct Model {
    /// Number of the entry that holds the commitment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry: AuditEntryId,
    /// Name of the commitment, such as `login` or `address`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Random salt of the commitment: 32 bytes, hexadecimal.
    pub salt: String,
    /// Personal value to which the entry commits.
    #[sea_orm(column_type = "Text")]
    pub value: String,
}

impl ActiveModelBehavior for ActiveModel {}
