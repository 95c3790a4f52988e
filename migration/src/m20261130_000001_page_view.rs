//! Views of public pages, counted by campaign, group of pages and day.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::keyed;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("page_view")
            .col(string("campaign"))
            .col(string("page_group"))
            .col(date("day"))
            .col(big_integer("views"))
            .primary_key(Index::create().col("campaign").col("page_group").col("day"))
            .take();
        manager.create_table(keyed(manager, table)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("page_view").take()).await
    }
}
