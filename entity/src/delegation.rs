//! A role that somebody lent to somebody else for some days.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, DelegationId};
use crate::stored::Role;

/// A role that somebody lent to somebody else for some days.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegation")]
pub struct Model {
    /// Key; its number in addresses.
    #[sea_orm(primary_key)]
    pub id: DelegationId,
    /// Whose role it is.
    pub lender_id: AccountId,
    /// Who acts in it.
    pub borrower_id: AccountId,
    /// What.
    pub role: Role,
    /// Province or team code.
    pub scope: String,
    /// First day, in China.
    pub from_on: Date,
    /// Last day, included.
    pub until_on: Date,
    /// Programme time.
    pub made_at: DateTimeUtc,
    /// When it was ended early.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
