//! The act that sent a campaign's issues to the provinces.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, CampaignId, DispatchId};

/// The act that sent a campaign's issues to the provinces.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dispatch")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: DispatchId,
    /// Whose; once.
    #[sea_orm(unique)]
    pub campaign_id: CampaignId,
    /// When.
    pub at: DateTimeUtc,
    /// End of the deadline day, exclusive.
    pub due_at: DateTimeUtc,
    /// End of the acknowledgement limit, exclusive.
    pub acknowledge_due_at: DateTimeUtc,
    /// Who signed.
    pub approver_id: AccountId,
    /// Assignments created.
    pub rows: i32,
}

impl ActiveModelBehavior for ActiveModel {}
