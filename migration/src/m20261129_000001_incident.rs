//! What went wrong at a site, told to everybody.

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
        let table = Table::create()
            .table("incident")
            .col(big_pk_auto("id"))
            .col(string_null("known_as").unique_key())
            .col(timestamp_with_time_zone("published_at"))
            .col(string("title_zh"))
            .col(string("title_en"))
            .col(text("text_zh"))
            .col(text("text_en"))
            .col(big_integer_null("published_by"))
            .foreign_key(
                ForeignKey::create().name("incident_published_by").from("incident", "published_by").to("account", "id"),
            )
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("incident").take()).await
    }
}
