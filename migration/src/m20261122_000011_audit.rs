//! The audit trail as a chain: entries that the database itself refuses to change, the head that they grow from, openings of what
//! is only committed to. Entries of earlier versions are taken over; the product chains them at its next start.

use sea_orm::DbBackend;
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
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        let db = manager.get_connection();
        db.execute_unprepared("DROP INDEX audit_entry_by_system_at").await?;
        db.execute_unprepared("ALTER TABLE audit_entry RENAME TO audit_before").await?;
        if is_postgres {
            db.execute_unprepared("ALTER INDEX audit_entry_pkey RENAME TO audit_before_pkey").await?;
        }
        for table in [audit_entry(), audit_head(), audit_opening(), audit_refusal()] {
            manager.create_table(table).await?;
        }
        for column in ["at", "act", "object", "actor_id"] {
            let name = format!("audit_entry_by_{column}");
            manager.create_index(Index::create().name(name).table("audit_entry").col(column).take()).await?;
        }
        let text = if is_postgres { "detail::text" } else { "detail" };
        db.execute_unprepared(&format!(
            "INSERT INTO audit_entry (number, at, system_at, actor_id, capacity, act, object, detail, commitments, hash) \
             SELECT row_number() OVER (ORDER BY id), at, system_at, actor_id, '', act, object, {text}, '', '' FROM audit_before"
        ))
        .await?;
        manager.drop_table(Table::drop().table("audit_before").take()).await?;
        let zeros = "0".repeat(64);
        db.execute_unprepared(&format!("INSERT INTO audit_head (name, size, hash) VALUES ('audit', 0, '{zeros}')"))
            .await?;
        db.execute_unprepared(if is_postgres { POSTGRES } else { SQLITE }).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        let db = manager.get_connection();
        if !is_postgres {
            // A trigger that names a table which is gone is in the way of every change of a name.
            db.execute_unprepared("DROP TRIGGER audit_entry_is_next").await?;
        }
        for table in ["audit_refusal", "audit_opening", "audit_head"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        if is_postgres {
            db.execute_unprepared("ALTER TABLE audit_entry RENAME CONSTRAINT audit_entry_pkey TO audit_chained_pkey")
                .await?;
        }
        db.execute_unprepared("ALTER TABLE audit_entry RENAME TO audit_chained").await?;
        manager.create_table(audit_unchained()).await?;
        let by_time = Index::create().name("audit_entry_by_system_at").table("audit_entry").col("system_at").take();
        manager.create_index(by_time).await?;
        let json = if is_postgres { "detail::json" } else { "detail" };
        db.execute_unprepared(&format!(
            "INSERT INTO audit_entry (at, system_at, actor_id, act, object, detail) \
             SELECT at, system_at, actor_id, act, object, {json} FROM audit_chained ORDER BY number"
        ))
        .await?;
        manager.drop_table(Table::drop().table("audit_chained").take()).await?;
        if is_postgres {
            db.execute_unprepared("DROP FUNCTION refuse_audit_change CASCADE").await?;
        }
        Ok(())
    }
}

fn audit_entry() -> TableCreateStatement {
    // No foreign keys: the trail outlives what it names.
    Table::create()
        .table("audit_entry")
        .col(big_integer("number").primary_key())
        .col(timestamp_with_time_zone("at"))
        .col(timestamp_with_time_zone("system_at"))
        .col(big_integer_null("actor_id"))
        .col(string("capacity"))
        .col(big_integer_null("on_behalf_of"))
        .col(string("act"))
        .col(string("object"))
        .col(text("detail"))
        .col(text("commitments"))
        .col(string("hash"))
        .take()
}

fn audit_head() -> TableCreateStatement {
    Table::create()
        .table("audit_head")
        .col(string("name").primary_key())
        .col(big_integer("size"))
        .col(string("hash"))
        .take()
}

fn audit_opening() -> TableCreateStatement {
    Table::create()
        .table("audit_opening")
        .col(big_integer("entry"))
        .col(string("name"))
        .col(string("salt"))
        .col(text("value"))
        .primary_key(Index::create().col("entry").col("name"))
        .take()
}

fn audit_refusal() -> TableCreateStatement {
    Table::create().table("audit_refusal").col(big_integer("hour").primary_key()).col(big_integer("count")).take()
}

/// The table as it was before.
fn audit_unchained() -> TableCreateStatement {
    Table::create()
        .table("audit_entry")
        .col(big_pk_auto("id"))
        .col(timestamp_with_time_zone("at"))
        .col(timestamp_with_time_zone("system_at"))
        .col(big_integer_null("actor_id"))
        .col(string("act"))
        .col(string("object"))
        .col(json("detail"))
        .foreign_key(
            ForeignKey::create().name("audit_entry_actor_id").from("audit_entry", "actor_id").to("account", "id"),
        )
        .take()
}

/// An entry without a hash is one of an earlier version that waits to be chained. Insertion is guarded too: `INSERT OR REPLACE`
/// would take a row away without the trigger of a deletion.
const SQLITE: &str = "
CREATE TRIGGER audit_entry_is_next BEFORE INSERT ON audit_entry
WHEN NEW.number IS NOT (SELECT size + 1 FROM audit_head WHERE name = 'audit')
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows at its end'); END;
CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;
CREATE TRIGGER audit_entry_is_fixed BEFORE UPDATE ON audit_entry
WHEN OLD.hash <> '' OR NEW.number IS NOT OLD.number
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head
BEGIN SELECT RAISE(ABORT, 'there is never a second head of the audit trail'); END;
CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit trail is never forgotten'); END;
CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head
WHEN NEW.name IS NOT OLD.name OR NEW.size <= OLD.size
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows at its end, never back'); END;
CREATE TRIGGER audit_opening_is_fixed BEFORE UPDATE ON audit_opening
BEGIN SELECT RAISE(ABORT, 'openings are never changed, only erased'); END;
CREATE TRIGGER audit_opening_is_new BEFORE INSERT ON audit_opening
WHEN EXISTS (SELECT 1 FROM audit_opening WHERE entry = NEW.entry AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'openings are never changed, only erased'); END;
";

/// Grants bind the role that the product runs under, even as owner; triggers bind whoever has more rights.
const POSTGRES: &str = "
REVOKE DELETE, TRUNCATE ON audit_entry, audit_head FROM PUBLIC, CURRENT_USER;
REVOKE UPDATE, TRUNCATE ON audit_opening FROM PUBLIC, CURRENT_USER;
REVOKE UPDATE ON audit_entry FROM PUBLIC, CURRENT_USER;
GRANT UPDATE (object, commitments, hash) ON audit_entry TO CURRENT_USER;
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION '% of %: what is on record is never changed', TG_OP, TG_TABLE_NAME; END $$;
CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_entry_is_fixed BEFORE UPDATE ON audit_entry FOR EACH ROW
WHEN (OLD.hash <> '' OR NEW.number <> OLD.number) EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_entry_is_never_emptied BEFORE TRUNCATE ON audit_entry EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_head_is_never_emptied BEFORE TRUNCATE ON audit_head EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head FOR EACH ROW
WHEN (NEW.name <> OLD.name OR NEW.size <= OLD.size) EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_opening_is_fixed BEFORE UPDATE ON audit_opening FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_opening_is_never_emptied BEFORE TRUNCATE ON audit_opening EXECUTE FUNCTION refuse_audit_change();
";
