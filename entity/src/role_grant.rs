//! One role of one account, with its scope.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, RoleGrantId};
use crate::stored::Role;

/// One role of one account, with its scope.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    /// Key of the grant.
    #[sea_orm(primary_key)]
    pub id: RoleGrantId,
    /// Account that holds the role.
    pub account_id: AccountId,
    /// Role that the account holds.
    pub role: Role,
    /// Code of the province or team to which the role is limited; empty where the role is not limited.
    pub scope: String,
}

impl ActiveModelBehavior for ActiveModel {}
