//! Batches of the public log are rows, written before they are signed. Everything of a log that changes is a row: the checkpoint and
//! the signed count. The fencing token of the process that led a log goes.

use sea_orm::{DbBackend, Statement};
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
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        let db = manager.get_connection();
        // Logs and keys of earlier programs were files beside the store, which this change does not read.
        if db.query_one_raw(Statement::from_string(db.get_database_backend(), CAMPAIGN_OF_EARLIER)).await?.is_some() {
            return Err(DbErr::Custom(REFUSED.to_owned()));
        }
        let batch = Table::create()
            .table("log_batch")
            .col(string("campaign"))
            .col(integer("number"))
            .col(big_integer("size"))
            .col(blob("root"))
            .col(integer_null("rule"))
            .col(boolean("is_signed").default(false))
            .primary_key(Index::create().col("campaign").col("number"))
            .take();
        manager.create_table(keyed(manager, batch)).await?;
        db.execute_unprepared(if is_postgres {
            "DROP TRIGGER log_head_grows ON log_head"
        } else {
            "DROP TRIGGER log_head_grows"
        })
        .await?;
        manager.alter_table(Table::alter().table("log_head").drop_column("epoch").to_owned()).await?;
        let none = if is_postgres { "''::bytea" } else { "X''" };
        let columns = [
            blob("edge").default(Expr::cust(none)).take(),
            boolean("is_begun").default(false).take(),
            boolean("is_disclosed").default(false).take(),
            text_null("checkpoint"),
            text_null("tally"),
        ];
        for column in columns {
            manager.alter_table(Table::alter().table("log_head").add_column(column).to_owned()).await?;
        }
        db.execute_unprepared(if is_postgres { POSTGRES } else { SQLITE }).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        let db = manager.get_connection();
        db.execute_unprepared(if is_postgres {
            "DROP TRIGGER log_head_grows ON log_head"
        } else {
            "DROP TRIGGER log_head_grows"
        })
        .await?;
        for column in ["tally", "checkpoint", "is_disclosed", "is_begun", "edge"] {
            manager.alter_table(Table::alter().table("log_head").drop_column(column).to_owned()).await?;
        }
        let epoch = Table::alter().table("log_head").add_column(big_integer("epoch").default(0)).to_owned();
        manager.alter_table(epoch).await?;
        manager.drop_table(Table::drop().table("log_batch").take()).await?;
        db.execute_unprepared(if is_postgres { POSTGRES_BEFORE } else { SQLITE_BEFORE }).await?;
        Ok(())
    }
}

const CAMPAIGN_OF_EARLIER: &str = "SELECT campaign FROM ballot_paper LIMIT 1";
const REFUSED: &str = "the ballots store holds campaigns of a version that kept logs, evidence and pass keys as files of its data \
                       directory. This version does not take them over: go on with that version, or begin with an empty data directory";

/// A batch knows one change: it is signed, once.
const SQLITE: &str = "
CREATE TRIGGER log_head_grows BEFORE UPDATE ON log_head
WHEN NEW.campaign IS NOT OLD.campaign OR NEW.origin IS NOT OLD.origin OR NEW.size < OLD.size
  OR NEW.batches < OLD.batches OR (NEW.size = OLD.size AND NEW.root IS NOT OLD.root)
  OR (OLD.is_disclosed AND NOT NEW.is_disclosed)
  OR (OLD.is_begun AND NOT NEW.is_begun)
BEGIN SELECT RAISE(ABORT, 'a log only grows'); END;
CREATE TRIGGER log_batch_is_kept BEFORE DELETE ON log_batch
BEGIN SELECT RAISE(ABORT, 'a batch of a log stays'); END;
CREATE TRIGGER log_batch_is_fixed BEFORE UPDATE ON log_batch
WHEN NEW.campaign IS NOT OLD.campaign OR NEW.number IS NOT OLD.number OR NEW.size IS NOT OLD.size
  OR NEW.root IS NOT OLD.root OR NEW.rule IS NOT OLD.rule OR (OLD.is_signed AND NOT NEW.is_signed)
BEGIN SELECT RAISE(ABORT, 'a batch of a log stays'); END;
";

const SQLITE_BEFORE: &str = "
CREATE TRIGGER log_head_grows BEFORE UPDATE ON log_head
WHEN NEW.campaign IS NOT OLD.campaign OR NEW.origin IS NOT OLD.origin OR NEW.size < OLD.size
  OR NEW.batches < OLD.batches OR NEW.epoch < OLD.epoch OR (NEW.size = OLD.size AND NEW.root IS NOT OLD.root)
BEGIN SELECT RAISE(ABORT, 'a log only grows'); END;
";

/// Grants bind the role that the product runs under, even as owner; triggers bind whoever has more rights.
const POSTGRES: &str = "
REVOKE UPDATE, DELETE, TRUNCATE ON log_batch FROM PUBLIC, CURRENT_USER;
GRANT UPDATE (is_signed) ON log_batch TO CURRENT_USER;
CREATE TRIGGER log_head_grows BEFORE UPDATE ON log_head FOR EACH ROW
WHEN (NEW.campaign <> OLD.campaign OR NEW.origin <> OLD.origin OR NEW.size < OLD.size OR NEW.batches < OLD.batches
  OR (NEW.size = OLD.size AND NEW.root <> OLD.root) OR (OLD.is_disclosed AND NOT NEW.is_disclosed)
  OR (OLD.is_begun AND NOT NEW.is_begun))
EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_batch_is_kept BEFORE DELETE ON log_batch FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_batch_is_fixed BEFORE UPDATE ON log_batch FOR EACH ROW
WHEN ((NEW.campaign, NEW.number, NEW.size, NEW.root, NEW.rule) IS DISTINCT FROM
  (OLD.campaign, OLD.number, OLD.size, OLD.root, OLD.rule) OR (OLD.is_signed AND NOT NEW.is_signed))
EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_batch_is_never_emptied BEFORE TRUNCATE ON log_batch EXECUTE FUNCTION refuse_change();
";

const POSTGRES_BEFORE: &str = "
CREATE TRIGGER log_head_grows BEFORE UPDATE ON log_head FOR EACH ROW
WHEN (NEW.campaign <> OLD.campaign OR NEW.origin <> OLD.origin OR NEW.size < OLD.size OR NEW.batches < OLD.batches
  OR NEW.epoch < OLD.epoch OR (NEW.size = OLD.size AND NEW.root <> OLD.root))
EXECUTE FUNCTION refuse_change();
";
