//! Campaigns, their options, their history.

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
        manager.create_table(campaign()).await?;
        manager.create_table(campaign_option()).await?;
        manager
            .create_index(
                Index::create()
                    .name("campaign_option_by_campaign_id")
                    .table("campaign_option")
                    .col("campaign_id")
                    .take(),
            )
            .await?;
        manager.create_table(campaign_event()).await?;
        manager
            .create_index(
                Index::create().name("campaign_event_by_campaign_id").table("campaign_event").col("campaign_id").take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["campaign_event", "campaign_option", "campaign"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn campaign() -> TableCreateStatement {
    Table::create()
        .table("campaign")
        .col(big_pk_auto("id"))
        .col(string_uniq("slug"))
        .col(string("name_zh"))
        .col(string("name_en"))
        .col(string("purpose_zh"))
        .col(string("purpose_en"))
        .col(string("language"))
        .col(json("hosts"))
        .col(word("phase"))
        .col(timestamp_with_time_zone("opens_at"))
        .col(timestamp_with_time_zone("closes_at"))
        .col(integer("max_choices"))
        .col(integer("top_n"))
        .col(json("tracks"))
        .col(word("display"))
        .col(json("units"))
        .col(boolean("places"))
        .col(date_null("deadline_on"))
        .col(integer_null("deadline_days"))
        .col(integer("acknowledge_days"))
        .col(big_integer_null("author_id"))
        .col(big_integer_null("approver_id"))
        .col(timestamp_with_time_zone_null("published_at"))
        .col(string_null("questionnaire"))
        .col(string("notice"))
        .col(integer("revision"))
        .foreign_key(ForeignKey::create().name("campaign_author_id").from("campaign", "author_id").to("account", "id"))
        .foreign_key(
            ForeignKey::create().name("campaign_approver_id").from("campaign", "approver_id").to("account", "id"),
        )
        .take()
}

fn campaign_option() -> TableCreateStatement {
    Table::create()
        .table("campaign_option")
        .col(big_pk_auto("id"))
        .col(big_integer("campaign_id"))
        .col(string_uniq("code"))
        .col(integer("ballot_no"))
        .col(string("title_zh"))
        .col(string("title_en"))
        .col(string("short_zh"))
        .col(string("short_en"))
        .col(string("theme_zh"))
        .col(string("theme_en"))
        .col(string("domain"))
        .col(string("lead_department"))
        .col(json("co_departments"))
        .col(string("root_cause"))
        .col(json("remedies"))
        .col(word("affected"))
        .col(word("proposed_by"))
        .foreign_key(
            ForeignKey::create()
                .name("campaign_option_campaign_id")
                .from("campaign_option", "campaign_id")
                .to("campaign", "id"),
        )
        .take()
}

fn campaign_event() -> TableCreateStatement {
    Table::create()
        .table("campaign_event")
        .col(big_pk_auto("id"))
        .col(big_integer("campaign_id"))
        .col(timestamp_with_time_zone("at"))
        .col(word("act"))
        .col(big_integer_null("actor_id"))
        .col(string("office"))
        .col(string("reason"))
        .foreign_key(
            ForeignKey::create()
                .name("campaign_event_campaign_id")
                .from("campaign_event", "campaign_id")
                .to("campaign", "id"),
        )
        .foreign_key(
            ForeignKey::create().name("campaign_event_actor_id").from("campaign_event", "actor_id").to("account", "id"),
        )
        .take()
}
