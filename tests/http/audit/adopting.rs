//! Audit trails of versions that had no hash chain.

use entity::audit_opening;
use migration::{MainMigrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Statement};
use shudu::audit::adopting::adopt;

use super::{add_entries, entries, size, verify_trail};
use testing::TestApp;

#[tokio::test]
async fn the_entries_of_an_earlier_version_are_chained_once_and_say_no_login() {
    let app = TestApp::new().await;
    let main = &app.app.stores.main;
    let db = main.db();
    let chained = MainMigrator::migrations().iter().position(|m| m.name().ends_with("_000011_audit")).unwrap();
    let steps = u32::try_from(MainMigrator::migrations().len() - chained).unwrap();
    // The migration drops the table, and the triggers of the tests on that table have to go first.
    if db.get_database_backend() == DbBackend::Sqlite {
        let sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'unaudited_%'";
        for row in db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap() {
            let name: String = row.try_get_by_index(0).unwrap();
            db.execute_unprepared(&format!("DROP TRIGGER {name}")).await.unwrap();
        }
    }
    MainMigrator::down(db, Some(steps)).await.unwrap();
    db.execute_unprepared(
        "INSERT INTO account (login, name, office, password_hash, active, created_at) \
         VALUES ('organiser', 'n', 'o', 'x', true, '2018-04-01 04:00:00+00:00')",
    )
    .await
    .unwrap();
    for (number, act, object) in
        [(3, "identity.sign_in", "organiser"), (4, "campaign.edit", "t1"), (9, "campaign.edit", "t2")]
    {
        db.execute_unprepared(&format!(
            "INSERT INTO audit_entry (id, at, system_at, actor_id, act, object, detail) VALUES ({number}, \
             '2018-04-01 04:00:00+00:00', '2026-04-01 04:00:00+00:00', (SELECT id FROM account WHERE login = 'organiser'), \
             '{act}', '{object}', '{{\"n\": {number}}}')"
        ))
        .await
        .unwrap();
    }
    MainMigrator::up(db, None).await.unwrap();
    adopt(main).await.unwrap();
    let all = entries(&app).await;
    assert_eq!(
        all.iter().map(|e| (e.number.0, e.object.as_str())).collect::<Vec<_>>(),
        [(1, ""), (2, "t1"), (3, "t2")]
    );
    assert!(all[0].actor_id.is_some() && all[0].detail == "{\"n\": 3}", "{:?}", all[0]);
    let opened = audit_opening::Entity::find().all(db).await.unwrap();
    assert_eq!((opened.len(), opened[0].value.as_str()), (1, "organiser"));
    verify_trail(&app).await.unwrap();
    // Adopting happens once: later starts find a chain.
    adopt(main).await.unwrap();
    assert_eq!(entries(&app).await, all);
    add_entries(&app, 3).await;
    assert_eq!(size(&app).await, 6);
    verify_trail(&app).await.unwrap();
}
