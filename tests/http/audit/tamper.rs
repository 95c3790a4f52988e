//! Tampering by somebody who can write to the database: every change is found, and the first broken entry is named.

use entity::audit_entry;
use entity::id::{AccountId, AuditEntryId};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait};
use shudu::audit::chain::{Chain, hash};
use shudu::audit::verifying::Flaw;

use super::{add_entries, entries, publish, size, verify_trail};
use testing::TestApp;

/// Triggers that guard the trail, with their tables.
const GUARDS: [(&str, &str); 8] = [
    ("audit_entry_is_next", "audit_entry"),
    ("audit_entry_is_kept", "audit_entry"),
    ("audit_entry_is_fixed", "audit_entry"),
    ("audit_head_is_kept", "audit_head"),
    ("audit_head_grows", "audit_head"),
    ("audit_head_is_one", "audit_head"),
    ("audit_opening_is_fixed", "audit_opening"),
    ("audit_opening_is_new", "audit_opening"),
];

async fn run(app: &TestApp, sql: &str) {
    app.app.stores.main.db().execute_unprepared(sql).await.unwrap();
}

/// Takes the rights of a database owner. On PostgreSQL the owner of the tables can grant itself the rights that it revoked.
async fn take_rights(app: &TestApp) {
    if app.app.stores.main.backend() == DbBackend::Postgres {
        run(app, "GRANT ALL ON audit_entry, audit_head, audit_opening TO CURRENT_USER").await;
    }
}

async fn without_guards(app: &TestApp) {
    let is_postgres = app.app.stores.main.backend() == DbBackend::Postgres;
    take_rights(app).await;
    for (guard, table) in GUARDS {
        let on = if is_postgres { format!(" ON {table}") } else { String::new() };
        run(app, &format!("DROP TRIGGER IF EXISTS {guard}{on}")).await;
    }
}

async fn flaw(app: &TestApp) -> Flaw {
    verify_trail(app).await.unwrap_err()
}

#[tokio::test]
async fn the_database_refuses_to_change_what_is_on_record() {
    let app = TestApp::new().await;
    add_entries(&app, 20).await;
    let before = entries(&app).await;
    let db = app.app.stores.main.db();
    let mut statements: Vec<String> = [
        "at = '2018-01-01 00:00:00+00:00'",
        "system_at = '2018-01-01 00:00:00+00:00'",
        "actor_id = 7",
        "capacity = 'x'",
        "on_behalf_of = 7",
        "act = 'x'",
        "object = 'x'",
        "detail = '{}'",
        "commitments = 'x'",
        "hash = ''",
        "number = number + 100",
    ]
    .map(|change| format!("UPDATE audit_entry SET {change} WHERE number = 3"))
    .to_vec();
    statements.extend(
        [
            "DELETE FROM audit_entry",
            "DELETE FROM audit_entry WHERE number = 20",
            "UPDATE audit_head SET size = size - 1",
            "UPDATE audit_head SET hash = 'x'",
            "DELETE FROM audit_head",
            "INSERT INTO audit_head (name, size, hash) VALUES ('other', 0, '')",
            "UPDATE audit_opening SET value = 'x'",
            "UPDATE audit_opening SET salt = 'x'",
        ]
        .map(str::to_owned),
    );
    let columns = "number, at, system_at, capacity, act, object, detail, commitments, hash";
    if db.get_database_backend() == DbBackend::Sqlite {
        for number in [3, 99] {
            statements.push(format!(
                "INSERT OR REPLACE INTO audit_entry ({columns}) VALUES ({number}, '2018-01-01', '2018-01-01', '', '', '', '', '', '')"
            ));
        }
        statements.push(
            "INSERT OR REPLACE INTO audit_opening (entry, name, salt, value) VALUES (1, 'login', '', '')".to_owned(),
        );
    } else {
        statements.extend(["audit_entry", "audit_head", "audit_opening"].map(|table| format!("TRUNCATE {table}")));
    }
    for has_rights in [false, true] {
        for statement in &statements {
            let said = db.execute_unprepared(statement).await.expect_err(statement).to_string();
            let is_guarded = ["never", "only grows"].iter().any(|word| said.contains(word));
            assert!(is_guarded || !has_rights && said.contains("permission denied"), "{statement}: {said}");
        }
        take_rights(&app).await;
    }
    assert_eq!(entries(&app).await, before);
    verify_trail(&app).await.unwrap();
}

