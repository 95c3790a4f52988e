//! A batch of a campaign's log. The row is written before the batch is signed; its root and size are never changed.

use sea_orm::entity::prelude::*;

/// A batch of a campaign's log. The row is written before the batch is signed; its root and size are never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_batch")]
pub struct Model {
    /// Slug of the campaign.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// Number of the batch in its log, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Number of entries in the log after the batch.
    pub size: i64,
    /// Root hash of the tree after the batch, 32 bytes.
    #[sea_orm(column_type = "Blob")]
    pub root: Vec<u8>,
    /// Number of the rule whose invalidations the batch holds; none for a batch of ballots.
    pub rule: Option<i32>,
    /// Whether the checkpoint after the batch is signed and public.
    pub is_signed: bool,
}

impl ActiveModelBehavior for ActiveModel {}
