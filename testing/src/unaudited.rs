//! Writes that nobody put on record: on SQLite every table of the main store notes when it is written, with the size the audit
//! trail had then. An entry is the last write of its transaction, so what was written at the present size was not told.
//!
//! Of requests that overlap none is watched: one would see what another is about to put on record.

use std::sync::atomic::{AtomicUsize, Ordering};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// Tables whose writes are no acts: sign-ins note their last use, limits count, what a start fills, and what follows the entry of an
/// act: the public version, and the pass key of a published or counted campaign.
const NOT_AUDITED: [&str; 8] =
    ["session", "limit_count", "store_key", "seaql_migrations", "public_version", "pass_key", "node", "job"];

/// Overlap of unsafe requests of an application.
#[derive(Default)]
pub struct InFlight {
    begun: AtomicUsize,
    ended: AtomicUsize,
}

/// A request that was begun: how many others had been, and whether one of them was still under way.
pub struct Started {
    before: usize,
    is_first: bool,
}

impl InFlight {
    pub fn begin(&self) -> Started {
        let before = self.begun.fetch_add(1, Ordering::SeqCst);
        Started { before, is_first: self.ended.load(Ordering::SeqCst) == before }
    }

    /// Whether no other one was under way since it began.
    pub fn was_alone(&self, turn: Started) -> bool {
        turn.is_first && self.begun.load(Ordering::SeqCst) == turn.before + 1
    }

    pub fn end(&self) {
        self.ended.fetch_add(1, Ordering::SeqCst);
    }
}

async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// Makes every table note its writes.
pub async fn watch(db: &DatabaseConnection) {
    let tables = rows(db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").await;
    db.execute_unprepared("CREATE TABLE unaudited (place integer PRIMARY KEY, name text, size int)").await.unwrap();
    for table in tables.iter().filter(|t| !NOT_AUDITED.contains(&t.as_str()) && !t.starts_with("audit_")) {
        for act in ["INSERT", "UPDATE", "DELETE"] {
            db.execute_unprepared(&format!(
                "CREATE TRIGGER unaudited_{table}_{act} AFTER {act} ON {table} \
                 BEGIN INSERT INTO unaudited (name, size) SELECT '{table}', size FROM audit_head; END"
            ))
            .await
            .unwrap();
        }
    }
}

/// Position of the last note; nothing on a database without notes.
pub async fn position(db: &DatabaseConnection) -> Option<String> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return None;
    }
    rows(db, "SELECT CAST(COALESCE(MAX(place), 0) AS text) FROM unaudited").await.pop()
}

/// Tables that were written after a place without an entry in the trail.
pub async fn since(db: &DatabaseConnection, position: &str) -> Vec<String> {
    let sql = format!(
        "SELECT DISTINCT name FROM unaudited WHERE place > {position} AND size = (SELECT size FROM audit_head) ORDER BY name"
    );
    rows(db, &sql).await
}
