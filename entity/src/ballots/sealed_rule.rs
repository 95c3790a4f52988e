//! A rule that invalidated sealed ballots. The row is written with the batch that names the ballots.

use sea_orm::entity::prelude::*;

/// A rule that invalidated sealed ballots. The row is written with the batch that names the ballots.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sealed_rule")]
pub struct Model {
    /// Slug of the campaign.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// Number of the rule among the rules of the campaign.
    #[sea_orm(primary_key, auto_increment = false)]
    pub rule: i32,
    /// Number of the batch that names the ballots of the rule.
    pub batch: i32,
    /// Number of ballots that the batch names.
    pub ballots: i64,
}

impl ActiveModelBehavior for ActiveModel {}
