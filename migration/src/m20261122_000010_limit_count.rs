//! Counts that leak away: failed sign-ins, passes of an address, submissions.

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
            .table("limit_count")
            .col(string("name").primary_key())
            .col(big_integer("empty_at"))
            .col(big_integer("last_at"))
            .take();
        manager.create_table(keyed(manager, table)).await?;
        let index = Index::create().name("limit_count_by_last_at").table("limit_count").col("last_at").take();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("limit_count").take()).await
    }
}
