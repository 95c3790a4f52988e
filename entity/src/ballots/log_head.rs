//! The head of a campaign's log. A batch moves the head by compare-and-set, so of two processes one extends the log.

use sea_orm::entity::prelude::*;

/// The head of a campaign's log. A batch moves the head by compare-and-set, so of two processes one extends the log.
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
    /// Whether the table of ballots was rewritten in the order of its keys after the close. From then on, files do not show the
    /// order of arrival.
    pub rewritten: bool,
    /// Root hash of the log's Merkle tree, 32 bytes.
    #[sea_orm(column_type = "Blob")]
    pub root: Vec<u8>,
    /// Roots of the perfect subtrees of the tree, largest first, 32 bytes each: enough to append entries.
    #[sea_orm(column_type = "Blob")]
    pub edge: Vec<u8>,
    /// Whether the log is public: its key and questionnaire are stored, and the campaign's paper is in the box.
    pub is_begun: bool,
    /// Whether entries and places are public: from the count on.
    pub is_disclosed: bool,
    /// Newest public checkpoint, a note, with the cosignatures of witnesses; none before the first batch is signed.
    #[sea_orm(column_type = "Text", nullable)]
    pub checkpoint: Option<String>,
    /// Signed count of that checkpoint, a note; none before the count.
    #[sea_orm(column_type = "Text", nullable)]
    pub tally: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
