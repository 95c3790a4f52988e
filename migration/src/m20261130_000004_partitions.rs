//! PostgreSQL: ballots lie in partitions, by campaign and by the hash of their serials. Work on the ballots of one campaign locks
//! no other campaign's ballots. The database itself makes the partitions of a campaign when the campaign's paper is stored, so
//! programs of an earlier level do the same.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            for sql in [PARTED, GUARDS, PARTS, FILLED] {
                manager.get_connection().execute_unprepared(sql).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            for sql in [WHOLE, GUARDS, JOINED] {
                manager.get_connection().execute_unprepared(sql).await?;
            }
        }
        Ok(())
    }
}

/// The table of all ballots, without a row of its own.
const PARTED: &str = "
ALTER TABLE ballot RENAME TO ballot_before;
ALTER INDEX ballot_pkey RENAME TO ballot_before_pkey;
ALTER INDEX ballot_waiting RENAME TO ballot_before_waiting;
CREATE TABLE ballot (LIKE ballot_before INCLUDING DEFAULTS, PRIMARY KEY (campaign, serial)) PARTITION BY LIST (campaign);
";

/// Index, grants and triggers of the table of ballots. Partitions inherit the index and the triggers of rows.
const GUARDS: &str = "
CREATE INDEX ballot_waiting ON ballot (campaign) WHERE batch IS NULL;
REVOKE UPDATE, DELETE, TRUNCATE ON ballot FROM PUBLIC, CURRENT_USER;
GRANT UPDATE (batch) ON ballot TO CURRENT_USER;
CREATE TRIGGER ballot_is_kept BEFORE DELETE ON ballot FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ballot_is_fixed BEFORE UPDATE ON ballot FOR EACH ROW
WHEN (OLD.batch IS NOT NULL OR (NEW.campaign, NEW.serial, NEW.track, NEW.province, NEW.choices, NEW.leaf)
  IS DISTINCT FROM (OLD.campaign, OLD.serial, OLD.track, OLD.province, OLD.choices, OLD.leaf))
EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ballot_is_never_emptied BEFORE TRUNCATE ON ballot EXECUTE FUNCTION refuse_change();
";

/// The partitions of a campaign are made apart and attached last: an attachment makes no voter of another campaign wait. A grant
/// and a trigger of TRUNCATE bind one table, so each partition has its own.
const PARTS: &str = "
CREATE FUNCTION make_ballot_parts(of text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  whole text := 'ballot_of_' || of;
  part text;
BEGIN
  EXECUTE format('CREATE TABLE %I (LIKE ballot INCLUDING DEFAULTS, CHECK (campaign = %L)) PARTITION BY HASH (serial)',
    whole, of);
  FOR n IN 0..15 LOOP
    part := whole || '_' || n;
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, whole, n);
  END LOOP;
  FOR part IN SELECT relid::regclass::text FROM pg_partition_tree(format('%I', whole)) LOOP
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM PUBLIC, CURRENT_USER', part);
    EXECUTE format('CREATE TRIGGER ballot_is_never_emptied BEFORE TRUNCATE ON %s EXECUTE FUNCTION refuse_change()', part);
  END LOOP;
  EXECUTE format('ALTER TABLE ballot ATTACH PARTITION %I FOR VALUES IN (%L)', whole, of);
END $$;
CREATE FUNCTION make_parts_of_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM make_ballot_parts(NEW.campaign);
  RETURN NULL;
END $$;
CREATE TRIGGER paper_makes_parts AFTER INSERT ON ballot_paper FOR EACH ROW EXECUTE FUNCTION make_parts_of_paper();
";

/// Ballots of campaigns that were published before.
const FILLED: &str = "
SELECT make_ballot_parts(campaign) FROM ballot_paper;
INSERT INTO ballot SELECT * FROM ballot_before ORDER BY campaign, serial;
DROP TABLE ballot_before;
";

const WHOLE: &str = "
DROP TRIGGER paper_makes_parts ON ballot_paper;
DROP FUNCTION make_parts_of_paper;
DROP FUNCTION make_ballot_parts;
ALTER TABLE ballot RENAME TO ballot_before;
ALTER INDEX ballot_pkey RENAME TO ballot_before_pkey;
ALTER INDEX ballot_waiting RENAME TO ballot_before_waiting;
CREATE TABLE ballot (LIKE ballot_before INCLUDING DEFAULTS, PRIMARY KEY (campaign, serial));
";

const JOINED: &str = "
INSERT INTO ballot SELECT * FROM ballot_before ORDER BY campaign, serial;
DROP TABLE ballot_before;
";
