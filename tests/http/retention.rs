//! Tests of retention: how long data are kept, and how a person's data are exported and erased.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::register::nullifier;
use entity::stored::Role;
use entity::{audit_entry, audit_opening, evidence, session};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait, QueryOrder, Statement};
use serde_json::json;
use shudu::base::ctx::{Actor, Ctx};
use shudu::base::main_store::Changes;
use shudu::retention::table::{KEPT, Place};
use shudu::retention::{last_round, purge_job, subject};

use testing::app::noon;
use testing::desk::ROW;
use testing::{Desk, TestApp, given};

async fn tables(db: &DatabaseConnection) -> BTreeSet<String> {
    let sql = match db.get_database_backend() {
        // Partitions belong to their table.
        DbBackend::Postgres => {
            "SELECT relname::text AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace \
             AND relkind IN ('r', 'p') AND NOT relispartition"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'unaudited'",
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "name").unwrap()).collect()
}

fn listed(place: Place) -> BTreeSet<String> {
    let names: Vec<String> =
        KEPT.iter().filter(|k| k.place == place).flat_map(|k| k.names).map(|n| (*n).to_owned()).collect();
    let once: BTreeSet<String> = names.iter().cloned().collect();
    assert_eq!(once.len(), names.len(), "something is listed twice: {names:?}");
    once
}

fn system(app: &TestApp) -> Ctx {
    Ctx::system("clockwork", &app.clock)
}

#[tokio::test]
async fn every_table_and_every_kind_of_file_has_its_time() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.upload(&desk.handler, ROW, "p.pdf", b"%PDF-1.4 x\n%%EOF\n").await.expect(200);
    shudu::scheduler::tick(&desk.app.app).await.unwrap();
    let stores = &desk.app.app.stores;
    for ((_, db), place) in stores.connections().into_iter().zip([Place::Main, Place::Ballots, Place::Register]) {
        assert_eq!(
            tables(db).await,
            listed(place),
            "a table without a row in retention/table.rs, or a row without a table"
        );
    }
    let files = listed(Place::Files);
    let data = &desk.app.app.config.data;
    let names = |folder: &str| {
        let entries = std::fs::read_dir(data.join(folder)).unwrap();
        let named = entries.map(|entry| format!("{folder}{}", entry.unwrap().file_name().to_string_lossy()));
        named.collect::<Vec<_>>()
    };
    for name in names("").into_iter().filter(|name| name != "objects").chain(names("objects/")) {
        let stem = name.trim_end_matches("-wal").trim_end_matches("-shm");
        assert!(files.contains(stem), "{name} has no row in retention/table.rs");
    }
}

#[tokio::test]
async fn the_table_is_shown_to_administrators_and_auditors_with_the_days_that_hold() {
    let app = TestApp::new().await;
    for (role, status) in [(Role::Sysadmin, 200), (Role::Auditor, 200), (Role::Organiser, 404)] {
        let person = app.staff(role, "").await;
        let page = person.get("/desk/retention").await.expect(status).text();
        assert_eq!(page.contains("投票截止后365天"), status == 200);
    }
    purge_job::attend(&app.app.retention, &system(&app)).await.unwrap();
    let page =
        app.staff_as("auditor-2", Role::Auditor, "").await.in_english().get("/desk/retention").await.expect(200).text();
    assert!(page.contains("Last round") && page.contains("audit_opening"), "{page}");
    let privacy = app.nobody().get("/privacy").await.expect(200).text();
    assert!(privacy.contains("保留365天，然后删除") && privacy.contains("365天后抹去"), "{privacy}");
}

