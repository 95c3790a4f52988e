//! What opens a commitment of the audit trail: the only place where its personal data lie. Erased, never changed.

use sea_orm::entity::prelude::*;

use crate::id::AuditEntryId;

/// What opens a commitment of the audit trail: the only place where its personal data lie. Erased, never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_opening")]
pub struct Model {
    /// Of which entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry: AuditEntryId,
    /// Of which commitment: `login`, `address`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// 32 random bytes, hexadecimal.
    pub salt: String,
    /// What was committed to.
    #[sea_orm(column_type = "Text")]
    pub value: String,
}

impl ActiveModelBehavior for ActiveModel {}
