//! The account of a member of staff. Citizens have no accounts.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// The account of a member of staff. Citizens have no accounts.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Key of the account.
    #[sea_orm(primary_key)]
    pub id: AccountId,
    /// Name that the holder types at sign-in.
    #[sea_orm(unique)]
    pub login: String,
    /// Name of the holder, shown to staff only.
    pub name: String,
    /// Organisation of the holder. Histories show the organisation in place of the name.
    pub office: String,
    /// Argon2id hash of the password, in PHC form; empty while an invitation waits to be accepted.
    pub password_hash: String,
    /// Whether the holder may sign in.
    pub active: bool,
    /// Code of the province that the holder comes from. Nobody judges the work of the own home province.
    pub home_province: Option<String>,
    /// Instant at which the account was created, programme time.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
