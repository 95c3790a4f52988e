//! The count of refused sign-ins of one hour. Only a limited number of them get an audit entry each.

use sea_orm::entity::prelude::*;

/// The count of refused sign-ins of one hour. Only a limited number of them get an audit entry each.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_refusal")]
pub struct Model {
    /// Number of the hour: hours since 1970, system time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hour: i64,
    /// Number of refused sign-ins in the hour.
    pub count: i64,
}

impl ActiveModelBehavior for ActiveModel {}
