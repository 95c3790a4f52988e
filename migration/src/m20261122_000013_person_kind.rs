//! The kind of people that a campaign counts on its real-name track.

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
        manager.create_table(keyed(manager, person_kind())).await?;
        // Passes that were given before were given by number.
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO person_kind (campaign, kind) SELECT DISTINCT campaign, 'resident' FROM nullifier",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("person_kind").take()).await
    }
}

fn person_kind() -> TableCreateStatement {
    Table::create().table("person_kind").col(string("campaign").primary_key()).col(string("kind")).take()
}
