//! A supervision team.

use sea_orm::entity::prelude::*;

/// A supervision team.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "team")]
pub struct Model {
    /// Code of the team, such as `T1`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Name of the team in Chinese.
    pub name_zh: String,
    /// Name of the team in English.
    pub name_en: String,
}

impl ActiveModelBehavior for ActiveModel {}
