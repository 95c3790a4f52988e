//! Accounts, their roles, their sessions.

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
        manager.create_table(account()).await?;
        manager.create_table(role_grant()).await?;
        manager
            .create_index(Index::create().name("role_grant_by_account_id").table("role_grant").col("account_id").take())
            .await?;
        manager.create_table(session()).await?;
        manager
            .create_index(Index::create().name("session_by_account_id").table("session").col("account_id").take())
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["session", "role_grant", "account"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn account() -> TableCreateStatement {
    Table::create()
        .table("account")
        .col(big_pk_auto("id"))
        .col(string_uniq("login"))
        .col(string("name"))
        .col(string("office"))
        .col(string("password_hash"))
        .col(boolean("active"))
        .col(timestamp_with_time_zone("created_at"))
        .take()
}

fn role_grant() -> TableCreateStatement {
    Table::create()
        .table("role_grant")
        .col(big_pk_auto("id"))
        .col(big_integer("account_id"))
        .col(word("role"))
        .col(string("scope"))
        .foreign_key(
            ForeignKey::create().name("role_grant_account_id").from("role_grant", "account_id").to("account", "id"),
        )
        .take()
}

fn session() -> TableCreateStatement {
    Table::create()
        .table("session")
        .col(string("token_hash").primary_key())
        .col(big_integer("account_id"))
        .col(word("kind"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("seen_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .foreign_key(ForeignKey::create().name("session_account_id").from("session", "account_id").to("account", "id"))
        .take()
}
