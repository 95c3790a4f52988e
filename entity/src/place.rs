//! One place where people deal with the government: the 31 units of dispatch and the other codes of GB/T 2260.

use sea_orm::entity::prelude::*;

/// One place where people deal with the government: the 31 units of dispatch and the other codes of GB/T 2260.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place")]
pub struct Model {
    /// Six digits (GB/T 2260), the key everywhere.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Full name in Chinese.
    pub name_zh: String,
    /// Two or three characters.
    pub short_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Two letters (ISO 3166-2): tells Shanxi (SX) from Shaanxi (SN).
    pub short_en: String,
    /// For search.
    pub pinyin: String,
    /// First letters of the pinyin, for search.
    pub initials: String,
    /// One of six regions, for grouping.
    pub region: String,
    /// The supervision team that checks it.
    pub team: Option<String>,
    /// Whether campaigns dispatch to it by default.
    pub in_dispatch: bool,
    /// Official order.
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}
