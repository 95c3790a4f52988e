//! The arrangement of a year is a dated record: loading a year again adds one, and figures of past days go by the one that was
//! known then. What was loaded before counts as known from the beginning, so that past figures stay as they were shown.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::word;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// The beginning: earlier than every figure.
const BEGINNING: &str = "1970-01-01T00:00:00+00:00";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        manager.create_table(arrangement()).await?;
        manager.create_table(exception()).await?;
        db.execute_unprepared(&format!(
            "INSERT INTO calendar_arrangement (year, loaded_at, known_from) \
             SELECT year, loaded_at, '{BEGINNING}' FROM calendar_year ORDER BY year"
        ))
        .await?;
        let year = year_of_day(manager);
        db.execute_unprepared(&format!(
            "INSERT INTO calendar_exception (arrangement_id, day, kind) \
             SELECT a.id, d.day, d.kind FROM calendar_day d JOIN calendar_arrangement a ON a.year = {year}"
        ))
        .await?;
        for table in ["calendar_day", "calendar_year"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        let guards = if manager.get_database_backend() == DbBackend::Postgres { POSTGRES } else { SQLITE };
        db.execute_unprepared(guards).await.map(|_| ())
    }

    // Of every year the arrangement that was loaded last is left.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        manager.create_table(calendar_year()).await?;
        manager.create_table(calendar_day()).await?;
        let last = "a.id = (SELECT max(b.id) FROM calendar_arrangement b WHERE b.year = a.year)";
        db.execute_unprepared(&format!(
            "INSERT INTO calendar_year (year, loaded_at) SELECT a.year, a.loaded_at FROM calendar_arrangement a WHERE {last}"
        ))
        .await?;
        db.execute_unprepared(&format!(
            "INSERT INTO calendar_day (day, kind) SELECT d.day, d.kind \
             FROM calendar_exception d JOIN calendar_arrangement a ON a.id = d.arrangement_id WHERE {last}"
        ))
        .await?;
        for table in ["calendar_exception", "calendar_arrangement"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn year_of_day(manager: &SchemaManager) -> &'static str {
    match manager.get_database_backend() {
        DbBackend::Postgres => "extract(year FROM d.day)::integer",
        _ => "CAST(strftime('%Y', d.day) AS integer)",
    }
}

fn arrangement() -> TableCreateStatement {
    Table::create()
        .table("calendar_arrangement")
        .col(big_pk_auto("id"))
        .col(integer("year"))
        .col(timestamp_with_time_zone("loaded_at"))
        .col(timestamp_with_time_zone("known_from"))
        .take()
}

fn exception() -> TableCreateStatement {
    // No foreign key: PostgreSQL asks for the right of change on the table that one points to, and nobody has that right.
    Table::create()
        .table("calendar_exception")
        .col(big_integer("arrangement_id"))
        .col(date("day"))
        .col(word("kind"))
        .primary_key(Index::create().col("arrangement_id").col("day"))
        .take()
}

/// The table as it was before.
fn calendar_year() -> TableCreateStatement {
    Table::create()
        .table("calendar_year")
        .col(integer("year").primary_key())
        .col(timestamp_with_time_zone("loaded_at"))
        .take()
}

/// The table as it was before.
fn calendar_day() -> TableCreateStatement {
    Table::create().table("calendar_day").col(date("day").primary_key()).col(word("kind")).take()
}

const SQLITE: &str = "
CREATE TRIGGER calendar_arrangement_is_fixed BEFORE UPDATE ON calendar_arrangement
BEGIN SELECT RAISE(ABORT, 'an arrangement that was loaded is never changed'); END;
CREATE TRIGGER calendar_arrangement_is_kept BEFORE DELETE ON calendar_arrangement
BEGIN SELECT RAISE(ABORT, 'an arrangement that was loaded is never deleted'); END;
CREATE TRIGGER calendar_exception_is_fixed BEFORE UPDATE ON calendar_exception
BEGIN SELECT RAISE(ABORT, 'an arrangement that was loaded is never changed'); END;
CREATE TRIGGER calendar_exception_is_kept BEFORE DELETE ON calendar_exception
BEGIN SELECT RAISE(ABORT, 'an arrangement that was loaded is never deleted'); END;
";

const POSTGRES: &str =
    "REVOKE UPDATE, DELETE, TRUNCATE ON calendar_arrangement, calendar_exception FROM PUBLIC, CURRENT_USER";
