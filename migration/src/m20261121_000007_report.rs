//! Plans, reports, evidence.

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
        manager.create_table(plan()).await?;
        manager
            .create_index(Index::create().name("plan_by_assignment_id").table("plan").col("assignment_id").take())
            .await?;
        manager.create_table(report()).await?;
        manager
            .create_index(Index::create().name("report_by_assignment_id").table("report").col("assignment_id").take())
            .await?;
        manager.create_table(evidence()).await?;
        manager
            .create_index(
                Index::create().name("evidence_by_assignment_id").table("evidence").col("assignment_id").take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["evidence", "report", "plan"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn plan() -> TableCreateStatement {
    Table::create()
        .table("plan")
        .col(big_pk_auto("id"))
        .col(big_integer("assignment_id"))
        .col(timestamp_with_time_zone("at"))
        .col(string("root_cause"))
        .col(string("remedy"))
        .col(string("description"))
        .col(json("milestones"))
        .col(big_integer("author_id"))
        .foreign_key(
            ForeignKey::create().name("plan_assignment_id").from("plan", "assignment_id").to("assignment", "id"),
        )
        .foreign_key(ForeignKey::create().name("plan_author_id").from("plan", "author_id").to("account", "id"))
        .take()
}

fn report() -> TableCreateStatement {
    Table::create()
        .table("report")
        .col(big_pk_auto("id"))
        .col(big_integer("assignment_id"))
        .col(timestamp_with_time_zone("at"))
        .col(string("before"))
        .col(string("after"))
        .col(date("effective_on"))
        .col(integer("covered"))
        .col(integer("coverable"))
        .col(big_integer("author_id"))
        .col(timestamp_with_time_zone_null("withdrawn_at"))
        .foreign_key(
            ForeignKey::create().name("report_assignment_id").from("report", "assignment_id").to("assignment", "id"),
        )
        .foreign_key(ForeignKey::create().name("report_author_id").from("report", "author_id").to("account", "id"))
        .take()
}

fn evidence() -> TableCreateStatement {
    Table::create()
        .table("evidence")
        .col(big_pk_auto("id"))
        .col(big_integer("assignment_id"))
        .col(big_integer_null("report_id"))
        .col(string("sha256"))
        .col(string("name"))
        .col(string("media"))
        .col(big_integer("size"))
        .col(timestamp_with_time_zone("at"))
        .col(big_integer("author_id"))
        .foreign_key(
            ForeignKey::create()
                .name("evidence_assignment_id")
                .from("evidence", "assignment_id")
                .to("assignment", "id"),
        )
        .foreign_key(ForeignKey::create().name("evidence_report_id").from("evidence", "report_id").to("report", "id"))
        .foreign_key(ForeignKey::create().name("evidence_author_id").from("evidence", "author_id").to("account", "id"))
        .take()
}
