//! One cell of a tally: option × province × track. An empty option holds the ballots of the cell.

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, TallyLineId};
use crate::stored::Track;

/// One cell of a tally: option × province × track. An empty option holds the ballots of the cell.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tally_line")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: TallyLineId,
    /// Whose.
    pub campaign_id: CampaignId,
    /// Option code, or empty for ballots.
    pub option: String,
    /// Province code.
    pub province: String,
    /// Track.
    pub track: Track,
    /// How many.
    pub n: i64,
}

impl ActiveModelBehavior for ActiveModel {}
