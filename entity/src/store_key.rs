//! The fingerprint of a key that this store was made with; a mismatch stops the start.

use sea_orm::entity::prelude::*;

/// The fingerprint of a key that this store was made with; a mismatch stops the start.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "store_key")]
pub struct Model {
    /// Which key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// First 16 bytes of a hash of the key, hexadecimal.
    pub fingerprint: String,
}

impl ActiveModelBehavior for ActiveModel {}
