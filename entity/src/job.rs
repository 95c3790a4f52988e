//! Work that one process at a time does for the site. The row is a lease, as of [`super::node`].

use sea_orm::entity::prelude::*;

/// Work that one process at a time does for the site.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Name of the work.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Name of the process that does the work.
    pub node: String,
    /// Instant at which the lease ends, by the clock of the database.
    pub until: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
