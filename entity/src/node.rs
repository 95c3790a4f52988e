//! A process that serves the site. The row is a lease: it counts until its instant is past, by the clock of the database.

use sea_orm::entity::prelude::*;

/// A process that serves the site.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "node")]
pub struct Model {
    /// Name of the process: its machine and its number there.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Number of the rows that only this process writes, so that writers do not wait for each other.
    #[sea_orm(unique)]
    pub shard: i32,
    /// Instant at which the lease ends, by the clock of the database.
    pub until: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
