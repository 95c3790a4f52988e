//! The migrations and the entities describe the same tables, on the database that the tests run on.

use entity::{ballots, register};
use migration::{BallotsMigrator, MainMigrator, MigratorTrait, RegisterMigrator};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, QueryOrder, Schema, Statement};
use shudu::app::App;
use shudu::base::store::Stores;
use shudu::config::{Config, Settings};

/// A new, empty database.
async fn fresh(name: &str) -> DatabaseConnection {
    match std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty()) {
        Some(server) => {
            let admin = Database::connect(&server).await.unwrap();
            let name = format!("schema_{}_{name}", std::process::id());
            admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
            admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
            Database::connect(format!("{}/{name}", server.rsplit_once('/').unwrap().0)).await.unwrap()
        }
        None => {
            let mut options = sea_orm::ConnectOptions::new("sqlite::memory:");
            options.max_connections(1).min_connections(1).idle_timeout(None::<std::time::Duration>);
            Database::connect(options).await.unwrap()
        }
    }
}

/// A column: table, name, type, and whether it may be null.
type Column = (String, String, String, bool);

async fn columns(db: &DatabaseConnection) -> Vec<Column> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT table_name AS t, column_name AS c, data_type || COALESCE(character_maximum_length::text, '') AS y, \
             is_nullable = 'YES' AS n FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        }
        _ => {
            "SELECT m.name AS t, i.name AS c, lower(i.type) AS y, i.\"notnull\" = 0 AND i.pk = 0 AS n \
             FROM sqlite_master m JOIN pragma_table_info(m.name) i WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
        }
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter()
        .map(|row| {
            let text = |name| row.try_get::<String>("", name).unwrap();
            (text("t"), text("c"), text("y"), row.try_get("", "n").unwrap())
        })
        .filter(|column: &Column| column.0 != "seaql_migrations")
        .collect()
}

/// Creates a table as its entity describes it.
async fn create<E: EntityTrait>(db: &DatabaseConnection, entity: E) {
    let mut table = Schema::new(db.get_database_backend()).create_table_from_entity(entity);
    db.execute(table.if_not_exists()).await.unwrap();
}

macro_rules! agree {
    ($test:ident, $migrator:ty, $name:literal, [$($entity:path),+ $(,)?]) => {
        #[tokio::test]
        async fn $test() {
            let migrated = fresh(concat!($name, "_migrated")).await;
            <$migrator>::up(&migrated, None).await.unwrap();
            let described = fresh(concat!($name, "_described")).await;
            $(create(&described, $entity).await;)+
            let (left, right) = (columns(&migrated).await, columns(&described).await);
            assert!(!left.is_empty());
            let only = |a: &[Column], b: &[Column]| a.iter().filter(|c| !b.contains(c)).cloned().collect::<Vec<_>>();
            assert_eq!((only(&left, &right), only(&right, &left)), (vec![], vec![]), "(migrations only, entities only)");
            // The migrations run down and up again: a way back removes everything that its migration created.
            <$migrator>::down(&migrated, None).await.unwrap();
            assert_eq!(columns(&migrated).await, vec![]);
            <$migrator>::up(&migrated, None).await.unwrap();
            assert_eq!(columns(&migrated).await, left);
        }
    };
}

agree!(
    the_main_store_agrees,
    MainMigrator,
    "main",
    [
        entity::place::Entity,
        entity::team::Entity,
        entity::term::Entity,
        entity::calendar_arrangement::Entity,
        entity::calendar_exception::Entity,
        entity::store_key::Entity,
        entity::access_change::Entity,
        entity::account::Entity,
        entity::role_grant::Entity,
        entity::role_proposal::Entity,
        entity::delegation::Entity,
        entity::session::Entity,
        entity::sign_on_link::Entity,
        entity::sign_on_invitation::Entity,
        entity::totp::Entity,
        entity::passkey::Entity,
        entity::recovery_code::Entity,
        entity::invitation::Entity,
        entity::audit_entry::Entity,
        entity::audit_head::Entity,
        entity::audit_opening::Entity,
        entity::audit_refusal::Entity,
        entity::campaign::Entity,
        entity::campaign_option::Entity,
        entity::campaign_event::Entity,
        entity::tally::Entity,
        entity::tally_line::Entity,
        entity::selection::Entity,
        entity::issue::Entity,
        entity::invalidation::Entity,
        entity::dispatch::Entity,
        entity::assignment::Entity,
        entity::assignment_event::Entity,
        entity::exemption_request::Entity,
        entity::plan::Entity,
        entity::report::Entity,
        entity::evidence::Entity,
        entity::verification::Entity,
        entity::limit_count::Entity,
        entity::page_view::Entity,
        entity::job::Entity,
        entity::node::Entity,
        entity::pass_key::Entity,
        entity::public_version::Entity,
        entity::incident::Entity,
        entity::schema::Entity,
    ]
);

