//! Counts that change in the same transaction as the ballots. A row with an empty option counts ballots.

use sea_orm::entity::prelude::*;

use crate::stored::Track;

/// Counts that change in the same transaction as the ballots. A row with an empty option counts ballots.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_count")]
pub struct Model {
    /// Slug of the campaign.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// Number of the writer that keeps this row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub shard: i32,
    /// Track of the counted ballots.
    #[sea_orm(primary_key, auto_increment = false)]
    pub track: Track,
    /// Code of the province under which the ballots count.
    #[sea_orm(primary_key, auto_increment = false)]
    pub province: String,
    /// Code of the option, or empty for ballots.
    #[sea_orm(primary_key, auto_increment = false)]
    pub option: String,
    /// Number of votes for the option, or of ballots.
    pub n: i64,
}

impl ActiveModelBehavior for ActiveModel {}
