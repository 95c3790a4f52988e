//! A role that its holder lent to another account for some days.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, DelegationId};
use crate::stored::Role;

/// A role that its holder lent to another account for some days.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegation")]
pub struct Model {
    /// Key of the delegation, shown as its number in addresses.
    #[sea_orm(primary_key)]
    pub id: DelegationId,
    /// Account that lends the role.
    pub lender_id: AccountId,
    /// Account that acts in the lent role.
    pub borrower_id: AccountId,
    /// Role that is lent.
    pub role: Role,
    /// Code of the province or team to which the role is limited.
    pub scope: String,
    /// First day of the delegation, in China.
    pub from_on: Date,
    /// Last day of the delegation, included, in China.
    pub until_on: Date,
    /// Instant at which the role was lent, programme time.
    pub made_at: DateTimeUtc,
    /// Instant at which the lender ended the delegation early, programme time; none where it was not ended early.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
