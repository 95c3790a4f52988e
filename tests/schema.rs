//! The migrations and the entities agree, on the database that the tests run on.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use entity::{ballots, register};
use migration::{BallotsMigrator, MainMigrator, MigratorTrait, RegisterMigrator};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, Schema, Statement};

/// A fresh database.
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

/// Table, column, type, whether it may be null.
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
            // Down and up again: what a change makes, its way back removes.
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
        entity::calendar_day::Entity,
        entity::calendar_year::Entity,
        entity::store_key::Entity,
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
        ballots::log_head::Entity,
        ballots::sealed_count::Entity,
        ballots::sealed_rule::Entity,
        ballots::writer_shard::Entity,
        ballots::pass_block::Entity,
        ballots::store_key::Entity,
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
        register::store_key::Entity,
    ]
);

#[tokio::test]
async fn ballot_papers_of_before_get_the_usual_bounds_of_anonymous_passes() {
    let db = fresh("bounds").await;
    let before =
        BallotsMigrator::migrations().iter().position(|m| m.name().starts_with("m20261129_000006_work")).unwrap();
    BallotsMigrator::up(&db, Some(u32::try_from(before).unwrap())).await.unwrap();
    let blob = if db.get_database_backend() == DbBackend::Postgres { "'\\x00'" } else { "x'00'" };
    let paper = format!(
        "INSERT INTO ballot_paper (campaign, questionnaire, options, max_choices, tracks, places, opens_at, closes_at, state) VALUES \
         ('s1', {blob}, '[]', 5, '[]', true, '2018-04-05T00:00:00+00:00', '2018-04-09T00:00:00+00:00', 'open')"
    );
    db.execute_unprepared(&paper).await.unwrap();
    BallotsMigrator::up(&db, None).await.unwrap();
    let found = ballots::ballot_paper::Entity::find_by_id("s1").one(&db).await.unwrap().unwrap();
    assert_eq!((found.day_cap, found.work_seconds), (500, 10));
}
