//! The schema of each store as a list of changes, oldest first. Frozen history: this crate does not know the entities.
//!
//! A change is one file; it names tables and columns as plain strings, runs in a transaction on both databases, and is
//! never edited once it was released (expand, release, contract). `tests/http/schema.rs` proves that the sum of the changes
//! and the entities agree.
//!
//! # Rolling upgrades
//! The level of a schema is how many changes of the list it has gone through. A change that only adds (expands) leaves earlier
//! programs at work beside the new one. A change that takes something away (contracts) raises the floor of its list to its own
//! level: programs of a lower level refuse to start on that schema and say so.

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::{MigratorTrait, SchemaManager};

mod m20261121_000001_ballots;
mod m20261121_000001_programme;
mod m20261121_000001_register;
mod m20261121_000002_identity;
mod m20261121_000003_audit;
mod m20261121_000004_campaign;
mod m20261121_000005_tally;
mod m20261121_000006_dispatch;
mod m20261121_000007_report;
mod m20261121_000008_supervision;
mod m20261122_000002_log;
mod m20261122_000003_sealed;
mod m20261122_000009_invalidation;
mod m20261122_000010_limit_count;
mod m20261122_000010_sign_in;
mod m20261122_000011_audit;
mod m20261122_000012_access;
mod m20261122_000013_person_kind;
mod m20261122_000013_single_sign_on;
mod m20261122_000014_wall;
mod m20261122_000015_proofs;
mod m20261129_000001_incident;
mod m20261129_000002_steps;
mod m20261129_000003_format;
mod m20261129_000005_ranking_rule;
mod m20261129_000006_work;
mod m20261129_000007_two_people;
mod m20261129_000008_arrangements;
mod m20261129_000009_schema;
mod m20261130_000001_page_view;
mod m20261130_000002_log_batch;
mod m20261130_000003_nodes;
mod m20261130_000004_partitions;

/// Changes of the main store.
pub struct MainMigrator;

impl MainMigrator {
    /// The least level of a program that works on this schema. Earlier programs look for pass keys among their files.
    pub const FLOOR: i32 = 24;
}

impl MigratorTrait for MainMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_programme::Migration),
            Box::new(m20261121_000002_identity::Migration),
            Box::new(m20261121_000003_audit::Migration),
            Box::new(m20261121_000004_campaign::Migration),
            Box::new(m20261121_000005_tally::Migration),
            Box::new(m20261121_000006_dispatch::Migration),
            Box::new(m20261121_000007_report::Migration),
            Box::new(m20261121_000008_supervision::Migration),
            Box::new(m20261122_000009_invalidation::Migration),
            Box::new(m20261122_000010_limit_count::Migration),
            Box::new(m20261122_000011_audit::Migration),
            Box::new(m20261122_000013_single_sign_on::Migration),
            Box::new(m20261122_000012_access::Migration),
            Box::new(m20261122_000010_sign_in::Migration),
            Box::new(m20261122_000014_wall::Migration),
            Box::new(m20261122_000015_proofs::Migration),
            Box::new(m20261129_000001_incident::Migration),
            Box::new(m20261129_000007_two_people::Migration),
            Box::new(m20261129_000005_ranking_rule::Migration),
            Box::new(m20261129_000008_arrangements::Migration),
            Box::new(m20261129_000006_work::Main),
            Box::new(m20261129_000009_schema::Migration),
            Box::new(m20261130_000001_page_view::Migration),
            Box::new(m20261130_000003_nodes::Migration),
        ]
    }
}

/// Changes of the ballots store.
pub struct BallotsMigrator;

impl BallotsMigrator {
    /// The least level of a program that works on this schema. Earlier programs sign a batch before it is committed.
    pub const FLOOR: i32 = 8;
}

impl MigratorTrait for BallotsMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_ballots::Migration),
            Box::new(m20261122_000002_log::Migration),
            Box::new(m20261122_000003_sealed::Migration),
            Box::new(m20261129_000003_format::Migration),
            Box::new(m20261129_000002_steps::Migration),
            Box::new(m20261129_000006_work::Ballots),
            Box::new(m20261129_000009_schema::Migration),
            Box::new(m20261130_000002_log_batch::Migration),
            Box::new(m20261130_000004_partitions::Migration),
        ]
    }
}

/// Changes of the register.
pub struct RegisterMigrator;

impl RegisterMigrator {
    /// The least level of a program that works on this schema.
    pub const FLOOR: i32 = 0;
}

impl MigratorTrait for RegisterMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_register::Migration),
            Box::new(m20261122_000013_person_kind::Migration),
            Box::new(m20261129_000009_schema::Migration),
        ]
    }
}

/// A stored enumeration: a short word.
fn word(column: &'static str) -> ColumnDef {
    sea_orm_migration::schema::string_len(column, 24)
}

/// A table that lives in its natural key, without a hidden row number that would tell the order of arrival.
fn keyed(manager: &SchemaManager<'_>, mut table: TableCreateStatement) -> TableCreateStatement {
    if manager.get_database_backend() == sea_orm::DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table
}
