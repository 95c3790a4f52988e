//! The pass key of a campaign, from its publication to its count.

use sea_orm::entity::prelude::*;

/// The pass key of a campaign, from its publication to its count.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pass_key")]
pub struct Model {
    /// Slug of the campaign.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// The key, encrypted under the site key; empty while the bytes of a destroyed key are removed from the store's files.
    #[sea_orm(column_type = "Text")]
    pub sealed: String,
}

impl ActiveModelBehavior for ActiveModel {}
