//! Row-level security on PostgreSQL, the second line of defence: handlers that forget to check the reach of a person still see
//! and write only rows within that reach.

use std::collections::BTreeSet;

use poem::{Response, Route, get, handler, post};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use shudu::base::error::Result;
use shudu::base::main_store::Changes;
use shudu::sign_in::extract::Signed;

use super::world::{COLUMNS, World};
use testing::Person;

const TABLES: [&str; 7] =
    ["assignment", "assignment_event", "plan", "report", "evidence", "exemption_request", "verification"];

/// Number of rows by province, for every table.
async fn seen(db: &impl ConnectionTrait) -> Result<Value> {
    let mut found = serde_json::Map::new();
    for table in TABLES {
        let sql = match table {
            "assignment" => "SELECT province, COUNT(*) FROM assignment GROUP BY province ORDER BY province".to_owned(),
            // A subquery instead of a join: a join would drop rows whose assignment is out of sight.
            part => format!(
                "SELECT COALESCE((SELECT province FROM assignment WHERE id = assignment_id), 'out of sight'), COUNT(*) \
                 FROM {part} GROUP BY 1 ORDER BY 1"
            ),
        };
        let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        let count = |row: &sea_orm::QueryResult| -> Result<(String, Value)> {
            Ok((row.try_get_by_index(0)?, row.try_get_by_index::<i64>(1)?.into()))
        };
        found.insert(table.to_owned(), rows.iter().map(count).collect::<Result<serde_json::Map<_, _>>>()?.into());
    }
    Ok(Value::Object(found))
}

fn json_of(value: &Value) -> Response {
    Response::builder().content_type("application/json").body(value.to_string())
}

#[handler]
async fn reads(signed: Signed) -> Result<Response> {
    Ok(json_of(&seen(signed.app.stores.main.db()).await?))
}

#[handler]
async fn writes(signed: Signed) -> Result<Response> {
    let changed = signed.app.stores.main.write(Changes::Internal, async |tx| {
        let changed = tx.execute_unprepared("UPDATE assignment SET department = department || '!'").await?;
        let deleted = tx.execute_unprepared("DELETE FROM evidence").await?;
        Ok(json!({ "changed": changed.rows_affected(), "deleted": deleted.rows_affected() }))
    });
    Ok(json_of(&changed.await?))
}

/// Tries to move every row to one province. Rows of other provinces are out of reach, and rows within reach must not leave.
#[handler]
async fn moves(signed: Signed) -> Result<Response> {
    let moved = signed.app.stores.main.write(Changes::Internal, async |tx| {
        Ok(tx.execute_unprepared("UPDATE assignment SET province = '330000', issue_id = -id").await.map(drop)?)
    });
    Ok(json_of(&json!({ "refused": moved.await.err().map(|error| error.to_string()) })))
}

async fn world() -> Option<World> {
    let mut world = World::new().await;
    if world.app.app.stores.main.backend() != DbBackend::Postgres {
        return None;
    }
    let route = Route::new().at("/reads", get(reads)).at("/writes", post(writes)).at("/moves", post(moves));
    world.app = world.app.serving(route);
    Some(world)
}

async fn person(world: &World, name: &str) -> Person {
    let column = COLUMNS.iter().position(|column| *column == name).unwrap();
    world.app.sign_in_again(&world.people[column]).await
}

