//! The count of a campaign, taken after the close.

use sea_orm::entity::prelude::*;

use crate::id::CampaignId;

/// The count of a campaign, taken after the close.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tally")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign_id: CampaignId,
    /// When.
    pub counted_at: DateTimeUtc,
    /// Ballots counted.
    pub ballots: i64,
    /// Of these on the real-name track.
    pub ballots_real_name: i64,
    /// Ticks counted.
    pub option_votes: i64,
    /// Ballots of the log that rules invalidated; they are not among the counted.
    pub invalidated: i64,
    /// SHA-256 over the sorted lines, hexadecimal.
    pub digest: String,
}

impl ActiveModelBehavior for ActiveModel {}
