//! PostgreSQL: rows of provinces that a connection does not reach do not exist for it, neither for reading nor for writing,
//! whatever a query asks for. How far it reaches stands in the setting `shudu.reach`: codes of provinces with blanks between
//! them; nothing where there is no wall.
//!
//! The product's role owns the tables, so row-level security is forced upon it. The setting is read once a query, not once a row.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// What hangs on an assignment and is seen where that is seen.
const PARTS: [&str; 6] = ["assignment_event", "plan", "report", "evidence", "exemption_request", "verification"];

const REACH: &str = "coalesce(current_setting('shudu.reach', true), '')";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let db = manager.get_connection();
        let own = "province = ANY (string_to_array((SELECT ".to_owned() + REACH + "), ' '))";
        wall(db, "assignment", &own).await?;
        for part in PARTS {
            wall(db, part, &format!("EXISTS (SELECT FROM assignment WHERE assignment.id = {part}.assignment_id)"))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        for table in PARTS.into_iter().chain(["assignment"]) {
            let sql = format!(
                "DROP POLICY reach ON {table}; \
                 ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
            );
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

async fn wall(db: &SchemaManagerConnection<'_>, table: &str, reached: &str) -> Result<(), DbErr> {
    let sql = format!(
        "CREATE POLICY reach ON {table} USING ((SELECT {REACH}) = '' OR {reached}); \
         ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
    );
    db.execute_unprepared(&sql).await.map(|_| ())
}