fn provinces(seen: &Value, table: &str) -> BTreeSet<String> {
    seen[table].as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn a_query_that_forgets_to_ask_sees_nothing_of_other_provinces() {
    let Some(world) = world().await else { return };
    let all = seen(world.app.app.stores.main.db()).await.unwrap();
    assert!(provinces(&all, "assignment").len() > 2 && TABLES.iter().all(|table| !provinces(&all, table).is_empty()));
    let own = BTreeSet::from(["320000".to_owned()]);
    for name in ["coordinator", "handler"] {
        let seen = person(&world, name).await.get("/reads").await.expect(200).json();
        for table in TABLES {
            assert_eq!(provinces(&seen, table), own, "{name} {table}");
            assert_eq!(seen[table]["320000"], all[table]["320000"], "{name} {table}: all of the own rows");
        }
    }
    let elsewhere = person(&world, "elsewhere").await.get("/reads").await.expect(200).json();
    assert_eq!(provinces(&elsewhere, "assignment"), BTreeSet::from(["610000".to_owned()]));
    assert!(provinces(&elsewhere, "report").is_empty());
    // The reach of two grants is the union of both.
    let borrower = person(&world, "borrower").await.get("/reads").await.expect(200).json();
    assert_eq!(provinces(&borrower, "assignment"), BTreeSet::from(["320000".to_owned(), "330000".to_owned()]));
    // A team sees the provinces that it checks. One of these provinces has assignments.
    let leader = person(&world, "leader").await.get("/reads").await.expect(200).json();
    assert!(
        provinces(&leader, "assignment").contains("320000") && !provinces(&leader, "assignment").contains("610000")
    );
    for name in ["organiser", "approver", "auditor"] {
        assert_eq!(person(&world, name).await.get("/reads").await.expect(200).json(), all, "{name}");
    }
    for name in ["sysadmin", "security", "no role"] {
        let seen = person(&world, name).await.get("/reads").await.expect(200).json();
        assert!(TABLES.iter().all(|table| provinces(&seen, table).is_empty()), "{name}: {seen}");
    }
}

#[tokio::test]
async fn a_command_that_forgets_to_ask_changes_nothing_of_other_provinces() {
    let Some(world) = world().await else { return };
    let store = &world.app.app.stores.main;
    let all = seen(store.db()).await.unwrap();
    let elsewhere = person(&world, "elsewhere").await;
    let done = elsewhere.post_json("/writes", &json!({})).await.expect(200).json();
    assert_eq!(done, json!({ "changed": all["assignment"]["610000"], "deleted": 0 }));
    let nobody = person(&world, "sysadmin").await;
    let done = nobody.post_json("/writes", &json!({})).await.expect(200).json();
    assert_eq!(done, json!({ "changed": 0, "deleted": 0 }));
    let said = elsewhere.post_json("/moves", &json!({})).await.expect(200).text();
    assert!(said.contains("row-level security"), "{said}");
    assert_eq!(seen(store.db()).await.unwrap(), all);
}

/// Requests share pooled connections one after another, so no reach may stay on a connection.
#[tokio::test]
async fn requests_of_several_provinces_at_once_see_each_its_own() {
    let Some(world) = world().await else { return };
    let people = [person(&world, "coordinator").await, person(&world, "elsewhere").await];
    let asked = futures_util::future::join_all((0..60).map(|n| people[n % 2].get("/reads")));
    for (n, answer) in asked.await.into_iter().enumerate() {
        let own = ["320000", "610000"][n % 2].to_owned();
        assert_eq!(provinces(&answer.expect(200).json(), "assignment"), BTreeSet::from([own]));
    }
    assert!(provinces(&seen(world.app.app.stores.main.db()).await.unwrap(), "assignment").len() > 2);
}

/// Without row-level security (SQLite), only the checks of the program protect the rows. The access matrix tests these checks.
#[tokio::test]
async fn nobody_is_kept_from_what_everybody_may_read() {
    let world = World::new().await;
    for name in ["nobody", "coordinator", "sysadmin"] {
        let column = COLUMNS.iter().position(|column| *column == name).unwrap();
        let public = world.people[column].get("/issues/T1-1/provinces/610000").await.expect(200);
        assert!(public.text().contains("T1-1"), "{name}");
    }
}

/// A database role that bypasses row-level security is refused before anything is read.
#[tokio::test]
async fn a_role_that_passes_every_wall_is_not_taken() {
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else { return };
    let (scheme, rest) = server.split_once("://shudu@").expect("the role of scripts/postgres");
    let superuser = format!("{scheme}://postgres@{}", rest.replace("/shudu", "/postgres"));
    let refused = shudu::base::store::Store::connect(Some(&superuser), std::path::Path::new(".")).await.unwrap_err();
    assert!(refused.to_string().contains("role postgres passes every grant"), "{refused}");
}
