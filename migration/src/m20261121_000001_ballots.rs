//! Ballot papers, ballots, counts.

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
        manager.create_table(keyed(manager, ballot_paper())).await?;
        manager.create_table(keyed(manager, ballot())).await?;
        manager.create_table(keyed(manager, ballot_count())).await?;
        manager.create_table(keyed(manager, writer_shard())).await?;
        manager.create_table(keyed(manager, pass_block())).await?;
        manager.create_table(keyed(manager, store_key())).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["store_key", "pass_block", "writer_shard", "ballot_count", "ballot", "ballot_paper"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn ballot_paper() -> TableCreateStatement {
    Table::create()
        .table("ballot_paper")
        .col(string("campaign").primary_key())
        .col(blob("questionnaire"))
        .col(json("options"))
        .col(integer("max_choices"))
        .col(json("tracks"))
        .col(boolean("places"))
        .col(timestamp_with_time_zone("opens_at"))
        .col(timestamp_with_time_zone("closes_at"))
        .col(word("state"))
        .take()
}

fn ballot() -> TableCreateStatement {
    Table::create()
        .table("ballot")
        .col(string("campaign"))
        .col(blob("serial"))
        .col(word("track"))
        .col(string("province"))
        .col(string("choices"))
        .col(blob("leaf"))
        .col(integer_null("batch"))
        .primary_key(Index::create().col("campaign").col("serial"))
        .take()
}

fn ballot_count() -> TableCreateStatement {
    Table::create()
        .table("ballot_count")
        .col(string("campaign"))
        .col(integer("shard"))
        .col(word("track"))
        .col(string("province"))
        .col(string("option"))
        .col(big_integer("n"))
        .primary_key(Index::create().col("campaign").col("shard").col("track").col("province").col("option"))
        .take()
}

fn writer_shard() -> TableCreateStatement {
    Table::create().table("writer_shard").col(integer("shard").primary_key()).col(big_integer("commits")).take()
}

fn pass_block() -> TableCreateStatement {
    Table::create().table("pass_block").col(integer("node").primary_key()).col(big_integer("next")).take()
}

fn store_key() -> TableCreateStatement {
    Table::create().table("store_key").col(string("name").primary_key()).col(string("fingerprint")).take()
}
