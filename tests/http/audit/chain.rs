//! The chain stays whole under concurrent writers, and its end is published.

use chrono::TimeDelta;
use entity::stored::Role;
use entity::{audit_entry, audit_opening};
use poem::http::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use shudu::audit::{self, openings, refusals};
use shudu::base::ctx::Ctx;
use shudu::base::error::Error;
use shudu::base::main_store::Changes;

use super::{acts_since, add_entries, entries, publish, published_checkpoints, size, verify_trail};
use testing::actors::PASSWORD;
use testing::desk::ROW;
use testing::{Desk, TestApp};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_at_one_moment_make_one_chain_without_gaps() {
    let app = TestApp::new().await;
    let before = size(&app).await;
    let writers: Vec<_> = (0..32)
        .map(|n| {
            let (store, ctx) = (app.app.stores.main.clone(), Ctx::system("test", &app.clock));
            tokio::spawn(async move {
                for m in 0..6 {
                    let written = store
                        .write(Changes::Internal, async |tx| {
                            audit::record(tx, &ctx, "campaign.edit", "t1", json!({ "n": n, "m": m })).await?;
                            audit::record(tx, &ctx, "identity.sign_out", "somebody", json!({})).await?;
                            // A transaction that is rolled back leaves no gap.
                            if m == 3 { Err(Error::conflict("campaign.stale")) } else { Ok(()) }
                        })
                        .await;
                    assert_eq!(written.is_err(), m == 3, "{written:?}");
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let whole = verify_trail(&app).await.unwrap();
    assert_eq!(whole.chain.size, before + 32 * 5 * 2);
    assert_eq!(entries(&app).await.len() as i64, whole.chain.size);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bulk_acts_and_single_moves_on_the_same_rows_do_not_wait_for_each_other() {
    let desk = Desk::new().await;
    let rows = json!([
        { "issue": "T1-1", "province": "320000", "department": "省公安厅" },
        { "issue": "T1-2", "province": "320000", "department": "省公安厅" },
    ]);
    let bulk = |rows: serde_json::Value| {
        let person = desk.coordinator.clone();
        tokio::spawn(
            async move { person.post_json("/api/v1/assignments/acknowledgements", &json!({ "rows": rows })).await },
        )
    };
    let mut turned = rows.as_array().unwrap().clone();
    turned.reverse();
    let single = |row: &'static str| {
        let person = desk.second.clone();
        tokio::spawn(async move {
            let path = format!("/api/v1/assignments/{row}/acknowledgement");
            person.post_json(&path, &Desk::body("acknowledgement")).await
        })
    };
    for answer in [bulk(rows), single("T1-2/320000"), bulk(turned.into()), single("T1-1/320000")] {
        let answer = answer.await.unwrap();
        assert!(answer.status.as_u16() < 500, "{}", answer.text());
    }
    let moved = acts_since(&desk.app, 0).await.into_iter().filter(|act| act == "assignment.acknowledgement").count();
    assert_eq!(moved, 2);
    verify_trail(&desk.app).await.unwrap();
}

#[tokio::test]
async fn a_checkpoint_is_published_when_the_trail_grew_and_old_ones_stay() {
    let app = TestApp::new().await;
    add_entries(&app, 5).await;
    let first = size(&app).await;
    shudu::scheduler::tick(&app.app).await.unwrap();
    let note = app.nobody().get("/log/audit/checkpoint").await.expect(200).text();
    assert!(note.starts_with(&format!("shudu.test/audit\n{first}\n")), "{note}");
    add_entries(&app, 5).await;
    shudu::scheduler::tick(&app.app).await.unwrap();
    assert_eq!(published_checkpoints(&app).len(), 1, "not before ten minutes are over");
    app.clock.wait(TimeDelta::minutes(10));
    shudu::scheduler::tick(&app.app).await.unwrap();
    assert_eq!(published_checkpoints(&app).iter().map(|k| k.size).collect::<Vec<_>>(), [first, first + 5]);
    app.clock.wait(TimeDelta::minutes(10));
    shudu::scheduler::tick(&app.app).await.unwrap();
    assert_eq!(published_checkpoints(&app).len(), 2, "nothing new, nothing signed");
    assert_eq!(app.nobody().get(&format!("/log/audit/history/{first}")).await.expect(200).text(), note);
    app.nobody().get("/log/audit/").await.expect(200);
    let whole = verify_trail(&app).await.unwrap();
    assert_eq!((whole.checkpoints, whole.covered), (2, first + 5));
}

#[tokio::test]
async fn no_campaign_takes_the_name_of_the_trail_among_the_logs() {
    let app = TestApp::new().await;
    let mut draft = testing::given::draft("audit");
    assert!(draft.check(&shudu::campaign::queries::known(app.app.stores.main.db(), None).await.unwrap()).is_err());
    draft.slug = "audits".to_owned();
    draft.check(&shudu::campaign::queries::known(app.app.stores.main.db(), None).await.unwrap()).unwrap();
}

#[tokio::test]
async fn whatever_refuses_somebody_who_says_who_they_are_is_on_record_and_so_is_by_what_they_proved_it() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let start = size(&app).await;
    let change = json!({ "old": "wrong for sure", "new": "snow on the old bridge" });
    person.send_json(Method::PUT, "/api/v1/account/password", &change).await.expect(422);
    let taken = json!({ "token": "0".repeat(43), "new": "snow on the old bridge" });
    app.nobody().post_json("/api/v1/invitations/acceptance", &taken).await.expect(409);
    app.nobody().get("/invitations/nonsense").await.expect(409);
    app.nobody().post_form("/invitations/nonsense", &[]).await.expect(409);
    let confirmation = "/api/v1/sessions/current/confirmation";
    person.post_json(confirmation, &json!({ "password": "wrong for sure" })).await.expect(422);
    person.post_json(confirmation, &json!({ "password": PASSWORD })).await.expect(204);
    let refusal = "identity.refuse_sign_in";
    assert_eq!(acts_since(&app, start).await, [refusal, refusal, refusal, refusal, "identity.confirm"]);
    assert_eq!(entries(&app).await.pop().unwrap().detail, r#"{"by":"password"}"#);
}

#[tokio::test]
async fn refused_sign_ins_are_on_record_without_saying_who_and_a_flood_is_counted() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let start = size(&app).await;
    for login in ["organiser", "nobody-of-that-name"] {
        let body = json!({ "login": login, "password": "wrong for sure" });
        app.nobody().post_json("/api/v1/sessions", &body).await.expect(422);
    }
    let body = json!({ "login": "organiser", "password": PASSWORD });
    app.nobody().post_json("/api/v1/sessions", &body).await.expect(201);
    assert_eq!(
        acts_since(&app, start).await,
        ["identity.refuse_sign_in", "identity.refuse_sign_in", "identity.sign_in"]
    );
    for entry in entries(&app).await.iter().filter(|e| e.number.0 > start) {
        let told = format!("{} {} {}", entry.object, entry.detail, entry.commitments);
        assert!(!told.contains("organiser") && !told.contains("nobody-of"), "{told}");
    }
    for n in 0..refusals::SHOWN + 50 {
        refusals::note(&app.app.stores.main, &Ctx::nobody(&app.clock), &format!("flood-{n}"), "192.0.2.1")
            .await
            .unwrap();
    }
    assert_eq!(size(&app).await, start + 3 + refusals::SHOWN - 2);
    app.clock.wait(TimeDelta::hours(1));
    shudu::scheduler::tick(&app.app).await.unwrap();
    let last = entries(&app).await.pop().unwrap();
    assert_eq!(last.act, "identity.refuse_many");
    let told: serde_json::Value = serde_json::from_str(&last.detail).unwrap();
    assert_eq!((&told["refused"], &told["entered"]), (&json!(refusals::SHOWN + 52), &json!(refusals::SHOWN)));
    shudu::scheduler::tick(&app.app).await.unwrap();
    assert_eq!(entries(&app).await.pop().unwrap(), last, "told once");
    verify_trail(&app).await.unwrap();
}

#[tokio::test]
async fn signing_in_and_out_and_taking_evidence_home_are_on_record() {
    let desk = Desk::new().await;
    for noun in ["acknowledgement", "plan", "report"] {
        let person = if noun == "acknowledgement" { &desk.coordinator } else { &desk.handler };
        desk.make_move(person, noun).await;
    }
    let start = size(&desk.app).await;
    let file = desk.upload(&desk.handler, ROW, "p.pdf", b"%PDF-1.4 other\n%%EOF\n").await.expect(200).json();
    let hash = file["sha256"].as_str().unwrap();
    desk.coordinator.get(&format!("/desk/assignments/{ROW}/evidence/{hash}")).await.expect(200);
    let path = format!("/api/v1/assignments/{ROW}/evidence/{hash}");
    desk.handler.send(poem::http::Method::DELETE, &path, None, Vec::new()).await.expect(200);
    desk.handler.post_form("/sign-out", &[]).await.expect(303);
    assert_eq!(
        acts_since(&desk.app, start).await,
        ["report.add_evidence", "report.read_evidence", "report.drop_evidence", "identity.sign_out"]
    );
}

#[tokio::test]
async fn erasing_what_is_personal_leaves_the_chain_whole_and_is_told() {
    let app = TestApp::new().await;
    add_entries(&app, 40).await;
    publish(&app).await.unwrap();
    let db = app.app.stores.main.db();
    let before = audit_opening::Entity::find().count(db).await.unwrap();
    assert_eq!(before, 4);
    let ctx = Ctx::system("test", &app.clock);
    let later = "2100-01-01T00:00:00Z".parse().unwrap();
    let erased = app
        .app
        .stores
        .main
        .write(Changes::Public, async |tx| openings::erase_before(tx, &ctx, later).await)
        .await
        .unwrap();
    assert_eq!(erased, before);
    let last = entries(&app).await.pop().unwrap();
    assert_eq!(last.act, "audit.erase");
    let whole = verify_trail(&app).await.unwrap();
    assert_eq!((whole.open, whole.erased), (0, before));
    // Without anything to erase, no entry is added.
    assert_eq!(
        app.app
            .stores
            .main
            .write(Changes::Public, async |tx| openings::erase_before(tx, &ctx, later).await)
            .await
            .unwrap(),
        0
    );
    assert_eq!(size(&app).await, last.number.0);
    assert_eq!(audit_entry::Entity::find().count(db).await.unwrap() as i64, last.number.0);
}