agree!(
    the_ballots_store_agrees,
    BallotsMigrator,
    "ballots",
    [
        ballots::ballot_paper::Entity,
        ballots::ballot::Entity,
        ballots::ballot_count::Entity,
        ballots::log_batch::Entity,
        ballots::log_head::Entity,
        ballots::sealed_count::Entity,
        ballots::sealed_rule::Entity,
        ballots::shown_count::Entity,
        ballots::writer_shard::Entity,
        ballots::pass_block::Entity,
        entity::store_key::Entity,
        entity::schema::Entity,
    ]
);

agree!(
    the_register_agrees,
    RegisterMigrator,
    "register",
    [
        register::nullifier::Entity,
        register::person_kind::Entity,
        register::register_shard::Entity,
        entity::store_key::Entity,
        entity::schema::Entity,
    ]
);

#[tokio::test]
async fn a_campaign_of_an_earlier_version_keeps_the_rule_that_it_was_voted_by() {
    let db = fresh("ranking_rule").await;
    let all = MainMigrator::migrations();
    let before = all.iter().position(|m| m.name() == "m20261129_000005_ranking_rule").unwrap();
    MainMigrator::up(&db, Some(u32::try_from(before).unwrap())).await.unwrap();
    db.execute_unprepared(
        "INSERT INTO campaign (slug, name_zh, name_en, purpose_zh, purpose_en, language, hosts, phase, opens_at, closes_at, \
         max_choices, top_n, tracks, display, units, places, acknowledge_days, notice, revision) VALUES ('s1', '', '', '', '', \
         'both', '[]', 'dispatched', '2018-04-09T00:00:00Z', '2018-05-09T00:00:00Z', 5, 20, '[\"anonymous\",\"real_name\"]', \
         'turnout', '[]', true, 1, '', 7)",
    )
    .await
    .unwrap();
    MainMigrator::up(&db, None).await.unwrap();
    let found = entity::campaign::Entity::find().one(&db).await.unwrap().unwrap();
    assert_eq!(found.ranking_rule, entity::stored::RankingRule::AllVotes);
}

/// PostgreSQL: the ballots of earlier versions move into partitions and back.
#[tokio::test]
async fn ballots_of_earlier_versions_move_into_partitions() {
    let db = fresh("partitions").await;
    if db.get_database_backend() != DbBackend::Postgres {
        return;
    }
    let place = BallotsMigrator::migrations().iter().position(|m| m.name().ends_with("partitions")).unwrap();
    BallotsMigrator::up(&db, Some(u32::try_from(place).unwrap())).await.unwrap();
    let paper = |campaign: &str| {
        format!(
            "INSERT INTO ballot_paper (campaign, questionnaire, options, max_choices, tracks, places, opens_at, closes_at, state, \
             format, work_seconds) VALUES ('{campaign}', 'q', '[]', 1, '[]', true, now(), now(), 'open', 4, 1)"
        )
    };
    for campaign in ["s1", "a-longer-name-of-forty-characters-in-all"] {
        db.execute_unprepared(&paper(campaign)).await.unwrap();
        let ballots = format!(
            "INSERT INTO ballot (campaign, serial, track, province, choices, leaf) SELECT '{campaign}', sha256(('{campaign}' || n)::bytea), \
             'anonymous', '320000', 'A', sha256(n::text::bytea) FROM generate_series(1, 100) AS n"
        );
        db.execute_unprepared(&ballots).await.unwrap();
    }
    let rows = async || ballots::ballot::Entity::find().order_by_asc(ballots::ballot::Column::Serial).all(&db).await;
    let before = rows().await.unwrap();
    assert_eq!(before.len(), 200);
    BallotsMigrator::up(&db, None).await.unwrap();
    assert!(rows().await.unwrap() == before, "every ballot is there");
    // A paper that is stored twice has its partitions once.
    for _ in 0..2 {
        db.execute_unprepared(&format!("{} ON CONFLICT DO NOTHING", paper("s2"))).await.unwrap();
    }
    let parts = "SELECT count(*) FROM pg_partition_tree('ballot') WHERE isleaf";
    let parts = db.query_one_raw(Statement::from_string(DbBackend::Postgres, parts)).await.unwrap().unwrap();
    assert_eq!(parts.try_get_by_index::<i64>(0).unwrap(), 3 * 16);
    BallotsMigrator::down(&db, Some(1)).await.unwrap();
    assert!(rows().await.unwrap() == before, "every ballot is there");
}

