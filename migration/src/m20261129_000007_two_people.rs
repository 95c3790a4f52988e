//! Changes of the ways into an account, some of which take two people; codes beside the links of invitations; halts that
//! end by themselves unless an approver confirms them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::word;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Columns of a halt: account of the organiser, account of the approver.
const HANDS: [&str; 2] = ["halted_by", "halt_confirmed_by"];
/// Columns of a halt: when it began, when it ends.
const TIMES: [&str; 2] = ["halted_at", "halt_until"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(access_change()).await?;
        let index = Index::create().name("access_change_by_account_id").table("access_change").col("account_id").take();
        manager.create_index(index).await?;
        add(manager, "invitation", string_null("code_hash")).await?;
        for column in HANDS {
            add(manager, "campaign", big_integer_null(column)).await?;
        }
        for column in TIMES {
            add(manager, "campaign", timestamp_with_time_zone_null(column)).await?;
        }
        // Links that one person holds to accounts that two people let in from now on: void.
        for table in ["invitation", "sign_on_invitation"] {
            let void = format!(
                "DELETE FROM {table} WHERE account_id IN (SELECT account_id FROM role_grant \
                 WHERE role IN ('sysadmin', 'security_admin', 'auditor', 'approver'))"
            );
            manager.get_connection().execute_unprepared(&void).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in HANDS.into_iter().chain(TIMES) {
            manager.alter_table(Table::alter().table("campaign").drop_column(column).to_owned()).await?;
        }
        manager.alter_table(Table::alter().table("invitation").drop_column("code_hash").to_owned()).await?;
        manager.drop_table(Table::drop().table("access_change").take()).await
    }
}

async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}

fn access_change() -> TableCreateStatement {
    let mut table = Table::create()
        .table("access_change")
        .col(big_pk_auto("id"))
        .col(big_integer("account_id"))
        .col(word("kind"))
        .col(string("issuer"))
        .col(string("subject"))
        .col(string_null("token_hash"))
        .col(big_integer_null("proposed_by"))
        .col(timestamp_with_time_zone("proposed_at"))
        .col(big_integer_null("decided_by"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(boolean("confirmed"))
        .take();
    for who in ["account_id", "proposed_by", "decided_by"] {
        table.foreign_key(
            ForeignKey::create().name(format!("access_change_{who}")).from("access_change", who).to("account", "id"),
        );
    }
    table
}
