//! The kind of people that a campaign counts on its real-name track. There is one kind in a campaign, so that nobody is two
//! people.

use sea_orm::entity::prelude::*;

/// The kind of people that a campaign counts on its real-name track.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_kind")]
pub struct Model {
    /// Slug of the campaign.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// `resident`, or `subject` and the issuer that names the people.
    pub kind: String,
}

impl ActiveModelBehavior for ActiveModel {}
