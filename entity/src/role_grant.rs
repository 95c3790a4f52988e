//! One role of one account, with its scope.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, RoleGrantId};
use crate::stored::Role;

/// One role of one account, with its scope.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: RoleGrantId,
    /// Whose.
    pub account_id: AccountId,
    /// What.
    pub role: Role,
    /// Province or team code; empty where the role is not limited.
    pub scope: String,
}

impl ActiveModelBehavior for ActiveModel {}
