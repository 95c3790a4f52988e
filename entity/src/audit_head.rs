//! Where the audit trail ends: one row, which every writer takes in turn.

use sea_orm::entity::prelude::*;

/// Where the audit trail ends: one row, which every writer takes in turn.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_head")]
pub struct Model {
    /// Always `audit`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Entries.
    pub size: i64,
    /// Hash of the last one.
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
