//! Who was given a real-name pass.

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
        manager.create_table(keyed(manager, nullifier())).await?;
        manager.create_table(keyed(manager, register_shard())).await?;
        manager.create_table(keyed(manager, store_key())).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["store_key", "register_shard", "nullifier"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn nullifier() -> TableCreateStatement {
    Table::create()
        .table("nullifier")
        .col(string("campaign"))
        .col(blob("nullifier"))
        .col(date("issued_on"))
        .primary_key(Index::create().col("campaign").col("nullifier"))
        .take()
}

fn register_shard() -> TableCreateStatement {
    Table::create().table("register_shard").col(integer("shard").primary_key()).col(big_integer("commits")).take()
}

fn store_key() -> TableCreateStatement {
    Table::create().table("store_key").col(string("name").primary_key()).col(string("fingerprint")).take()
}