#[tokio::test]
async fn a_round_removes_what_its_time_is_over_for_and_says_so() {
    let desk = Desk::new().await;
    for noun in ["acknowledgement", "plan", "report"] {
        let person = if noun == "acknowledgement" { &desk.coordinator } else { &desk.handler };
        desk.make_move(person, noun).await;
    }
    desk.upload(&desk.handler, ROW, "p.pdf", b"%PDF-1.4 never filed\n%%EOF\n").await.expect(200);
    let app = &desk.app;
    let row = nullifier::ActiveModel {
        campaign: sea_orm::ActiveValue::Set("t1".to_owned()),
        nullifier: sea_orm::ActiveValue::Set(vec![1; 32]),
        issued_on: sea_orm::ActiveValue::Set(given::day("2018-04-05")),
    };
    let other = nullifier::ActiveModel { campaign: sea_orm::ActiveValue::Set("open".to_owned()), ..row.clone() };
    let register = app.app.stores.register.db();
    nullifier::Entity::insert_many([row, other]).exec_without_returning(register).await.unwrap();
    let db = app.app.stores.main.db();
    let round = async || purge_job::enforce(&app.app.retention, &system(app), app.clock.system()).await.unwrap();
    let before = audit_entry::Entity::find().count(db).await.unwrap();
    assert_eq!(round().await, last_round::Removed::default());
    assert_eq!(audit_entry::Entity::find().count(db).await.unwrap(), before, "nothing removed, nothing told");

    app.clock.wait(TimeDelta::days(91));
    let removed = round().await;
    assert_eq!((removed.drafts, removed.register, removed.openings), (1, 0, 0));
    assert!(removed.sessions > 5 && session::Entity::find().count(db).await.unwrap() == 0);
    assert_eq!(evidence::Entity::find().count(db).await.unwrap(), 1, "what was filed stays");
    let last = audit_entry::Entity::find().order_by_desc(audit_entry::COLUMN.number).one(db).await.unwrap().unwrap();
    assert_eq!(last.act, "retention.remove");

    app.clock.wait(TimeDelta::days(300));
    assert_eq!(round().await.register, 1);
    assert_eq!(
        nullifier::Entity::find().all(register).await.unwrap()[0].campaign,
        "open",
        "not counted, so it is needed"
    );

    // Audit entries carry the machine's own time, which is years after 2018.
    assert!(audit_opening::Entity::find().count(db).await.unwrap() > 0);
    app.clock.wait(TimeDelta::days(365 * 40));
    assert!(round().await.openings > 0);
    assert_eq!(audit_opening::Entity::find().count(db).await.unwrap(), 0);
    shudu::audit::verifying::verify(db, &[]).await.unwrap().unwrap();
}

#[tokio::test]
async fn files_that_no_row_names_are_removed_once_they_are_not_new_any_more() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    let pdf = |what: &str| format!("%PDF-1.4 {what}\n%%EOF\n").into_bytes();
    desk.upload(&desk.handler, ROW, "named.pdf", &pdf("named")).await.expect(200);
    let app = &desk.app.app;
    // A file without a row, as after a refused row or a removed upload.
    let named = evidence::Entity::find().one(app.stores.main.db()).await.unwrap().unwrap().sha256;
    let unnamed = app.files.put("unnamed.pdf", pdf("unnamed")).await.unwrap().sha256;
    let folder = app.config.data.join("objects/evidence");
    let half = app.config.data.join("scratch/00112233");
    std::fs::write(&half, b"%PDF-").unwrap();
    let place = |hash: &str| folder.join(&hash[..2]).join(&hash[2..]);
    let round =
        async || purge_job::enforce(&app.retention, &system(&desk.app), app.clock.system()).await.unwrap().drafts;
    assert_eq!(round().await, 0, "somebody may be about to name it");
    for file in [&place(&named), &place(&unnamed), &half] {
        let file = std::fs::File::options().append(true).open(file).unwrap();
        let put = file.metadata().unwrap().modified().unwrap();
        file.set_modified(put - std::time::Duration::from_secs(3601)).unwrap();
    }
    assert_eq!(round().await, 2);
    assert!(place(&named).exists() && !place(&unnamed).exists() && !half.exists());
}

#[tokio::test]
async fn rounds_are_a_day_apart() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    purge_job::attend(&app.app.retention, &system(&app)).await.unwrap();
    let first = app.app.retention.last_round.last().unwrap();
    app.clock.wait(TimeDelta::hours(23));
    purge_job::attend(&app.app.retention, &system(&app)).await.unwrap();
    assert_eq!(app.app.retention.last_round.last().unwrap(), first);
    app.clock.wait(TimeDelta::hours(1));
    purge_job::attend(&app.app.retention, &system(&app)).await.unwrap();
    assert_eq!(app.app.retention.last_round.last().unwrap().1.sessions, 1);
}

