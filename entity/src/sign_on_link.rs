//! The link of an account with a provider of single sign-on, with the name by which the provider knows the holder.

use sea_orm::entity::prelude::*;

use crate::codes::Codes;
use crate::id::AccountId;

/// The link of an account with a provider of single sign-on.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_on_link")]
pub struct Model {
    /// Issuer identifier of the provider that vouches.
    #[sea_orm(primary_key, auto_increment = false)]
    pub issuer: String,
    /// Subject identifier of the holder, valid at this issuer only.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// Account that is linked.
    #[sea_orm(unique)]
    pub account_id: AccountId,
    /// Roles that the provider gave, each as `role` or `role=scope`. A role that the provider does not give any more is
    /// withdrawn.
    pub given: Codes,
    /// Instant at which the link was made, programme time.
    pub linked_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
