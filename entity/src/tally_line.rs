//! One cell of a tally: option × province × track. A line with an empty option holds the ballots of the cell.

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, TallyLineId};
use crate::stored::Track;

/// One cell of a tally: option × province × track. A line with an empty option holds the ballots of the cell.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tally_line")]
pub struct Model {
    /// Key of the line.
    #[sea_orm(primary_key)]
    pub id: TallyLineId,
    /// Campaign that was counted.
    pub campaign_id: CampaignId,
    /// Code of the option, or empty for ballots.
    pub option: String,
    /// Code of the province, or `merged`.
    pub province: String,
    /// Track of the counted ballots.
    pub track: Track,
    /// Number of votes for the option, or of ballots.
    pub n: i64,
}

impl ActiveModelBehavior for ActiveModel {}
