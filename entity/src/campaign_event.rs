//! One entry in the history of a campaign.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, CampaignEventId, CampaignId};
use crate::stored::CampaignMove;

/// One entry in the history of a campaign.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign_event")]
pub struct Model {
    /// Key of the entry.
    #[sea_orm(primary_key)]
    pub id: CampaignEventId,
    /// Campaign that was moved.
    pub campaign_id: CampaignId,
    /// Instant of the move, programme time.
    pub at: DateTimeUtc,
    /// Kind of the move.
    pub act: CampaignMove,
    /// Account that made the move; none for the system.
    pub actor_id: Option<AccountId>,
    /// Office of the account that made the move.
    pub office: String,
    /// Reason of the move in words; empty where none was given.
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
