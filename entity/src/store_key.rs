//! The fingerprint of a key with which a store was made; a mismatch stops the start. Each of the three stores has this table.

use sea_orm::entity::prelude::*;

/// The fingerprint of a key with which a store was made.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "store_key")]
pub struct Model {
    /// Name of the key: `site` or `log`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// First 16 bytes of a hash of the key, hexadecimal.
    pub fingerprint: String,
}

impl ActiveModelBehavior for ActiveModel {}