#[tokio::test]
async fn whoever_asks_what_is_kept_of_somebody_is_told_of_every_table_that_names_accounts() {
    let app = TestApp::new().await;
    let main = &app.app.stores.main;
    let sql = match main.backend() {
        DbBackend::Postgres => {
            "SELECT c.conrelid::regclass::text AS name, a.attname::text AS part FROM pg_constraint c \
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
             WHERE c.contype = 'f' AND c.confrelid = 'account'::regclass"
        }
        _ => {
            "SELECT m.name AS name, f.\"from\" AS part FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
             WHERE m.type = 'table' AND f.\"table\" = 'account'"
        }
    };
    let rows = main.db().query_all_raw(Statement::from_string(main.backend(), sql)).await.unwrap();
    assert!(rows.len() > 20);
    for row in rows {
        let (table, column): (String, String) = (row.try_get("", "name").unwrap(), row.try_get("", "part").unwrap());
        let is_told = subject::EXPORTED.contains(&&*table) || subject::TRACES.contains(&(&*table, &*column));
        assert!(is_told, "{table}.{column}");
    }
}

/// Adds delegations, role proposals, access changes and invitations of the coordinator and of others. The scopes tell them apart.
async fn hands_over(desk: &Desk) {
    use entity::stored::AccessKind;
    use entity::{access_change, delegation, invitation, role_proposal, sign_on_invitation};
    use sea_orm::ActiveValue::Set;
    let (db, now) = (desk.app.app.stores.main.db(), desk.app.clock.now());
    let [own, one, other] = [&desk.coordinator, &desk.handler, &desk.organiser].map(|person| match &person.actor {
        Actor::Staff(staff) => staff.id,
        _ => panic!("nobody"),
    });
    for (lender, borrower, scope) in [(own, one, "as lender"), (one, own, "as borrower"), (one, other, "of others")] {
        let row = delegation::ActiveModel {
            lender_id: Set(lender),
            borrower_id: Set(borrower),
            role: Set(Role::Handler),
            scope: Set(scope.to_owned()),
            from_on: Set(now.date_naive()),
            until_on: Set(now.date_naive()),
            made_at: Set(now),
            ..Default::default()
        };
        delegation::Entity::insert(row).exec(db).await.unwrap();
    }
    for (account, by, decided, scope) in
        [(own, one, other, "for"), (one, own, other, "by"), (one, other, own, "decided"), (one, other, other, "others")]
    {
        let row = role_proposal::ActiveModel {
            account_id: Set(account),
            role: Set(Role::Auditor),
            scope: Set(scope.to_owned()),
            proposed_by: Set(by),
            proposed_at: Set(now),
            decided_by: Set(Some(decided)),
            decided_at: Set(Some(now)),
            confirmed: Set(false),
            ..Default::default()
        };
        role_proposal::Entity::insert(row).exec(db).await.unwrap();
    }
    let row = invitation::ActiveModel {
        account_id: Set(own),
        token_hash: Set("a".repeat(64)),
        code_hash: Set(None),
        expires_at: Set(now),
    };
    invitation::Entity::insert(row).exec_without_returning(db).await.unwrap();
    for (account, by, decided, subject) in
        [(own, one, other, "for"), (one, own, other, "by"), (one, other, own, "decided"), (one, other, other, "others")]
    {
        let row = access_change::ActiveModel {
            account_id: Set(account),
            kind: Set(AccessKind::SignOn),
            issuer: Set(String::new()),
            subject: Set(subject.to_owned()),
            token_hash: Set(None),
            proposed_by: Set(Some(by)),
            proposed_at: Set(now),
            decided_by: Set(Some(decided)),
            decided_at: Set(Some(now)),
            confirmed: Set(false),
            ..Default::default()
        };
        access_change::Entity::insert(row).exec(db).await.unwrap();
    }
    let row =
        sign_on_invitation::ActiveModel { account_id: Set(own), code_hash: Set("b".repeat(64)), expires_at: Set(now) };
    sign_on_invitation::Entity::insert(row).exec_without_returning(db).await.unwrap();
}

