//! A weighty role that one person proposed for an account and another one confirms or refuses.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, RoleProposalId};
use crate::stored::Role;

/// A weighty role that one person proposed for an account and another one confirms or refuses.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_proposal")]
pub struct Model {
    /// Key; its number in addresses.
    #[sea_orm(primary_key)]
    pub id: RoleProposalId,
    /// For whom.
    pub account_id: AccountId,
    /// What.
    pub role: Role,
    /// Province or team code; empty where the role is not limited.
    pub scope: String,
    /// By whom.
    pub proposed_by: AccountId,
    /// Programme time.
    pub proposed_at: DateTimeUtc,
    /// Who confirmed, refused or withdrew it.
    pub decided_by: Option<AccountId>,
    /// When; none while it waits.
    pub decided_at: Option<DateTimeUtc>,
    /// Whether it was confirmed.
    pub confirmed: bool,
}

impl ActiveModelBehavior for ActiveModel {}
