//! Three databases for a test: files in its data directory, or databases of the server in `TEST_DATABASE_URL`, copied from
//! a template that is migrated once per process.

use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, Database};
use shudu::config::Config;
use shudu::store::Stores;
use tokio::sync::OnceCell;

static TEMPLATE: OnceCell<()> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The URLs of three fresh PostgreSQL databases; nothing where the tests run on SQLite.
pub async fn fresh() -> Option<[String; 3]> {
    let server = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())?;
    let stem = format!("shudu_{}", std::process::id());
    TEMPLATE.get_or_init(|| make_template(&server, &stem)).await;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let db = Database::connect(&server).await.unwrap();
    let mut urls = Vec::new();
    for store in ["main", "ballots", "register"] {
        let name = format!("{stem}_{number}_{store}");
        db.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {stem}_{store}")).await.unwrap();
        urls.push(with_database(&server, &name));
    }
    db.close().await.unwrap();
    Some(urls.try_into().unwrap())
}

/// Drops what [`fresh`] made.
pub async fn drop(urls: &[String; 3]) {
    let server = std::env::var("TEST_DATABASE_URL").unwrap();
    let db = Database::connect(&server).await.unwrap();
    for url in urls {
        let name = url.rsplit('/').next().unwrap();
        db.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
    }
    db.close().await.unwrap();
}

async fn make_template(server: &str, stem: &str) {
    let db = Database::connect(server).await.unwrap();
    let url = |store: &str| Some(with_database(server, &format!("{stem}_{store}")));
    for store in ["main", "ballots", "register"] {
        db.execute_unprepared(&format!("CREATE DATABASE {stem}_{store}")).await.unwrap();
    }
    db.close().await.unwrap();
    let config = Config {
        main_url: url("main"),
        ballots_url: url("ballots"),
        register_url: url("register"),
        ..super::app::config(std::path::Path::new("."))
    };
    let stores = Stores::connect(&config).await.unwrap();
    stores.migrate().await.unwrap();
    stores.main.write(shudu::programme::reference::fill).await.unwrap();
    stores.close().await.unwrap();
}

fn with_database(server: &str, name: &str) -> String {
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}