/// A store of the previous version with two years of working days. After the migration these working days count as known from the
/// beginning, so that every past figure stays as it was shown.
#[tokio::test]
async fn arrangements_of_earlier_versions_are_known_from_the_beginning() {
    let db = fresh("arrangements").await;
    let place = MainMigrator::migrations().iter().position(|m| m.name().ends_with("arrangements")).unwrap();
    MainMigrator::up(&db, Some(u32::try_from(place).unwrap())).await.unwrap();
    for sql in [
        "INSERT INTO calendar_year (year, loaded_at) \
         VALUES (2018, '2018-03-01T04:00:00+00:00'), (2019, '2018-12-06T04:00:00+00:00')",
        "INSERT INTO calendar_day (day, kind) \
         VALUES ('2018-10-01', 'holiday'), ('2018-09-29', 'makeup'), ('2019-01-01', 'holiday')",
    ] {
        db.execute_unprepared(sql).await.unwrap();
    }
    MainMigrator::up(&db, Some(1)).await.unwrap();
    let loaded = shudu::programme::queries::arrangements(&db).await.unwrap();
    let told: Vec<(i32, String, usize)> =
        loaded.iter().map(|a| (a.year, a.loaded_at.to_rfc3339(), a.days.len())).collect();
    assert_eq!(
        told,
        [(2018, "2018-03-01T04:00:00+00:00".to_owned(), 2), (2019, "2018-12-06T04:00:00+00:00".to_owned(), 1)]
    );
    assert!(loaded.iter().all(shudu::programme::calendar::Arrangement::is_from_the_beginning));
    // Loaded arrangements are never changed and never removed.
    for sql in [
        "UPDATE calendar_arrangement SET known_from = loaded_at",
        "DELETE FROM calendar_arrangement",
        "UPDATE calendar_exception SET kind = 'makeup'",
        "DELETE FROM calendar_exception",
    ] {
        db.execute_unprepared(sql).await.unwrap_err();
    }
    db.execute_unprepared(
        "INSERT INTO calendar_arrangement (year, loaded_at, known_from) \
         VALUES (2018, '2018-07-01T04:00:00+00:00', '2018-07-01T04:00:00+00:00')",
    )
    .await
    .unwrap();
    MainMigrator::down(&db, Some(1)).await.unwrap();
    let sql = "SELECT CAST(count(*) AS integer) FROM calendar_day";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<i32>(0).unwrap(), 1, "the last arrangement of each year is left");
}

/// Configuration with three empty stores of its own. The data directory has to live as long as the configuration.
async fn stores(name: &str) -> (tempfile::TempDir, Config) {
    let data = tempfile::tempdir().unwrap();
    let mut config = Settings { data: Some(data.path().to_owned()), ..Settings::default() }.resolve().unwrap();
    if let Some(server) = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty()) {
        let mut urls = Vec::new();
        for store in ["main", "ballots", "register"] {
            let name = format!("{name}_{store}");
            fresh(&name).await.close().await.unwrap();
            let name = format!("schema_{}_{name}", std::process::id());
            urls.push(Some(format!("{}/{name}", server.rsplit_once('/').unwrap().0)));
        }
        [config.main_url, config.ballots_url, config.register_url] = urls.try_into().unwrap();
    }
    (data, config)
}

#[tokio::test]
async fn two_processes_that_start_at_once_on_empty_databases_both_start() {
    let (_data, config) = stores("at_once").await;
    if config.main_url.is_none() {
        // On SQLite the second process finds the data directory in use.
        return;
    }
    let other = tempfile::tempdir().unwrap();
    let first = App::open(config.clone()).await.unwrap();
    // New empty databases, and two data directories with the same keys.
    let (_again, urls) = stores("at_once_again").await;
    std::fs::create_dir(other.path().join("keys")).unwrap();
    for file in std::fs::read_dir(config.data.join("keys")).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), other.path().join("keys").join(file.file_name())).unwrap();
    }
    drop(first);
    let here = Config { data: config.data.clone(), ..urls.clone() };
    let there = Config { data: other.path().to_owned(), ..urls };
    let (one, another) = tokio::join!(App::open(here), App::open(there));
    for app in [one.unwrap(), another.unwrap()] {
        assert!(app.stores.ready().await.unwrap());
    }
}

