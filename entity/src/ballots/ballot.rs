//! One ballot. Its serial is the pass it spent: the row is the spending.

use sea_orm::entity::prelude::*;

use crate::stored::Track;

/// One ballot. Its serial is the pass it spent: the row is the spending.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot")]
pub struct Model {
    /// Campaign slug.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// 32 bytes of the pass.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Blob")]
    pub serial: Vec<u8>,
    /// Track of the pass.
    pub track: Track,
    /// Province code, or `000000` where the campaign has no places.
    pub province: String,
    /// Option codes, sorted, joined by commas.
    pub choices: String,
    /// Leaf hash (RFC 6962).
    #[sea_orm(column_type = "Blob")]
    pub leaf: Vec<u8>,
    /// Sealed batch; none until sealed.
    pub batch: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
