//! The record that a real-name pass was issued to a nullifier.

use sea_orm::entity::prelude::*;

/// The record that a real-name pass was issued to a nullifier.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "nullifier")]
pub struct Model {
    /// Slug of the campaign.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// HMAC of the person's canonical identity under the campaign's key, 32 bytes.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Blob")]
    pub nullifier: Vec<u8>,
    /// Day of issue in China, programme time; never finer.
    pub issued_on: Date,
}

impl ActiveModelBehavior for ActiveModel {}