/// Changes every column of each of a thousand entries.
#[tokio::test]
async fn any_change_of_any_column_of_any_entry_breaks_the_chain_there() {
    let app = TestApp::new().await;
    add_entries(&app, 1000).await;
    let all = entries(&app).await;
    assert!(all.len() >= 1000);
    type Change = fn(&mut audit_entry::Model);
    let changes: [Change; 11] = [
        |e| e.number = AuditEntryId(e.number.0 + 1),
        |e| e.at += chrono::TimeDelta::microseconds(1),
        |e| e.system_at -= chrono::TimeDelta::microseconds(1),
        |e| e.actor_id = Some(AccountId(e.actor_id.map_or(1, |id| id.0 + 1))),
        |e| e.capacity.push('x'),
        |e| e.on_behalf_of = Some(AccountId(1)),
        |e| e.act.push('x'),
        |e| e.object.push('x'),
        |e| e.detail.push(' '),
        |e| e.commitments.push('x'),
        |e| e.hash.replace_range(..1, if e.hash.starts_with('0') { "1" } else { "0" }),
    ];
    let mut chain = Chain::default();
    let mut found = 0;
    for entry in &all {
        for change in changes {
            let mut changed = entry.clone();
            change(&mut changed);
            let flaw = chain.clone().push(&changed).unwrap_err();
            assert_eq!(flaw.entry(), Some(entry.number.0));
            found += 1;
        }
        // If the changed entry is hashed again, the next entry no longer follows.
        if let Some(next) = all.get(usize::try_from(entry.number.0).unwrap()) {
            let mut changed = entry.clone();
            changed.object = "another".to_owned();
            changed.hash = hash(&changed, &chain.hash);
            let mut other = chain.clone();
            other.push(&changed).unwrap();
            assert_eq!(other.push(next), Err(Flaw::Changed { entry: next.number.0 }));
        }
        chain.push(entry).unwrap();
    }
    assert_eq!(found, all.len() * changes.len());
}

#[tokio::test]
async fn what_is_done_to_the_stored_trail_is_named_and_never_signed() {
    let app = TestApp::new().await;
    add_entries(&app, 300).await;
    publish(&app).await.unwrap();
    add_entries(&app, 10).await;
    without_guards(&app).await;
    let end = size(&app).await;
    let at = |n: i64| AuditEntryId(n);
    let db = app.app.stores.main.db();
    let all = entries(&app).await;
    let put_back = async |numbers: std::ops::RangeInclusive<i64>| {
        run(&app, &format!("DELETE FROM audit_entry WHERE number >= {}", numbers.start())).await;
        for entry in all.iter().filter(|e| e.number >= at(*numbers.start())) {
            let row: audit_entry::ActiveModel = entry.clone().into();
            audit_entry::Entity::insert(row.reset_all()).exec_without_returning(db).await.unwrap();
        }
        verify_trail(&app).await.unwrap();
    };
    for (column, value) in [
        ("capacity", "'x'"),
        ("act", "'x'"),
        ("object", "'x'"),
        ("detail", "'{}'"),
        ("commitments", "''"),
        ("hash", "'x'"),
        ("actor_id", "77"),
        ("on_behalf_of", "77"),
        ("at", "'2001-01-01 00:00:00+00:00'"),
        ("system_at", "'2001-01-01 00:00:00+00:00'"),
    ] {
        // The eleventh entry with a commitment, so that there is a commitment to remove.
        let number = all.iter().filter(|e| !e.commitments.is_empty()).nth(10).unwrap().number.0;
        run(&app, &format!("UPDATE audit_entry SET {column} = {value} WHERE number = {number}")).await;
        assert_eq!(flaw(&app).await, Flaw::Changed { entry: number }, "{column}");
        put_back(number..=number).await;
    }
    // Two entries are swapped.
    run(&app, "UPDATE audit_entry SET number = -1 WHERE number = 41").await;
    run(&app, "UPDATE audit_entry SET number = 41 WHERE number = 42").await;
    run(&app, "UPDATE audit_entry SET number = 42 WHERE number = -1").await;
    assert_eq!(flaw(&app).await.entry(), Some(41));
    put_back(41..=42).await;
    // An entry is removed, and later the following entries are renumbered.
    run(&app, "DELETE FROM audit_entry WHERE number = 50").await;
    assert_eq!(flaw(&app).await, Flaw::Missing { entry: 50, found: 51 });
    for number in 51..=end {
        run(&app, &format!("UPDATE audit_entry SET number = {} WHERE number = {number}", number - 1)).await;
    }
    assert_eq!(flaw(&app).await.entry(), Some(50));
    put_back(50..=end).await;
    // An entry is inserted, and the following entries are renumbered.
    for number in (60..=end).rev() {
        run(&app, &format!("UPDATE audit_entry SET number = {} WHERE number = {number}", number + 1)).await;
    }
    let mut forged = all[58].clone();
    forged.number = at(60);
    let previous = all[58].hash.clone();
    forged.hash = hash(&forged, &previous);
    let row: audit_entry::ActiveModel = forged.into();
    audit_entry::Entity::insert(row.reset_all()).exec_without_returning(db).await.unwrap();
    assert_eq!(flaw(&app).await.entry(), Some(61));
    put_back(60..=end).await;
    // A changed trail is not signed, and the server reports the flaw.
    run(&app, "UPDATE audit_entry SET object = 'x' WHERE number = 70").await;
    assert_eq!(publish(&app).await.unwrap_err(), Flaw::Changed { entry: 70 });
    assert_eq!(super::published_checkpoints(&app).len(), 1);
}

