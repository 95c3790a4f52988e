//! One entry in the history of a campaign.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, CampaignEventId, CampaignId};
use crate::stored::CampaignMove;

/// One entry in the history of a campaign.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign_event")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: CampaignEventId,
    /// Whose.
    pub campaign_id: CampaignId,
    /// Programme time.
    pub at: DateTimeUtc,
    /// What happened.
    pub act: CampaignMove,
    /// Who; none for the system.
    pub actor_id: Option<AccountId>,
    /// For which office.
    pub office: String,
    /// Why, where a reason is asked.
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
