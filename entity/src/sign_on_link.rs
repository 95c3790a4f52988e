//! An account that signs in at a provider, and under which name it is known there.

use sea_orm::entity::prelude::*;

use crate::codes::Codes;
use crate::id::AccountId;

/// An account that signs in at a provider.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_on_link")]
pub struct Model {
    /// Who vouches.
    #[sea_orm(primary_key, auto_increment = false)]
    pub issuer: String,
    /// For whom, by a name that is good at this issuer only.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// Whose.
    #[sea_orm(unique)]
    pub account_id: AccountId,
    /// Roles that the provider gave, each as `role` or `role=scope`: what it does not give any more is withdrawn.
    pub given: Codes,
    /// Programme time.
    pub linked_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
