//! Second factors, invitations, and sessions that know how far signing in has come.

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

    // Sessions are not carried over: an old one says neither what was proved nor when. Everybody signs in once more.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("session").take()).await?;
        let mut session = session();
        session
            .col(word("stage"))
            .col(string("browser"))
            .col(timestamp_with_time_zone("confirmed_at"))
            .col(text_null("ceremony"))
            .col(text_null("pending_totp"));
        manager.create_table(session).await?;
        manager.create_index(by_account("session")).await?;
        manager.create_table(totp()).await?;
        manager.create_table(passkey()).await?;
        manager.create_index(by_account("passkey")).await?;
        manager.create_table(recovery_code()).await?;
        manager.create_index(by_account("recovery_code")).await?;
        manager.create_table(invitation()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["invitation", "recovery_code", "passkey", "totp", "session"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        manager.create_table(session()).await?;
        manager.create_index(by_account("session")).await
    }
}

fn by_account(table: &'static str) -> IndexCreateStatement {
    Index::create().name(format!("{table}_by_account_id")).table(table).col("account_id").take()
}

fn of_account(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().name(format!("{table}_account_id")).from(table, "account_id").to("account", "id").take()
}

/// As it was before.
fn session() -> TableCreateStatement {
    Table::create()
        .table("session")
        .col(string("token_hash").primary_key())
        .col(big_integer("account_id"))
        .col(word("kind"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("seen_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .foreign_key(&mut of_account("session"))
        .take()
}

fn totp() -> TableCreateStatement {
    Table::create()
        .table("totp")
        .col(big_integer("account_id").primary_key())
        .col(text("secret"))
        .col(big_integer("last_step"))
        .col(timestamp_with_time_zone("made_at"))
        .foreign_key(&mut of_account("totp"))
        .take()
}

fn passkey() -> TableCreateStatement {
    Table::create()
        .table("passkey")
        .col(string("id_hash").primary_key())
        .col(big_integer("account_id"))
        .col(string("name"))
        .col(text("credential"))
        .col(timestamp_with_time_zone("made_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .foreign_key(&mut of_account("passkey"))
        .take()
}

fn recovery_code() -> TableCreateStatement {
    Table::create()
        .table("recovery_code")
        .col(string("code_hash").primary_key())
        .col(big_integer("account_id"))
        .foreign_key(&mut of_account("recovery_code"))
        .take()
}

fn invitation() -> TableCreateStatement {
    Table::create()
        .table("invitation")
        .col(big_integer("account_id").primary_key())
        .col(string_uniq("token_hash"))
        .col(timestamp_with_time_zone("expires_at"))
        .foreign_key(&mut of_account("invitation"))
        .take()
}
