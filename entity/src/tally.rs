//! The count of a campaign, taken after the close.

use sea_orm::entity::prelude::*;

use crate::id::CampaignId;

/// The count of a campaign, taken after the close.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tally")]
pub struct Model {
    /// Campaign that was counted.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign_id: CampaignId,
    /// Instant of the count, programme time. A count that is taken again after an invalidation keeps this instant.
    pub counted_at: DateTimeUtc,
    /// Number of ballots that count, on both tracks.
    pub ballots: i64,
    /// Number of ballots that count, on the real-name track.
    pub ballots_real_name: i64,
    /// Number of ticks on all ballots that count.
    pub option_votes: i64,
    /// Number of ballots of the log that rules invalidated; not part of `ballots`.
    pub invalidated: i64,
    /// SHA-256 over the sorted lines of the tally, hexadecimal.
    pub digest: String,
}

impl ActiveModelBehavior for ActiveModel {}
