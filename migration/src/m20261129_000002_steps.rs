//! Figures of a campaign under way, as they are shown: they move in steps, and stand here between two of them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::{keyed, word};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    // A campaign under way begins with no figures: the first step follows as soon as enough ballots came.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let shown = Table::create()
            .table("shown_count")
            .col(string("campaign"))
            .col(word("track"))
            .col(string("option"))
            .col(big_integer("n"))
            .col(timestamp_with_time_zone("shown_at"))
            .primary_key(Index::create().col("campaign").col("track").col("option"))
            .take();
        manager.create_table(keyed(manager, shown)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("shown_count").take()).await
    }
}
