//! Counts kept with the ballots, in one transaction. An empty option counts ballots.

use sea_orm::entity::prelude::*;

use crate::stored::Track;

/// Counts kept with the ballots, in one transaction. An empty option counts ballots.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_count")]
pub struct Model {
    /// Campaign slug.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// The writer that counts here.
    #[sea_orm(primary_key, auto_increment = false)]
    pub shard: i32,
    /// Track.
    #[sea_orm(primary_key, auto_increment = false)]
    pub track: Track,
    /// Province code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub province: String,
    /// Option code, or empty for ballots.
    #[sea_orm(primary_key, auto_increment = false)]
    pub option: String,
    /// How many.
    pub n: i64,
}

impl ActiveModelBehavior for ActiveModel {}