#[tokio::test]
async fn a_newer_schema_is_left_alone_by_programs_that_work_on_it_and_refused_by_those_that_are_too_old() {
    let (_data, config) = stores("newer").await;
    let stores = Stores::connect(&config.data, &config.store_urls()).await.unwrap();
    assert!(stores.ready().await.is_err(), "no schema at all");
    drop(stores.migrate().await.unwrap());
    assert!(stores.ready().await.unwrap());
    for (_, db) in stores.connections() {
        let row = entity::schema::Entity::find().one(db).await.unwrap().unwrap();
        let set = async |level: i32, floor: i32| {
            db.execute_unprepared(&format!("UPDATE schema SET level = {level}, floor = {floor}")).await.unwrap();
        };
        // A newer version has migrated the store, and everything that this version needs is still there.
        db.execute_unprepared(
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990101_000001_newer', 0)",
        )
        .await
        .unwrap();
        for (level, floor) in [(row.level, 0), (row.level + 1, 0), (row.level + 3, row.level)] {
            set(level, floor).await;
            drop(stores.migrate().await.unwrap());
            assert!(stores.ready().await.unwrap(), "{level} {floor}");
            let kept = entity::schema::Entity::find().one(db).await.unwrap().unwrap();
            assert_eq!((kept.level, kept.floor), (level, floor));
        }
        set(row.level + 1, row.level + 1).await;
        let refused = stores.migrate().await.map(|_| ()).unwrap_err().to_string();
        assert!(refused.contains("too old for its stores") && refused.contains("Start the newer version"), "{refused}");
        assert!(!stores.ready().await.unwrap());
        set(row.level - 1, 0).await;
        assert!(!stores.ready().await.unwrap(), "something is missing");
        set(row.level, row.floor).await;
    }
}

#[tokio::test]
async fn a_store_of_a_version_without_levels_gets_one() {
    let (_data, config) = stores("older").await;
    let stores = Stores::connect(&config.data, &config.store_urls()).await.unwrap();
    drop(stores.migrate().await.unwrap());
    // The migrations from the one on that made the table of levels.
    let all = MainMigrator::migrations();
    let later = all.iter().rev().position(|migration| migration.name().contains("_schema")).unwrap() + 1;
    MainMigrator::down(stores.main.db(), Some(u32::try_from(later).unwrap())).await.unwrap();
    assert!(stores.ready().await.is_err());
    drop(stores.migrate().await.unwrap());
    assert!(stores.ready().await.unwrap());
}

#[tokio::test]
async fn ballot_papers_of_before_get_the_usual_bounds_of_anonymous_passes() {
    let db = fresh("bounds").await;
    let before =
        BallotsMigrator::migrations().iter().position(|m| m.name().starts_with("m20261129_000006_work")).unwrap();
    BallotsMigrator::up(&db, Some(u32::try_from(before).unwrap())).await.unwrap();
    put_paper(&db).await;
    BallotsMigrator::up(&db, Some(1)).await.unwrap();
    let found = ballots::ballot_paper::Entity::find_by_id("s1").one(&db).await.unwrap().unwrap();
    assert_eq!((found.day_cap, found.work_seconds), (500, 10));
}

/// Logs, evidence and pass keys of earlier versions were files. Nothing of such a site is changed.
#[tokio::test]
async fn a_site_with_campaigns_of_a_version_before_objects_is_refused() {
    let db = fresh("before_objects").await;
    let names = BallotsMigrator::migrations();
    let before = names.iter().position(|m| m.name().starts_with("m20261130_000002_log_batch")).unwrap();
    BallotsMigrator::up(&db, Some(u32::try_from(before).unwrap())).await.unwrap();
    put_paper(&db).await;
    let standing = columns(&db).await;
    let refused = BallotsMigrator::up(&db, None).await.unwrap_err().to_string();
    assert!(refused.contains("go on with that version"), "{refused}");
    assert_eq!(columns(&db).await, standing);
    db.execute_unprepared("DELETE FROM ballot_paper").await.unwrap();
    BallotsMigrator::up(&db, None).await.unwrap();
}

/// Puts a ballot paper into a store of an earlier version.
async fn put_paper(db: &DatabaseConnection) {
    let blob = if db.get_database_backend() == DbBackend::Postgres { "'\\x00'" } else { "x'00'" };
    let paper = format!(
        "INSERT INTO ballot_paper (campaign, questionnaire, options, max_choices, tracks, places, opens_at, closes_at, state) VALUES \
         ('s1', {blob}, '[]', 5, '[]', true, '2018-04-05T00:00:00+00:00', '2018-04-09T00:00:00+00:00', 'open')"
    );
    db.execute_unprepared(&paper).await.unwrap();
}
