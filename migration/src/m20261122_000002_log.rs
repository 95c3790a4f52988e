//! The public log: heads, what is sealed, what still waits.

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

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(keyed(manager, log_head())).await?;
        manager.create_table(keyed(manager, sealed_count())).await?;
        // Ballots that wait for a batch are found without reading those that have one.
        let waiting = Index::create()
            .name("ballot_waiting")
            .table("ballot")
            .col("campaign")
            .and_where(Expr::col("batch").is_null())
            .take();
        manager.create_index(waiting).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("ballot_waiting").table("ballot").to_owned()).await?;
        for table in ["sealed_count", "log_head"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn log_head() -> TableCreateStatement {
    Table::create()
        .table("log_head")
        .col(string("campaign").primary_key())
        .col(string("origin"))
        .col(big_integer("size"))
        .col(integer("batches"))
        .col(blob("root"))
        .take()
}

fn sealed_count() -> TableCreateStatement {
    Table::create()
        .table("sealed_count")
        .col(string("campaign"))
        .col(word("track"))
        .col(string("province"))
        .col(string("option"))
        .col(big_integer("n"))
        .primary_key(Index::create().col("campaign").col("track").col("province").col("option"))
        .take()
}
