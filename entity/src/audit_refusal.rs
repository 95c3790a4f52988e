//! Refused sign-ins of one hour: only so many are entered one by one.

use sea_orm::entity::prelude::*;

/// Refused sign-ins of one hour: only so many are entered one by one.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_refusal")]
pub struct Model {
    /// Hours of system time since 1970.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hour: i64,
    /// How many.
    pub count: i64,
}

impl ActiveModelBehavior for ActiveModel {}
