//! An identity number is in no store, no file and no log. A ballot is in the ballots store only.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use entity::pass_key;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Statement};

use super::voting::{self, Form, NUMBER, receipt_of};
use testing::TestApp;

/// Everything that the product wrote: the files of the data directory, and every row of every PostgreSQL table as text.
async fn written(app: &TestApp) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    files(&app.app.config.data, &mut found);
    let stores = &app.app.stores;
    for (name, db) in stores.connections() {
        if db.get_database_backend() != DbBackend::Postgres {
            continue;
        }
        let ask = async |sql: String| -> Vec<String> {
            let statement = Statement::from_string(DbBackend::Postgres, sql);
            let rows = db.query_all_raw(statement).await.unwrap();
            rows.iter().map(|r| r.try_get_by_index(0).unwrap()).collect()
        };
        let tables = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()";
        for table in ask(tables.to_owned()).await {
            let rows = ask(format!("SELECT t::text FROM \"{table}\" t")).await;
            found.push((format!("{name}.{table}"), rows.join("\n").into_bytes()));
        }
    }
    found
}

fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// Names of the places that hold a text, plain or in hexadecimal.
fn where_is(written: &[(String, Vec<u8>)], needle: &[u8]) -> Vec<String> {
    let hex = hex::encode(needle);
    written
        .iter()
        .filter(|(_, bytes)| holds(bytes, needle) || holds(bytes, hex.as_bytes()))
        .map(|(name, _)| name.clone())
        .collect()
}

/// Collects the lines that are logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn identity_numbers_names_passes_and_choices_leave_no_trace_where_they_do_not_belong() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let logging = tracing::subscriber::set_default(subscriber);

    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    const NAME: &str = "欧阳必须不留痕";
    let old = "110105491231002";
    // The number is sent by a call, right and wrong, and by a page.
    voting::person_pass(&citizen, NAME, NUMBER).await.expect(200);
    let wrong = "110105194912310029";
    let refused = voting::person_pass(&citizen, NAME, wrong).await.expect(422);
    assert!(!refused.text().contains(wrong) && !refused.text().contains(NAME));
    let check = voting::check(&citizen, &["T1-1"]).await.expect(200);
    let person = Form::of(&check, "cast").with("track", "real_name").send(&citizen).await.expect(200);
    let form = Form::of(&person, "cast").with("name", NAME);
    let refused = form.with("number", old).send(&citizen).await.expect(422);
    Form::of(&refused, "cast").with("number", NUMBER).send(&citizen).await.expect(303);
    let check = voting::check_with_pass(&citizen, &["T1-2"]).await.expect(200);
    let pass = Form::of(&check, "cast").get("pass").to_owned();
    let receipt = receipt_of(&voting::press(&citizen, &check).await);
    drop(logging);

    let written = written(&app).await;
    for secret in [NUMBER, old, wrong, NAME, &*pass] {
        let found = where_is(&written, secret.as_bytes());
        assert!(found.is_empty(), "{secret} in {found:?}");
    }
    // The search does find what exists: the leaf, which begins with the second half of the receipt number, is among the ballots, and
    // nowhere else.
    let leaf = hex::decode(receipt.rsplit('/').next().unwrap()).unwrap().split_off(8);
    let found = where_is(&written, &leaf);
    assert!(!found.is_empty());
    assert!(found.iter().all(|name| name.contains("ballots")), "{found:?}");
    let serial = shudu::pass::seal::Pass::parse(&pass).unwrap().serial;
    let found = where_is(&written, &serial);
    assert!(!found.is_empty());
    assert!(found.iter().all(|name| name.contains("ballots")), "{found:?}");

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let leaf = hex::encode(leaf);
    for secret in [NUMBER, old, wrong, NAME, &*pass, &*leaf, "T1-1", "T1-2", "my-place"] {
        assert!(!log.contains(secret), "{secret} in the log");
    }
}

#[tokio::test]
async fn after_the_count_the_key_that_links_a_person_to_a_ballot_is_gone() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    voting::person_pass(&citizen, "王芳", NUMBER).await.expect(200);
    let pass_keys = &app.app.passes.issuing.pass_keys;
    let sealed = pass_key::Entity::find_by_id("t1").one(app.app.stores.main.db()).await.unwrap().unwrap().sealed;
    assert!(pass_keys.has("t1").await.unwrap());
    app.clock.set(testing::app::noon("2018-04-09"));
    // After the close nobody gets a pass, so that no new key is made.
    let late = voting::person_pass(&citizen, "王芳", NUMBER).await.expect(409);
    assert_eq!(late.code(), "ballot.closed");
    let system = shudu::base::ctx::Ctx::system("test", &app.clock);
    shudu::tally::flows::count(&app.app.ballots, &app.app.steadiness, &system, "t1").await.unwrap();
    assert!(!pass_keys.has("t1").await.unwrap());
    let late = voting::person_pass(&citizen, "王芳", NUMBER).await.expect(409);
    assert_eq!(late.code(), "ballot.closed");
    assert!(!pass_keys.has("t1").await.unwrap());
    // Nor do the files of the stores hold its bytes: neither the database nor its write-ahead log.
    let data = &app.app.config.data;
    for name in std::fs::read_dir(data).unwrap().map(|entry| entry.unwrap().file_name()) {
        let file = data.join(&name);
        let bytes = if file.is_file() { std::fs::read(&file).unwrap() } else { Vec::new() };
        assert!(!bytes.windows(sealed.len()).any(|part| part == sealed.as_bytes()), "{name:?}");
    }
}
