//! A member of staff. Citizens have no accounts.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A member of staff. Citizens have no accounts.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: AccountId,
    /// What is typed at sign-in.
    #[sea_orm(unique)]
    pub login: String,
    /// Name, shown to staff only.
    pub name: String,
    /// Organisation, shown in histories in place of the name.
    pub office: String,
    /// Argon2id, in PHC form; empty while an invitation waits to be accepted.
    pub password_hash: String,
    /// Whether sign-in is allowed.
    pub active: bool,
    /// The province where the person comes from: nobody checks the own one.
    pub home_province: Option<String>,
    /// Programme time.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
