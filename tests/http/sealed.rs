//! Sealed ballots stay: the database itself refuses changes, whoever sends them.

use std::collections::BTreeMap;
use std::time::Duration;

use entity::ballots::{ballot, log_head};
use entity::stored::Track;
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, Statement};
use shudu::app::App;

use super::tally::{cast, cast_with_a_tie, open};
use crate::ballot::voting;
use testing::{TestApp, given};

/// Takes the rights of a database owner. On PostgreSQL the owner of the tables can grant itself the rights that it revoked, so
/// triggers back up the grants.
async fn take_rights(app: &App) {
    let db = app.stores.ballots.db();
    if db.get_database_backend() == DbBackend::Postgres {
        let grant = "DO $$ BEGIN EXECUTE format('GRANT ALL ON ALL TABLES IN SCHEMA %I TO CURRENT_USER', current_schema()); END $$";
        db.execute_unprepared(grant).await.unwrap();
    }
}

/// Removes the guards of ballots, as a database owner can. Tests use this to check that changes are noticed.
pub async fn let_ballots_change(app: &App) {
    take_rights(app).await;
    let db = app.stores.ballots.db();
    let on = if db.get_database_backend() == DbBackend::Postgres { " ON ballot" } else { "" };
    for guard in ["ballot_is_fixed", "ballot_is_kept"] {
        db.execute_unprepared(&format!("DROP TRIGGER {guard}{on}")).await.unwrap();
    }
}

#[tokio::test]
async fn no_statement_changes_or_deletes_a_ballot_turns_the_log_back_or_forgets_a_rule() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |_| ()).await;
    cast_with_a_tie(&app).await;
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    cast(&app, "t1", 100, &[(3, Track::Anonymous, "330000", &[2])]).await;
    take_rights(&app.app).await;
    let db = app.app.stores.ballots.db();
    db.execute_unprepared("INSERT INTO sealed_rule (campaign, rule, batch, ballots) VALUES ('t1', 1, 0, 5)")
        .await
        .unwrap();
    let before = ballot::Entity::find().all(db).await.unwrap();
    for statement in [
        "DELETE FROM ballot",
        "DELETE FROM ballot WHERE batch IS NULL",
        "UPDATE ballot SET choices = 'T1-6'",
        "UPDATE ballot SET choices = 'T1-6' WHERE batch IS NULL",
        "UPDATE ballot SET province = '110000' WHERE batch = 0",
        "UPDATE ballot SET track = 'real_name'",
        "UPDATE ballot SET batch = NULL WHERE batch = 0",
        "UPDATE ballot SET batch = 7 WHERE batch = 0",
        "UPDATE log_head SET size = 3",
        "UPDATE log_head SET batches = 0",
        "UPDATE log_head SET origin = 'elsewhere/log/t1'",
        "UPDATE log_batch SET is_signed = false",
        "UPDATE log_batch SET root = (SELECT leaf FROM ballot WHERE batch IS NULL LIMIT 1)",
        "DELETE FROM log_batch",
        "UPDATE log_head SET root = (SELECT leaf FROM ballot WHERE batch IS NULL LIMIT 1)",
        "DELETE FROM log_head",
        "UPDATE sealed_rule SET ballots = 0",
        "DELETE FROM sealed_rule",
    ] {
        let refused = db.execute_unprepared(statement).await;
        let said = refused.expect_err(statement).to_string();
        assert!(["never", "only grows", "stays"].iter().any(|word| said.contains(word)), "{statement}: {said}");
    }
    if db.get_database_backend() == DbBackend::Postgres {
        for table in ["ballot", "ballot_of_t1", "ballot_of_t1_15", "log_batch", "log_head", "sealed_rule"] {
            db.execute_unprepared(&format!("TRUNCATE {table}")).await.unwrap_err();
        }
        for statement in ["DELETE FROM ballot_of_t1", "UPDATE ballot_of_t1 SET choices = 'T1-6'"] {
            db.execute_unprepared(statement).await.unwrap_err();
        }
    }
    assert_eq!(ballot::Entity::find().all(db).await.unwrap(), before);
    assert_eq!(log_head::Entity::find().count(db).await.unwrap(), 1);
}

