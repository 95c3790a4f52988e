//! One place where people deal with the government: one of the 31 units of dispatch, or another code of GB/T 2260.

use sea_orm::entity::prelude::*;

/// One place where people deal with the government: one of the 31 units of dispatch, or another code of GB/T 2260.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place")]
pub struct Model {
    /// Code of the place, six digits (GB/T 2260), the key everywhere.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Full name of the place in Chinese.
    pub name_zh: String,
    /// Short name in Chinese, two or three characters.
    pub short_zh: String,
    /// Name of the place in English.
    pub name_en: String,
    /// Two letters (ISO 3166-2), which tell Shanxi (SX) from Shaanxi (SN).
    pub short_en: String,
    /// Pinyin of the name, for search.
    pub pinyin: String,
    /// First letters of the pinyin, for search.
    pub initials: String,
    /// Code of the region, for grouping: one of six, or `outside` for places without dispatch.
    pub region: String,
    /// Code of the supervision team that checks the place; none for places without dispatch.
    pub team: Option<String>,
    /// Whether campaigns dispatch to the place by default.
    pub in_dispatch: bool,
    /// Position of the place in the official order.
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}
