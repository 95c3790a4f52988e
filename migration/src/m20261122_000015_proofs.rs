//! A session knows when its holder last showed which proof: what changes the ways into an account asks for all of them.

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

    // Sessions are not carried over: an old one does not say which proof it was. Everybody signs in once more.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        made_anew(manager, &["password_at", "factor_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        made_anew(manager, &["confirmed_at"]).await
    }
}

async fn made_anew(manager: &SchemaManager<'_>, proofs: &[&'static str]) -> Result<(), DbErr> {
    manager.drop_table(Table::drop().table("session").take()).await?;
    let mut session = session();
    for column in proofs {
        session.col(timestamp_with_time_zone(*column));
    }
    manager.create_table(session).await?;
    manager.create_index(Index::create().name("session_by_account_id").table("session").col("account_id").take()).await
}

fn session() -> TableCreateStatement {
    Table::create()
        .table("session")
        .col(string("token_hash").primary_key())
        .col(big_integer("account_id"))
        .col(word("kind"))
        .col(word("stage"))
        .col(string("browser"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("seen_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(text_null("ceremony"))
        .col(text_null("pending_totp"))
        .foreign_key(ForeignKey::create().name("session_account_id").from("session", "account_id").to("account", "id"))
        .take()
}
