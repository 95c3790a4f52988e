//! A real-name pass was issued to this nullifier.

use sea_orm::entity::prelude::*;

/// A real-name pass was issued to this nullifier.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "nullifier")]
pub struct Model {
    /// Campaign slug.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// HMAC of the canonical identity number under the campaign's key.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Blob")]
    pub nullifier: Vec<u8>,
    /// Day of issue, never finer.
    pub issued_on: Date,
}

impl ActiveModelBehavior for ActiveModel {}
