//! The newest signed head of a campaign's log. A batch moves the head by compare-and-set, so only one process extends the log.

use sea_orm::entity::prelude::*;

/// The newest signed head of a campaign's log. A batch moves the head by compare-and-set, so only one process extends the log.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_head")]
pub struct Model {
    /// Slug of the campaign.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// Origin of the checkpoints: the name of the log.
    pub origin: String,
    /// Number of entries in the log.
    pub size: i64,
    /// Number of batches in the log.
    pub batches: i32,
    /// Epoch of the log, a fencing token. Every process that opens the log to lead it increases the epoch, and a batch of an
    /// earlier epoch is refused.
    pub epoch: i64,
    /// Whether the table of ballots was rewritten in the order of its keys after the close. From then on, files do not show the
    /// order of arrival.
    pub rewritten: bool,
    /// Root hash of the log's Merkle tree, 32 bytes.
    #[sea_orm(column_type = "Blob")]
    pub root: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
