//! What the log itself counts: sealed ballots by the places that it opens, the others under `merged`.

use sea_orm::entity::prelude::*;

use crate::stored::Track;

/// What the log itself counts: sealed ballots by the places that it opens, the others under `merged`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sealed_count")]
pub struct Model {
    /// Campaign slug.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// Track.
    #[sea_orm(primary_key, auto_increment = false)]
    pub track: Track,
    /// Province code, or `merged`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub province: String,
    /// Option code, or empty for ballots.
    #[sea_orm(primary_key, auto_increment = false)]
    pub option: String,
    /// How many.
    pub n: i64,
}

impl ActiveModelBehavior for ActiveModel {}
