//! Three stores for a test: files in its data directory, or three schemas of one database on the server in `TEST_DATABASE_URL`,
//! copied from a template that is migrated once per process. Outside of tests the stores are three databases; here one database
//! serves, because copying a database takes most of the time.

use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, Database};
use shudu::base::main_store::Changes;
use shudu::base::store::Stores;
use shudu::config::Config;
use tokio::sync::OnceCell;

use super::process_databases;

static TEMPLATE: OnceCell<()> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

const STORES: [&str; 3] = ["main", "ballots", "register"];

/// The URLs of three fresh stores on PostgreSQL; nothing where the tests run on SQLite.
pub async fn fresh() -> Option<[String; 3]> {
    let server = process_databases::given()?;
    let stem = format!("shudu_{}", std::process::id());
    TEMPLATE.get_or_init(|| make_template(&server, &stem)).await;
    Some(copied(&server, &stem).await)
}

/// The URLs of a copy of other stores that nobody is connected to.
pub async fn copy_of(other: &[String; 3]) -> [String; 3] {
    let server = std::env::var("TEST_DATABASE_URL").unwrap();
    copied(&server, name_of(other)).await
}

async fn copied(server: &str, template: &str) -> [String; 3] {
    let name = format!("shudu_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    run(server, &[&format!("CREATE DATABASE {name} TEMPLATE {template}")]).await;
    urls(server, &name)
}

fn name_of(urls: &[String; 3]) -> &str {
    urls[0].rsplit('/').next().unwrap().split('?').next().unwrap()
}

/// Drops what [`fresh`] made.
pub async fn drop(urls: &[String; 3]) {
    let server = std::env::var("TEST_DATABASE_URL").unwrap();
    let name = name_of(urls);
    run(&server, &[&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")]).await;
}

async fn make_template(server: &str, name: &str) {
    run(server, &[&format!("CREATE DATABASE {name}")]).await;
    let schemas = STORES.map(|store| format!("CREATE SCHEMA {store}"));
    run(&with_database(server, name), &schemas.each_ref().map(String::as_str)).await;
    let [main, ballots, register] = urls(server, name).map(Some);
    let config = Config {
        main_url: main,
        ballots_url: ballots,
        register_url: register,
        ..super::app::config(std::path::Path::new("."))
    };
    let stores = Stores::connect(&config.data, &config.store_urls()).await.unwrap();
    stores.migrate().await.unwrap();
    stores.main.write(Changes::Internal, shudu::programme::reference::fill).await.unwrap();
    stores.close().await.unwrap();
}

async fn run(url: &str, statements: &[&str]) {
    let db = Database::connect(url).await.unwrap();
    for statement in statements {
        db.execute_unprepared(statement).await.unwrap();
    }
    db.close().await.unwrap();
}

fn urls(server: &str, name: &str) -> [String; 3] {
    STORES.map(|store| format!("{}?options=-csearch_path%3D{store}", with_database(server, name)))
}

fn with_database(server: &str, name: &str) -> String {
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}
