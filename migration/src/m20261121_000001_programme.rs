//! Places, teams, reference words, the working-day calendar.

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
        manager.create_table(team()).await?;
        manager.create_table(place()).await?;
        manager.create_table(term()).await?;
        manager.create_table(calendar_year()).await?;
        manager.create_table(calendar_day()).await?;
        manager.create_table(store_key()).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["store_key", "calendar_day", "calendar_year", "term", "place", "team"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn team() -> TableCreateStatement {
    Table::create().table("team").col(string("code").primary_key()).col(string("name_zh")).col(string("name_en")).take()
}

fn place() -> TableCreateStatement {
    Table::create()
        .table("place")
        .col(string("code").primary_key())
        .col(string("name_zh"))
        .col(string("short_zh"))
        .col(string("name_en"))
        .col(string("short_en"))
        .col(string("pinyin"))
        .col(string("initials"))
        .col(string("region"))
        .col(string_null("team"))
        .col(boolean("in_dispatch"))
        .col(integer("position"))
        .take()
}

fn term() -> TableCreateStatement {
    Table::create()
        .table("term")
        .col(word("kind"))
        .col(string("code"))
        .col(string("name_zh"))
        .col(string("name_en"))
        .col(string("detail_zh"))
        .col(string("detail_en"))
        .col(integer("position"))
        .primary_key(Index::create().col("kind").col("code"))
        .take()
}

fn calendar_year() -> TableCreateStatement {
    Table::create()
        .table("calendar_year")
        .col(integer("year").primary_key())
        .col(timestamp_with_time_zone("loaded_at"))
        .take()
}

fn calendar_day() -> TableCreateStatement {
    Table::create().table("calendar_day").col(date("day").primary_key()).col(word("kind")).take()
}

fn store_key() -> TableCreateStatement {
    Table::create().table("store_key").col(string("name").primary_key()).col(string("fingerprint")).take()
}
