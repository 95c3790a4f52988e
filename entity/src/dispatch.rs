//! The act that sent a campaign's issues to the provinces.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, CampaignId, DispatchId};

/// The act that sent a campaign's issues to the provinces.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dispatch")]
pub struct Model {
    /// Key of the dispatch.
    #[sea_orm(primary_key)]
    pub id: DispatchId,
    /// Campaign that was dispatched. A campaign has at most one dispatch.
    #[sea_orm(unique)]
    pub campaign_id: CampaignId,
    /// Instant of the dispatch, programme time.
    pub at: DateTimeUtc,
    /// End of the deadline day for fixes, exclusive, programme time.
    pub due_at: DateTimeUtc,
    /// End of the acknowledgement limit, exclusive, programme time.
    pub acknowledge_due_at: DateTimeUtc,
    /// Account of the approver who signed the dispatch.
    pub approver_id: AccountId,
    /// Number of assignments that the dispatch created.
    pub rows: i32,
}

impl ActiveModelBehavior for ActiveModel {}
