//! Number of views of a group of public pages of a campaign on one day. A count, without anything about a reader.

use sea_orm::entity::prelude::*;

/// Number of views of a group of public pages of a campaign on one day. A count, without anything about a reader.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "page_view")]
pub struct Model {
    /// Slug of the campaign, its name in addresses.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// Code of the group of pages, such as `results`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub page_group: String,
    /// Day of the views in China, programme time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Number of views.
    pub views: i64,
}

impl ActiveModelBehavior for ActiveModel {}