#[tokio::test]
async fn a_person_is_handed_out_whole_and_erased_after_leaving() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    let app = &desk.app;
    let main = &app.app.stores.main;
    let ctx = system(app);
    let login = desk.coordinator.login.as_str();
    hands_over(&desk).await;
    let told = main.write(Changes::Internal, async |tx| subject::export(tx, &ctx, login).await).await.unwrap();
    assert_eq!(told["account"]["name"], format!("name of {login}"));
    assert_eq!(told["rows_that_name_the_account"]["assignment_event.actor_id"], 1);
    assert_eq!(told["acts"][0]["act"], "assignment.acknowledgement");
    // The export holds the person's own rows and nobody else's.
    let lent: Vec<_> = told["roles_lent"].as_array().unwrap().iter().map(|lent| &lent["scope"]).collect();
    assert_eq!(lent, ["as lender", "as borrower"]);
    let proposed: Vec<_> = told["role_proposals"].as_array().unwrap().iter().map(|row| &row["scope"]).collect();
    assert_eq!(proposed, ["for", "by", "decided"]);
    let changed: Vec<_> = told["access_changes"].as_array().unwrap().iter().map(|row| &row["subject"]).collect();
    assert_eq!(changed, ["for", "by", "decided"]);
    assert!(told["account"]["invited_until"].is_string() && told["sign_on_invited_until"].is_string());
    assert!(
        told["personal_in_the_trail"].to_string().contains(login) && told["sessions"].as_array().unwrap().len() == 1
    );

    let early = main.write(Changes::Internal, async |tx| subject::erase(tx, &ctx, login).await).await.unwrap_err();
    assert_eq!(early.refusal().code, "person.active");
    desk.sysadmin.post_form(&format!("/desk/accounts/{login}/suspension"), &[]).await.expect(303);
    let number = main.write(Changes::Internal, async |tx| subject::erase(tx, &ctx, login).await).await.unwrap();
    let twice = format!("former-{number}");
    let again = main.write(Changes::Internal, async |tx| subject::erase(tx, &ctx, &twice).await).await.unwrap_err();
    assert_eq!(again.refusal().code, "person.erased");

    desk.coordinator.get("/desk").await.expect(303);
    let body = json!({ "login": login, "password": testing::actors::PASSWORD });
    app.nobody().post_json("/api/v1/sessions", &body).await.expect(422);
    let opened = audit_opening::Entity::find().all(main.db()).await.unwrap();
    // A login that is typed after the erasure is a new entry with its own opening.
    let erased = audit_entry::Entity::find().all(main.db()).await.unwrap();
    let until = erased.iter().find(|e| e.act == "identity.erase_person").unwrap().number;
    assert!(!opened.iter().any(|o| o.value.contains(login) && o.entry < until));
    shudu::audit::verifying::verify(main.db(), &[]).await.unwrap().unwrap();
    let trail = desk.auditor.get(&format!("/desk/audit?who=%23{number}")).await.expect(200).text();
    assert!(trail.contains(&format!("离职人员#{number}")) && trail.contains("签收任务"), "{trail}");
    let page = desk.organiser.get(&format!("/desk/assignments/{ROW}")).await.expect(200).text();
    assert!(!page.contains(&format!("name of {login}")), "{page}");
    let stranger = Ctx::of(desk.organiser.actor.clone(), &app.clock);
    assert!(main.write(Changes::Internal, async |tx| subject::export(tx, &stranger, "organiser").await).await.is_err());
}

#[tokio::test]
async fn the_register_of_a_running_vote_stays() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let row = nullifier::ActiveModel {
        campaign: sea_orm::ActiveValue::Set("t1".to_owned()),
        nullifier: sea_orm::ActiveValue::Set(vec![1; 32]),
        issued_on: sea_orm::ActiveValue::Set(given::day("2018-04-05")),
    };
    let register = app.app.stores.register.db();
    nullifier::Entity::insert(row).exec_without_returning(register).await.unwrap();
    app.clock.set(noon("2030-01-01"));
    purge_job::enforce(&app.app.retention, &system(&app), app.clock.system()).await.unwrap();
    assert_eq!(nullifier::Entity::find().count(register).await.unwrap(), 1, "nobody counted it yet");
}