/// On PostgreSQL the role of the product has no such right, whatever the triggers do.
#[tokio::test]
async fn the_role_that_the_product_runs_under_has_no_right_to_change_what_is_sealed() {
    let app = TestApp::new().await;
    let db = app.app.stores.ballots.db();
    if db.get_database_backend() != DbBackend::Postgres {
        return;
    }
    db.execute_unprepared(
        "SELECT make_ballot_parts('t1'); \
         ALTER TABLE ballot DISABLE TRIGGER USER; ALTER TABLE log_head DISABLE TRIGGER USER; \
         INSERT INTO ballot (campaign, serial, track, province, choices, leaf) VALUES ('t1', 'a', 'anonymous', '000000', 'A', 'b'); \
         INSERT INTO sealed_rule (campaign, rule, batch, ballots) VALUES ('t1', 1, 0, 5)",
    )
    .await
    .unwrap();
    db.execute_unprepared("UPDATE ballot SET batch = 1").await.unwrap();
    for statement in [
        "DELETE FROM ballot",
        "UPDATE ballot SET choices = 'B'",
        "TRUNCATE ballot",
        "DELETE FROM ballot_of_t1",
        "UPDATE ballot_of_t1_0 SET batch = 2",
        "TRUNCATE ballot_of_t1_0",
        "DELETE FROM log_head",
        "TRUNCATE log_head",
        "UPDATE log_batch SET size = 0",
        "DELETE FROM log_batch",
        "TRUNCATE log_batch",
        "UPDATE sealed_rule SET ballots = 0",
        "DELETE FROM sealed_rule",
        "TRUNCATE sealed_rule",
    ] {
        let said = db.execute_unprepared(statement).await.expect_err(statement).to_string();
        assert!(said.contains("permission denied"), "{statement}: {said}");
    }
}

#[tokio::test]
async fn after_the_count_the_ballots_lie_in_the_order_of_their_keys() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |_| ()).await;
    for first in [1, 300, 600] {
        cast(&app, "t1", first, &[(90, Track::Anonymous, "330000", &[2]), (30, Track::RealName, "610000", &[1])]).await;
    }
    let db = app.app.stores.ballots.db();
    // The serials of each partition, in the order in which they lie there.
    let physical = async || {
        let statement = "SELECT tableoid::bigint, serial FROM ballot ORDER BY tableoid, ctid";
        let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, statement)).await.unwrap();
        let mut parts: BTreeMap<i64, Vec<Vec<u8>>> = BTreeMap::new();
        for row in rows {
            let (part, serial) = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
            parts.entry(part).or_default().push(serial);
        }
        parts.into_values().collect::<Vec<_>>()
    };
    let is_postgres = db.get_database_backend() == DbBackend::Postgres;
    if is_postgres {
        assert!(!physical().await.iter().all(|part| part.is_sorted()), "rows lie as they came");
    }
    shudu::scheduler::tick(&app.app).await.unwrap();
    assert!(!log_head::Entity::find().one(db).await.unwrap().unwrap().rewritten, "not while somebody votes");
    app.clock.set(testing::app::noon("2018-04-09"));
    // The first run of the scheduler counts, the second one rewrites the table.
    for _ in 0..2 {
        shudu::scheduler::tick(&app.app).await.unwrap();
    }
    assert!(log_head::Entity::find().one(db).await.unwrap().unwrap().rewritten);
    if is_postgres {
        let parts = physical().await;
        assert_eq!((parts.len(), parts.iter().map(Vec::len).sum::<usize>()), (16, 360));
        assert!(parts.iter().all(|part| part.is_sorted()));
    }
}

