//! Figures of a campaign under way, as they are shown since the last step of their track. A row with an empty option counts
//! ballots.

use sea_orm::entity::prelude::*;

use crate::stored::Track;

/// Figures of a campaign under way, as they are shown since the last step of their track. A row with an empty option counts
/// ballots.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shown_count")]
pub struct Model {
    /// Slug of the campaign.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// Track of the counted ballots.
    #[sea_orm(primary_key, auto_increment = false)]
    pub track: Track,
    /// Code of the option, or empty for ballots.
    #[sea_orm(primary_key, auto_increment = false)]
    pub option: String,
    /// Number of votes for the option, or of ballots.
    pub n: i64,
    /// Instant at which the track took its last step, programme time.
    pub shown_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
