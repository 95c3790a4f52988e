//! The ranking rule of a campaign. Campaigns of earlier versions keep the only rule that there was.

use sea_orm_migration::prelude::*;

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
        let mut rule = word("ranking_rule");
        rule.default("votes-realname-number/1");
        manager.alter_table(Table::alter().table("campaign").add_column(rule).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("campaign").drop_column("ranking_rule").take()).await
    }
}
