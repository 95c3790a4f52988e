//! The level of a store's schema, and the least level of a program that works on it.

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
        let table = Table::create().table("schema").col(integer("level").primary_key()).col(integer("floor")).take();
        manager.create_table(keyed(manager, table)).await?;
        // Raised by the program when all of its changes are there.
        manager.get_connection().execute_unprepared("INSERT INTO schema (level, floor) VALUES (0, 0)").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("schema").take()).await
    }
}
