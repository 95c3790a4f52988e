//! Checks by the supervision teams.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::word;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(verification()).await?;
        manager
            .create_index(
                Index::create().name("verification_by_assignment_id").table("verification").col("assignment_id").take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["verification"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn verification() -> TableCreateStatement {
    Table::create()
        .table("verification")
        .col(big_pk_auto("id"))
        .col(big_integer("assignment_id"))
        .col(timestamp_with_time_zone("at"))
        .col(string("team"))
        .col(word("outcome"))
        .col(string("test"))
        .col(string("findings"))
        .col(big_integer("leader_id"))
        .foreign_key(
            ForeignKey::create()
                .name("verification_assignment_id")
                .from("verification", "assignment_id")
                .to("assignment", "id"),
        )
        .foreign_key(
            ForeignKey::create().name("verification_leader_id").from("verification", "leader_id").to("account", "id"),
        )
        .take()
}
