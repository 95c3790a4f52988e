//! A campaign bounds the anonymous passes of an address and the work for one: in its rules and on its ballot paper.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

/// The change of the main store.
pub struct Main;

/// The change of the ballots store.
pub struct Ballots;

/// Columns with what campaigns of before are given.
const COLUMNS: [(&str, i32); 2] = [("day_cap", 500), ("work_seconds", 10)];

impl MigrationName for Main {
    fn name(&self) -> &'static str {
        "m20261129_000006_work_campaign"
    }
}

impl MigrationName for Ballots {
    fn name(&self) -> &'static str {
        "m20261129_000006_work_ballot_paper"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Main {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "campaign").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remove(manager, "campaign").await
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Ballots {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "ballot_paper").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remove(manager, "ballot_paper").await
    }
}

async fn add(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    for (column, usual) in COLUMNS {
        let added = Table::alter().table(table).add_column(integer(column).default(usual)).to_owned();
        manager.alter_table(added).await?;
    }
    Ok(())
}

async fn remove(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    for (column, _) in COLUMNS {
        manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
    }
    Ok(())
}
