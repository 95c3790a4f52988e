//! Ballot papers say how passes and ballots of their campaigns are made, and under which key serials of real-name passes are.
//! Papers of earlier versions have format 1 and no such fingerprint: the register remembered theirs.

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
        let format = Table::alter().table("ballot_paper").add_column(integer("format").default(1)).to_owned();
        manager.alter_table(format).await?;
        let key = Table::alter().table("ballot_paper").add_column(string_null("pass_key")).to_owned();
        manager.alter_table(key).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["pass_key", "format"] {
            manager.alter_table(Table::alter().table("ballot_paper").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