#[tokio::test]
async fn a_trail_that_was_cut_is_found_as_far_as_a_checkpoint_reaches() {
    let app = TestApp::new().await;
    add_entries(&app, 60).await;
    let covered = publish(&app).await.unwrap().chain.size;
    add_entries(&app, 7).await;
    without_guards(&app).await;
    let all = entries(&app).await;
    let cut = async |size: i64| {
        let hash = all.iter().find(|e| e.number.0 == size).map_or("0".repeat(64), |e| e.hash.clone());
        run(&app, &format!("DELETE FROM audit_entry WHERE number > {size}")).await;
        run(&app, &format!("DELETE FROM audit_opening WHERE entry > {size}")).await;
        run(&app, &format!("UPDATE audit_head SET size = {size}, hash = '{hash}'")).await;
    };
    // Where only entries are missing, the head alone shows the cut.
    run(&app, &format!("DELETE FROM audit_entry WHERE number = {}", covered + 7)).await;
    run(&app, &format!("DELETE FROM audit_opening WHERE entry = {}", covered + 7)).await;
    assert_eq!(flaw(&app).await, Flaw::Head { head: covered + 7, entry: covered + 6 });
    // Entries after the newest checkpoint have no outside witness. A cut there is not found, but the covered size is reported.
    for size in [covered + 3, covered] {
        cut(size).await;
        let whole = verify_trail(&app).await.unwrap();
        assert_eq!((whole.chain.size, whole.covered), (size, covered));
    }
    for size in (0..covered).rev() {
        cut(size).await;
        match flaw(&app).await {
            Flaw::Cut { size: signed, entry, .. } => assert_eq!((signed, entry), (covered, size + 1)),
            other => panic!("{size}: {other}"),
        }
    }
}

#[tokio::test]
async fn a_past_written_anew_from_its_beginning_is_found_by_a_checkpoint() {
    let app = TestApp::new().await;
    add_entries(&app, 30).await;
    let covered = publish(&app).await.unwrap().chain.size;
    add_entries(&app, 5).await;
    without_guards(&app).await;
    let mut chain = Chain::default();
    for mut entry in entries(&app).await {
        if entry.number.0 == 4 {
            entry.object = "another".to_owned();
        }
        entry.hash = hash(&entry, &chain.hash);
        chain.push(&entry).unwrap();
        run(
            &app,
            &format!(
                "UPDATE audit_entry SET object = '{}', hash = '{}' WHERE number = {}",
                entry.object, entry.hash, entry.number
            ),
        )
        .await;
    }
    run(&app, &format!("UPDATE audit_head SET hash = '{}'", chain.hash)).await;
    match flaw(&app).await {
        Flaw::Rewritten { entry, .. } => assert_eq!(entry, covered),
        other => panic!("{other}"),
    }
    // Without a checkpoint, the rewritten trail cannot be told from an honest one.
    shudu::audit::verifying::verify(app.app.stores.main.db(), &[]).await.unwrap().unwrap();
}

#[tokio::test]
async fn what_opens_an_entry_is_neither_changed_nor_taken_away_unnoticed() {
    let app = TestApp::new().await;
    add_entries(&app, 30).await;
    without_guards(&app).await;
    let named: Vec<i64> =
        entries(&app).await.iter().filter(|e| !e.commitments.is_empty()).map(|e| e.number.0).collect();
    let (first, second) = (named[0], named[1]);
    let name = || "login".to_owned();
    for (column, value) in [("value", "somebody-else"), ("salt", "00")] {
        let set = |value: &str| format!("UPDATE audit_opening SET {column} = '{value}' WHERE entry = {second}");
        let rows = shudu::audit::openings::of(app.app.stores.main.db(), &[AuditEntryId(second)]).await.unwrap();
        let old = if column == "value" { rows[0].value.clone() } else { rows[0].salt.clone() };
        run(&app, &set(value)).await;
        assert_eq!(flaw(&app).await, Flaw::Opening { entry: second, name: name() });
        run(&app, &set(&old)).await;
    }
    run(&app, &format!("INSERT INTO audit_opening (entry, name, salt, value) VALUES ({}, 'login', '', '')", first + 1))
        .await;
    assert_eq!(flaw(&app).await, Flaw::Opening { entry: first + 1, name: name() });
    run(&app, &format!("DELETE FROM audit_opening WHERE entry = {}", first + 1)).await;
    run(&app, &format!("DELETE FROM audit_opening WHERE entry = {first}")).await;
    assert_eq!(flaw(&app).await, Flaw::Gone { entry: first, name: name() });
}
