//! Figures of a campaign under way, as they are shown since the last step of their track. An empty option counts ballots.

use sea_orm::entity::prelude::*;

use crate::stored::Track;

/// Figures of a campaign under way, as they are shown since the last step of their track. An empty option counts ballots.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shown_count")]
pub struct Model {
    /// Campaign slug.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// Track.
    #[sea_orm(primary_key, auto_increment = false)]
    pub track: Track,
    /// Option code, or empty for ballots.
    #[sea_orm(primary_key, auto_increment = false)]
    pub option: String,
    /// How many.
    pub n: i64,
    /// When the track took its last step, by the programme's clock.
    pub shown_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
