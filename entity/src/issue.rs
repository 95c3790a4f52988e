//! An option that was selected.

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, CampaignOptionId, IssueId};

/// An option that was selected.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "issue")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: IssueId,
    /// Whose.
    pub campaign_id: CampaignId,
    /// The option's code.
    #[sea_orm(unique)]
    pub code: String,
    /// The option.
    pub option_id: CampaignOptionId,
    /// Rank in the tally.
    pub rank: i32,
    /// Option votes on both tracks.
    pub votes: i64,
    /// Of these on the real-name track.
    pub votes_real_name: i64,
}

impl ActiveModelBehavior for ActiveModel {}