/// PostgreSQL: the rewrite locks partitions of the counted campaign. The test holds these locks all the time. The database prefers
/// plans that would lock all partitions.
#[tokio::test]
async fn while_the_ballots_of_one_campaign_are_rewritten_nobody_who_votes_in_another_waits() {
    const GENERIC: &str = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET plan_cache_mode = force_generic_plan', current_database()); END $$";
    let app = TestApp::new().await;
    if app.app.stores.ballots.backend() == DbBackend::Postgres {
        app.app.stores.ballots.db().execute_unprepared(GENERIC).await.unwrap();
    }
    let Some(node) = app.beside().await else { return };
    let people = given::organisation(&app).await;
    for campaign in ["t1", "t2"] {
        given::published(&app, &people, campaign, |_| ()).await;
    }
    app.clock.set(testing::app::noon("2018-04-06"));
    given::ballots(&app, "t2", &[("330000", &[2])]).await;
    let counted =
        log_head::ActiveModel { campaign: Set("t2".to_owned()), is_disclosed: Set(true), ..Default::default() };
    let ballots = &app.app.stores.ballots;
    ballots.write(async |tx| Ok(log_head::Entity::update(counted).exec(tx).await?)).await.unwrap();
    let voter = node.nobody();
    let votes = async {
        for _ in 0..3 {
            let pass = voting::pass(&voter).await;
            let cast = voting::cast(&voter, &pass, &["T1-2"]).await.expect(201).json();
            let found = format!("/api/v1/receipts/{}", cast["receipt"].as_str().unwrap());
            voter.get(&found).await.expect(200);
            voting::cast(&voter, &pass, &["T1-2"]).await.expect(200);
            node.app.ballots.sequencer.seal("t1", 1).await.unwrap();
        }
        Ok(())
    };
    take_rights(&app.app).await;
    let rewrite = ballots.write(async |tx| {
        tx.execute_unprepared("LOCK TABLE ballot_of_t2 IN ACCESS EXCLUSIVE MODE").await?;
        votes.await
    });
    tokio::time::timeout(Duration::from_secs(60), rewrite).await.expect("nobody waits").unwrap();
}

#[tokio::test]
async fn a_campaign_in_trouble_keeps_no_others_ballots_in_the_order_in_which_they_came() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t2", |_| ()).await;
    open(&app, &people, |_| ()).await;
    cast(&app, "t1", 1, &[(30, Track::Anonymous, "330000", &[2])]).await;
    given::ballots(&app, "t2", &[("330000", &[2])]).await;
    app.clock.set(testing::app::noon("2018-04-09"));
    // The checkpoint of the batch of `t2` cannot be stored.
    std::fs::create_dir_all(app.app.config.data.join("objects/log/t2/history/1/.in-the-way")).unwrap();
    for _ in 0..2 {
        shudu::scheduler::tick(&app.app).await.unwrap_err();
    }
    let heads = log_head::Entity::find().all(app.app.stores.ballots.db()).await.unwrap();
    assert!(heads.iter().any(|head| head.campaign == "t1" && head.rewritten), "{heads:?}");
}

#[tokio::test]
async fn a_batch_of_many_statements_marks_every_ballot() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |_| ()).await;
    cast(&app, "t1", 1, &[(2_000, Track::Anonymous, "330000", &[2])]).await;
    let db = app.app.stores.ballots.db();
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    let waiting = ballot::Entity::find().filter(ballot::COLUMN.batch.is_null()).count(db).await.unwrap();
    assert_eq!(waiting, 0);
}

/// Without statistics of the table, the planner of PostgreSQL reads all waiting ballots for each list of serials.
#[tokio::test]
async fn a_batch_is_marked_without_reading_the_waiting_ballots_again_and_again() {
    const BALLOTS: i64 = 20_000;
    let app = TestApp::new().await;
    if app.app.stores.ballots.backend() != DbBackend::Postgres {
        return;
    }
    let people = given::organisation(&app).await;
    open(&app, &people, |_| ()).await;
    cast(&app, "t1", 0, &[(BALLOTS as usize, Track::Anonymous, "320000", &[2])]).await;
    let before = rows_read(&app, 0).await;
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    let read = rows_read(&app, before + BALLOTS).await - before;
    assert!(read < 10 * BALLOTS, "{read} rows were read for {BALLOTS} ballots");
}

/// Number of rows that were read from the parts of the box, once it has reached `least`. The database counts with a delay of seconds.
async fn rows_read(app: &TestApp, least: i64) -> i64 {
    let sql = "SELECT coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0)::bigint \
               FROM pg_stat_user_tables WHERE relname LIKE 'ballot\\_of\\_%' AND schemaname = current_schema()";
    let db = app.app.stores.ballots.db();
    loop {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
        let read: i64 = row.try_get_by_index(0).unwrap();
        if read >= least {
            return read;
        }
    }
}
