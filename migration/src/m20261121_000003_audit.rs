//! The audit trail.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(audit_entry()).await?;
        manager
            .create_index(Index::create().name("audit_entry_by_system_at").table("audit_entry").col("system_at").take())
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["audit_entry"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn audit_entry() -> TableCreateStatement {
    Table::create()
        .table("audit_entry")
        .col(big_pk_auto("id"))
        .col(timestamp_with_time_zone("at"))
        .col(timestamp_with_time_zone("system_at"))
        .col(big_integer_null("actor_id"))
        .col(string("act"))
        .col(string("object"))
        .col(json("detail"))
        .foreign_key(
            ForeignKey::create().name("audit_entry_actor_id").from("audit_entry", "actor_id").to("account", "id"),
        )
        .take()
}
