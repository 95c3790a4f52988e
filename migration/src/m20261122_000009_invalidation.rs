//! Rules by which ballots are invalidated after the close, with their two signatures.

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
        let invalidated = Table::alter().table("tally").add_column(big_integer("invalidated").default(0)).to_owned();
        manager.alter_table(invalidated).await?;
        manager.create_table(invalidation()).await?;
        let numbered = Index::create()
            .name("invalidation_by_number")
            .table("invalidation")
            .col("campaign_id")
            .col("number")
            .unique()
            .take();
        manager.create_index(numbered).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("invalidation").take()).await?;
        manager.alter_table(Table::alter().table("tally").drop_column("invalidated").to_owned()).await
    }
}

fn invalidation() -> TableCreateStatement {
    let mut table = Table::create()
        .table("invalidation")
        .col(big_pk_auto("id"))
        .col(big_integer("campaign_id"))
        .col(integer("number"))
        .col(string("criteria"))
        .col(text("reason"))
        .col(big_integer("ballots"))
        .col(big_integer("proposed_by"))
        .col(timestamp_with_time_zone("proposed_at"))
        .col(big_integer_null("first_approver"))
        .col(timestamp_with_time_zone_null("first_at"))
        .col(big_integer_null("second_approver"))
        .col(timestamp_with_time_zone_null("second_at"))
        .col(timestamp_with_time_zone_null("withdrawn_at"))
        .col(timestamp_with_time_zone_null("appended_at"))
        .foreign_key(
            ForeignKey::create()
                .name("invalidation_campaign_id")
                .from("invalidation", "campaign_id")
                .to("campaign", "id"),
        )
        .take();
    for who in ["proposed_by", "first_approver", "second_approver"] {
        table.foreign_key(
            ForeignKey::create().name(format!("invalidation_{who}")).from("invalidation", who).to("account", "id"),
        );
    }
    table
}
