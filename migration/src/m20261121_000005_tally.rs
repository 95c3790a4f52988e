//! The count, the selection, the issues.

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
        manager.create_table(tally()).await?;
        manager.create_table(tally_line()).await?;
        manager
            .create_index(
                Index::create().name("tally_line_by_campaign_id").table("tally_line").col("campaign_id").take(),
            )
            .await?;
        manager.create_table(selection()).await?;
        manager.create_table(issue()).await?;
        manager
            .create_index(Index::create().name("issue_by_campaign_id").table("issue").col("campaign_id").take())
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["issue", "selection", "tally_line", "tally"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn tally() -> TableCreateStatement {
    Table::create()
        .table("tally")
        .col(big_integer("campaign_id").primary_key())
        .col(timestamp_with_time_zone("counted_at"))
        .col(big_integer("ballots"))
        .col(big_integer("ballots_real_name"))
        .col(big_integer("option_votes"))
        .col(string("digest"))
        .foreign_key(ForeignKey::create().name("tally_campaign_id").from("tally", "campaign_id").to("campaign", "id"))
        .take()
}

fn tally_line() -> TableCreateStatement {
    Table::create()
        .table("tally_line")
        .col(big_pk_auto("id"))
        .col(big_integer("campaign_id"))
        .col(string("option"))
        .col(string("province"))
        .col(word("track"))
        .col(big_integer("n"))
        .foreign_key(
            ForeignKey::create().name("tally_line_campaign_id").from("tally_line", "campaign_id").to("campaign", "id"),
        )
        .take()
}

fn selection() -> TableCreateStatement {
    Table::create()
        .table("selection")
        .col(big_integer("campaign_id").primary_key())
        .col(string("digest"))
        .col(string("rule"))
        .col(integer("top_n"))
        .col(json("ranking"))
        .col(big_integer("proposed_by"))
        .col(timestamp_with_time_zone("proposed_at"))
        .col(big_integer_null("first_approver"))
        .col(timestamp_with_time_zone_null("first_at"))
        .col(big_integer_null("second_approver"))
        .col(timestamp_with_time_zone_null("second_at"))
        .foreign_key(
            ForeignKey::create().name("selection_campaign_id").from("selection", "campaign_id").to("campaign", "id"),
        )
        .foreign_key(
            ForeignKey::create().name("selection_proposed_by").from("selection", "proposed_by").to("account", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .name("selection_first_approver")
                .from("selection", "first_approver")
                .to("account", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .name("selection_second_approver")
                .from("selection", "second_approver")
                .to("account", "id"),
        )
        .take()
}

fn issue() -> TableCreateStatement {
    Table::create()
        .table("issue")
        .col(big_pk_auto("id"))
        .col(big_integer("campaign_id"))
        .col(string_uniq("code"))
        .col(big_integer("option_id"))
        .col(integer("rank"))
        .col(big_integer("votes"))
        .col(big_integer("votes_real_name"))
        .foreign_key(ForeignKey::create().name("issue_campaign_id").from("issue", "campaign_id").to("campaign", "id"))
        .foreign_key(
            ForeignKey::create().name("issue_option_id").from("issue", "option_id").to("campaign_option", "id"),
        )
        .take()
}
