//! Accounts that sign in at a provider.

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
        manager.create_table(link()).await?;
        manager.create_table(invitation()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("sign_on_invitation").take()).await?;
        manager.drop_table(Table::drop().table("sign_on_link").take()).await
    }
}

fn link() -> TableCreateStatement {
    let mut table = Table::create()
        .table("sign_on_link")
        .col(string("issuer"))
        .col(string("subject"))
        .col(big_integer("account_id").unique_key())
        .col(json("given"))
        .col(timestamp_with_time_zone("linked_at"))
        .primary_key(Index::create().col("issuer").col("subject"))
        .take();
    table.foreign_key(
        ForeignKey::create().name("sign_on_link_account_id").from("sign_on_link", "account_id").to("account", "id"),
    );
    table
}

fn invitation() -> TableCreateStatement {
    let mut table = Table::create()
        .table("sign_on_invitation")
        .col(string("code_hash").primary_key())
        .col(big_integer("account_id").unique_key())
        .col(timestamp_with_time_zone("expires_at"))
        .take();
    table.foreign_key(
        ForeignKey::create()
            .name("sign_on_invitation_account_id")
            .from("sign_on_invitation", "account_id")
            .to("account", "id"),
    );
    table
}
