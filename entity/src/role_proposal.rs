//! A weighty role that one person proposed for an account. Another person confirms or refuses the role (dual control).

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, RoleProposalId};
use crate::stored::Role;

/// A weighty role that one person proposed for an account. Another person confirms or refuses the role (dual control).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_proposal")]
pub struct Model {
    /// Key of the proposal, shown as its number in addresses.
    #[sea_orm(primary_key)]
    pub id: RoleProposalId,
    /// Account for which the role is proposed.
    pub account_id: AccountId,
    /// Role that is proposed.
    pub role: Role,
    /// Code of the province or team to which the role is limited; empty where the role is not limited.
    pub scope: String,
    /// Account that proposed the role.
    pub proposed_by: AccountId,
    /// Instant of the proposal, programme time.
    pub proposed_at: DateTimeUtc,
    /// Account that confirmed, refused or withdrew the proposal.
    pub decided_by: Option<AccountId>,
    /// Instant of the decision, programme time; none while the proposal waits.
    pub decided_at: Option<DateTimeUtc>,
    /// Whether the proposal was confirmed.
    pub confirmed: bool,
}

impl ActiveModelBehavior for ActiveModel {}
