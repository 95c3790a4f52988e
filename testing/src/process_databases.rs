//! Three empty PostgreSQL databases for a site whose server is a process of its own.

use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, Database};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// URL of the PostgreSQL server for the tests; none where the tests run on SQLite alone.
pub fn given() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// Creates three empty databases on a server. Gives their URLs.
pub async fn fresh(server: &str) -> [String; 3] {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let db = Database::connect(server).await.unwrap();
    let mut urls = Vec::new();
    for store in ["main", "ballots", "register"] {
        let name = format!("shudu_site_{}_{number}_{store}", std::process::id());
        db.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        urls.push(format!("{}/{name}", server.rsplit_once('/').unwrap().0));
    }
    db.close().await.unwrap();
    urls.try_into().unwrap()
}

/// Drops the databases that [`fresh`] created.
pub async fn remove(server: &str, urls: &[String; 3]) {
    let db = Database::connect(server).await.unwrap();
    for url in urls {
        let name = url.rsplit('/').next().unwrap();
        db.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
    }
    db.close().await.unwrap();
}
