//! One ballot. Its serial is the serial of the pass, so the row itself spends the pass.

use sea_orm::entity::prelude::*;

use crate::stored::Track;

/// One ballot. Its serial is the serial of the pass, so the row itself spends the pass.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot")]
pub struct Model {
    /// Slug of the campaign.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// Serial of the pass, 32 bytes.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Blob")]
    pub serial: Vec<u8>,
    /// Track of the pass.
    pub track: Track,
    /// Code of the province under which the ballot counts, or `000000` where the campaign has no places.
    pub province: String,
    /// Codes of the chosen options, sorted, joined by commas.
    pub choices: String,
    /// Leaf hash of the ballot in the log (RFC 6962), 32 bytes.
    #[sea_orm(column_type = "Blob")]
    pub leaf: Vec<u8>,
    /// Number of the batch that sealed the ballot; none until the ballot is sealed.
    pub batch: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
