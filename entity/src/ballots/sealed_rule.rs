//! A rule that invalidated sealed ballots, written with the batch that names them.

use sea_orm::entity::prelude::*;

/// A rule that invalidated sealed ballots, written with the batch that names them.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sealed_rule")]
pub struct Model {
    /// Campaign slug.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// Number of the rule.
    #[sea_orm(primary_key, auto_increment = false)]
    pub rule: i32,
    /// Batch of the log that names its ballots.
    pub batch: i32,
    /// How many it names.
    pub ballots: i64,
}

impl ActiveModelBehavior for ActiveModel {}
