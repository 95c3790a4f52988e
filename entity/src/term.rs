//! A reference word: department, domain, root cause or remedy.

use sea_orm::entity::prelude::*;

use crate::stored::TermKind;

/// A reference word: department, domain, root cause or remedy.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "term")]
pub struct Model {
    /// What it is a word for.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: TermKind,
    /// Its stable code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// For a remedy: the test that verifies it, in Chinese.
    pub detail_zh: String,
    /// The same in English.
    pub detail_en: String,
    /// Order in lists.
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}
