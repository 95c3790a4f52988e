//! The newest signed head of a campaign's log. Who changes it holds the log: the change is a compare-and-set.

use sea_orm::entity::prelude::*;

/// The newest signed head of a campaign's log. Who changes it holds the log: the change is a compare-and-set.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_head")]
pub struct Model {
    /// Campaign slug.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: String,
    /// Name of the log.
    pub origin: String,
    /// Entries.
    pub size: i64,
    /// Batches.
    pub batches: i32,
    /// Steps with every process that opens the log: a batch of an earlier one is refused.
    pub epoch: i64,
    /// Whether the table of ballots was rewritten in the order of its keys after the close: files tell no order of arrival then.
    pub rewritten: bool,
    /// Root of the tree.
    #[sea_orm(column_type = "Blob")]
    pub root: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
