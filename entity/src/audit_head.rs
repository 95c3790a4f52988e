//! The end of the audit trail: one row, which every writer locks in turn.

use sea_orm::entity::prelude::*;

/// The end of the audit trail: one row, which every writer locks in turn.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_head")]
pub struct Model {
    /// Name of the row, always `audit`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Number of entries in the trail.
    pub size: i64,
    /// Hash of the last entry, hexadecimal.
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
