//! A supervision team.

use sea_orm::entity::prelude::*;

/// A supervision team.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "team")]
pub struct Model {
    /// Such as `T1`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
}

impl ActiveModelBehavior for ActiveModel {}
