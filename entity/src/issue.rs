//! An option that was selected.

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, CampaignOptionId, IssueId};

/// An option that was selected.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "issue")]
pub struct Model {
    /// Key of the issue.
    #[sea_orm(primary_key)]
    pub id: IssueId,
    /// Campaign in which the option was selected.
    pub campaign_id: CampaignId,
    /// Code of the option, which is also the code of the issue.
    #[sea_orm(unique)]
    pub code: String,
    /// Option that was selected.
    pub option_id: CampaignOptionId,
    /// Rank of the option in the tally, from 1.
    pub rank: i32,
    /// Number of votes for the option on both tracks.
    pub votes: i64,
    /// Number of votes for the option on the real-name track.
    pub votes_real_name: i64,
}

impl ActiveModelBehavior for ActiveModel {}
