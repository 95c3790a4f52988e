//! Dispatches, assignments, their moves.

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
        manager.create_table(dispatch()).await?;
        manager.create_table(assignment()).await?;
        manager
            .create_index(
                Index::create().name("assignment_by_campaign_id").table("assignment").col("campaign_id").take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("assignment_by_province").table("assignment").col("province").take())
            .await?;
        manager.create_table(assignment_event()).await?;
        manager
            .create_index(Index::create().name("assignment_event_by_at").table("assignment_event").col("at").take())
            .await?;
        manager.create_table(exemption_request()).await?;
        manager
            .create_index(
                Index::create()
                    .name("exemption_request_by_assignment_id")
                    .table("exemption_request")
                    .col("assignment_id")
                    .take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["exemption_request", "assignment_event", "assignment", "dispatch"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn dispatch() -> TableCreateStatement {
    Table::create()
        .table("dispatch")
        .col(big_pk_auto("id"))
        .col(big_integer_uniq("campaign_id"))
        .col(timestamp_with_time_zone("at"))
        .col(timestamp_with_time_zone("due_at"))
        .col(timestamp_with_time_zone("acknowledge_due_at"))
        .col(big_integer("approver_id"))
        .col(integer("rows"))
        .foreign_key(
            ForeignKey::create().name("dispatch_campaign_id").from("dispatch", "campaign_id").to("campaign", "id"),
        )
        .foreign_key(
            ForeignKey::create().name("dispatch_approver_id").from("dispatch", "approver_id").to("account", "id"),
        )
        .take()
}

fn assignment() -> TableCreateStatement {
    Table::create()
        .table("assignment")
        .col(big_pk_auto("id"))
        .col(big_integer("issue_id"))
        .col(string("province"))
        .col(big_integer("campaign_id"))
        .col(big_integer("dispatch_id"))
        .col(word("state"))
        .col(timestamp_with_time_zone("moved_at"))
        .col(timestamp_with_time_zone("due_at"))
        .col(boolean("returned"))
        .col(string("department"))
        .col(big_integer_null("reporter_id"))
        .col(integer("covered"))
        .col(integer("coverable"))
        .col(integer("moves"))
        .index(Index::create().unique().name("assignment_once").col("issue_id").col("province"))
        .foreign_key(ForeignKey::create().name("assignment_issue_id").from("assignment", "issue_id").to("issue", "id"))
        .foreign_key(
            ForeignKey::create().name("assignment_campaign_id").from("assignment", "campaign_id").to("campaign", "id"),
        )
        .foreign_key(
            ForeignKey::create().name("assignment_dispatch_id").from("assignment", "dispatch_id").to("dispatch", "id"),
        )
        .foreign_key(
            ForeignKey::create().name("assignment_reporter_id").from("assignment", "reporter_id").to("account", "id"),
        )
        .take()
}

fn assignment_event() -> TableCreateStatement {
    Table::create()
        .table("assignment_event")
        .col(big_pk_auto("id"))
        .col(big_integer("assignment_id"))
        .col(integer("seq"))
        .col(word("act"))
        .col(word("from_state").null())
        .col(word("to_state"))
        .col(timestamp_with_time_zone("at"))
        .col(date_null("effective_on"))
        .col(big_integer_null("actor_id"))
        .col(word("role"))
        .col(string("office"))
        .col(big_integer_null("on_behalf_of"))
        .col(string("reason"))
        .col(json("detail"))
        .col(timestamp_with_time_zone("system_at"))
        .index(Index::create().unique().name("assignment_event_once").col("assignment_id").col("seq"))
        .foreign_key(
            ForeignKey::create()
                .name("assignment_event_assignment_id")
                .from("assignment_event", "assignment_id")
                .to("assignment", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .name("assignment_event_actor_id")
                .from("assignment_event", "actor_id")
                .to("account", "id"),
        )
        .take()
}

fn exemption_request() -> TableCreateStatement {
    Table::create()
        .table("exemption_request")
        .col(big_pk_auto("id"))
        .col(big_integer("assignment_id"))
        .col(timestamp_with_time_zone("at"))
        .col(word("class"))
        .col(string("basis"))
        .col(big_integer("author_id"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(string("refusal"))
        .foreign_key(
            ForeignKey::create()
                .name("exemption_request_assignment_id")
                .from("exemption_request", "assignment_id")
                .to("assignment", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .name("exemption_request_author_id")
                .from("exemption_request", "author_id")
                .to("account", "id"),
        )
        .take()
}
