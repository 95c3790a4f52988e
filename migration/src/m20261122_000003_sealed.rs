//! What is sealed stays: the database itself refuses to change or delete ballots and to turn the log back. Who leads a log is
//! an epoch in its head; rules that invalidate ballots leave a mark.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::keyed;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let epoch = Table::alter().table("log_head").add_column(big_integer("epoch").default(0)).to_owned();
        manager.alter_table(epoch).await?;
        let rewritten = Table::alter().table("log_head").add_column(boolean("rewritten").default(false)).to_owned();
        manager.alter_table(rewritten).await?;
        manager.create_table(keyed(manager, sealed_rule())).await?;
        let guards = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        manager.get_connection().execute_unprepared(guards).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let guards = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES_DOWN,
            _ => SQLITE_DOWN,
        };
        manager.get_connection().execute_unprepared(guards).await?;
        manager.drop_table(Table::drop().table("sealed_rule").take()).await?;
        for column in ["rewritten", "epoch"] {
            manager.alter_table(Table::alter().table("log_head").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

fn sealed_rule() -> TableCreateStatement {
    Table::create()
        .table("sealed_rule")
        .col(string("campaign"))
        .col(integer("rule"))
        .col(integer("batch"))
        .col(big_integer("ballots"))
        .primary_key(Index::create().col("campaign").col("rule"))
        .take()
}

/// The one change that a ballot knows is the number of its batch, once.
const SQLITE: &str = "
CREATE TRIGGER ballot_is_kept BEFORE DELETE ON ballot
BEGIN SELECT RAISE(ABORT, 'ballots are never deleted'); END;
CREATE TRIGGER ballot_is_fixed BEFORE UPDATE ON ballot
WHEN OLD.batch IS NOT NULL OR NEW.campaign IS NOT OLD.campaign OR NEW.serial IS NOT OLD.serial
  OR NEW.track IS NOT OLD.track OR NEW.province IS NOT OLD.province OR NEW.choices IS NOT OLD.choices
  OR NEW.leaf IS NOT OLD.leaf
BEGIN SELECT RAISE(ABORT, 'ballots are never changed'); END;
CREATE TRIGGER log_head_is_kept BEFORE DELETE ON log_head
BEGIN SELECT RAISE(ABORT, 'a log is never forgotten'); END;
CREATE TRIGGER log_head_grows BEFORE UPDATE ON log_head
WHEN NEW.campaign IS NOT OLD.campaign OR NEW.origin IS NOT OLD.origin OR NEW.size < OLD.size
  OR NEW.batches < OLD.batches OR NEW.epoch < OLD.epoch OR (NEW.size = OLD.size AND NEW.root IS NOT OLD.root)
BEGIN SELECT RAISE(ABORT, 'a log only grows'); END;
CREATE TRIGGER sealed_rule_is_kept BEFORE DELETE ON sealed_rule
BEGIN SELECT RAISE(ABORT, 'a rule that was applied stays'); END;
CREATE TRIGGER sealed_rule_is_fixed BEFORE UPDATE ON sealed_rule
BEGIN SELECT RAISE(ABORT, 'a rule that was applied stays'); END;
";

const SQLITE_DOWN: &str = "
DROP TRIGGER ballot_is_kept;
DROP TRIGGER ballot_is_fixed;
DROP TRIGGER log_head_is_kept;
DROP TRIGGER log_head_grows;
";

/// Grants bind the role that the product runs under, even as owner; triggers bind whoever has more rights.
const POSTGRES: &str = "
REVOKE UPDATE, DELETE, TRUNCATE ON ballot, sealed_rule FROM PUBLIC, CURRENT_USER;
GRANT UPDATE (batch) ON ballot TO CURRENT_USER;
REVOKE DELETE, TRUNCATE ON log_head FROM PUBLIC, CURRENT_USER;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION '% of %: what is sealed stays', TG_OP, TG_TABLE_NAME; END $$;
CREATE TRIGGER ballot_is_kept BEFORE DELETE ON ballot FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ballot_is_fixed BEFORE UPDATE ON ballot FOR EACH ROW
WHEN (OLD.batch IS NOT NULL OR (NEW.campaign, NEW.serial, NEW.track, NEW.province, NEW.choices, NEW.leaf)
  IS DISTINCT FROM (OLD.campaign, OLD.serial, OLD.track, OLD.province, OLD.choices, OLD.leaf))
EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ballot_is_never_emptied BEFORE TRUNCATE ON ballot EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_head_is_kept BEFORE DELETE ON log_head FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_head_is_never_emptied BEFORE TRUNCATE ON log_head EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_head_grows BEFORE UPDATE ON log_head FOR EACH ROW
WHEN (NEW.campaign <> OLD.campaign OR NEW.origin <> OLD.origin OR NEW.size < OLD.size OR NEW.batches < OLD.batches
  OR NEW.epoch < OLD.epoch OR (NEW.size = OLD.size AND NEW.root <> OLD.root))
EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sealed_rule_is_fixed BEFORE UPDATE OR DELETE ON sealed_rule FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sealed_rule_is_never_emptied BEFORE TRUNCATE ON sealed_rule EXECUTE FUNCTION refuse_change();
";

const POSTGRES_DOWN: &str = "
DROP FUNCTION refuse_change CASCADE;
GRANT UPDATE, DELETE, TRUNCATE ON ballot, log_head TO CURRENT_USER;
";
