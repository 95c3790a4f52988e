//! A reference word: department, domain, root cause or remedy.

use sea_orm::entity::prelude::*;

use crate::stored::TermKind;

/// A reference word: department, domain, root cause or remedy.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "term")]
pub struct Model {
    /// Kind of the word.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: TermKind,
    /// Stable code of the word.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Test that verifies a remedy, in Chinese; empty for other kinds.
    pub detail_zh: String,
    /// Test that verifies a remedy, in English; empty for other kinds.
    pub detail_en: String,
    /// Position of the word in lists.
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}
