//! Several processes for one site: their leases, the public version that they share, and the pass keys, which were files of one
//! machine.

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
        let node = Table::create()
            .table("node")
            .col(string("name").primary_key())
            .col(integer("shard").unique_key())
            .col(timestamp_with_time_zone("until"))
            .take();
        let job = Table::create()
            .table("job")
            .col(string("name").primary_key())
            .col(string("node"))
            .col(timestamp_with_time_zone("until"))
            .take();
        let version =
            Table::create().table("public_version").col(integer("id").primary_key()).col(big_integer("version")).take();
        let key = Table::create().table("pass_key").col(string("campaign").primary_key()).col(text("sealed")).take();
        for table in [node, job, version, key] {
            manager.create_table(keyed(manager, table)).await?;
        }
        let first = "INSERT INTO public_version (id, version) VALUES (1, 0)";
        manager.get_connection().execute_unprepared(first).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["pass_key", "public_version", "job", "node"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
