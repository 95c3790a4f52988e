//! Home provinces, weighty roles that wait for their second person, roles lent for some days.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::word;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Columns added to earlier tables.
const ADDED: [(&str, &str); 2] = [("assignment", "reporter_for"), ("exemption_request", "author_for")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let home = Table::alter().table("account").add_column(string_null("home_province")).to_owned();
        manager.alter_table(home).await?;
        for (table, column) in ADDED {
            manager.alter_table(Table::alter().table(table).add_column(big_integer_null(column)).to_owned()).await?;
        }
        manager.create_table(role_proposal()).await?;
        manager.create_table(delegation()).await?;
        for (table, column) in
            [("role_proposal", "account_id"), ("delegation", "borrower_id"), ("delegation", "lender_id")]
        {
            let name = format!("{table}_by_{column}");
            manager.create_index(Index::create().name(name).table(table).col(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["delegation", "role_proposal"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        for (table, column) in ADDED {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        manager.alter_table(Table::alter().table("account").drop_column("home_province").to_owned()).await
    }
}

fn role_proposal() -> TableCreateStatement {
    let table = Table::create()
        .table("role_proposal")
        .col(big_pk_auto("id"))
        .col(big_integer("account_id"))
        .col(word("role"))
        .col(string("scope"))
        .col(big_integer("proposed_by"))
        .col(timestamp_with_time_zone("proposed_at"))
        .col(big_integer_null("decided_by"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(boolean("confirmed"))
        .take();
    of_accounts(table, "role_proposal", &["account_id", "proposed_by", "decided_by"])
}

fn delegation() -> TableCreateStatement {
    let table = Table::create()
        .table("delegation")
        .col(big_pk_auto("id"))
        .col(big_integer("lender_id"))
        .col(big_integer("borrower_id"))
        .col(word("role"))
        .col(string("scope"))
        .col(date("from_on"))
        .col(date("until_on"))
        .col(timestamp_with_time_zone("made_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .take();
    of_accounts(table, "delegation", &["lender_id", "borrower_id"])
}

fn of_accounts(mut table: TableCreateStatement, name: &'static str, columns: &[&'static str]) -> TableCreateStatement {
    for who in columns {
        table.foreign_key(ForeignKey::create().name(format!("{name}_{who}")).from(name, *who).to("account", "id"));
    }
    table
}
