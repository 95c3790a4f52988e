//! Limits of one client: of every kind of request apart, the same in both shapes, and known after a restart and to other nodes.

use std::sync::Arc;

use chrono::TimeDelta;
use poem::http::header;
use sea_orm::EntityTrait;
use serde_json::json;
use shudu::app::App;
use shudu::ballot::commands::REAL_NAMES;
use shudu::counting::{Counts, Rule};
use shudu::edge::Edge;
use shudu::identity::throttle::{Throttle, Who};
use shudu::keys::Key;

use crate::ballot::booth;
use crate::support::{Person, TestApp, given};

async fn limited(limits: &str) -> TestApp {
    TestApp::set(|config| config.edge = Edge::default().limit(limits).unwrap()).await
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back_and_others_go_on() {
    let app = limited("reading=1:3 exports=1:1").await;
    let one = app.nobody().at("192.0.2.1");
    for _ in 0..3 {
        one.get("/campaigns").await.expect(200);
    }
    for path in ["/campaigns", "/nowhere", "/api/v1/campaigns"] {
        let refused = one.get(path).await.expect(429);
        let seconds: u64 = refused.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
        assert!((1..=3).contains(&seconds));
        if path.starts_with("/api") {
            assert_eq!(refused.code(), "too_many");
        } else {
            assert!(refused.text().contains("操作太频繁"));
        }
    }
    let english = one.clone().in_english().get("/campaigns").await.expect(429).text();
    assert!(english.contains("Try again in"), "{english}");
    one.get("/dashboard.csv").await.expect(200);
    one.get("/dashboard.csv").await.expect(429);
    one.get("/healthz").await.expect(200);
    app.nobody().at("192.0.2.2").get("/campaigns").await.expect(200);
    app.nobody().get("/campaigns").await.expect(200);
}

#[tokio::test]
async fn readers_behind_an_address_leave_its_voters_alone() {
    let app = limited("reading=1:1 exports=1:1 staff=1:1 signing_in=1:1").await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let office = app.nobody().at("192.0.2.1");
    for path in ["/", "/dashboard.csv", "/desk"] {
        office.get(path).await;
        office.get(path).await.expect(429);
    }
    for _ in 0..20 {
        let pass = booth::pass(&office).await;
        booth::cast_from(&office, &pass, "320000", &["T1-1"]).await.expect(201);
        office.get(booth::BOOTH).await.expect(200);
    }
}

#[tokio::test]
async fn the_defaults_let_a_thousand_voters_behind_one_address_vote_at_once() {
    let rates = Edge::default().rates;
    let voting = rates.iter().find(|(class, _)| class.name() == "voting").unwrap().1;
    // Page, challenge, pass, ballot, and two presses more.
    assert!(voting.at_once.get() >= 6 * 1_000 && voting.a_second.get() >= 6 * 50 && REAL_NAMES.free >= 5_000);
}

#[tokio::test]
async fn real_names_of_an_address_are_counted_once_they_are_looked_at_and_the_setting_lifts_it() {
    for (limits, status) in [("", 429), ("off", 200)] {
        let app = limited(limits).await;
        let people = given::organisation(&app).await;
        given::open(&app, &people, "t1").await;
        let office = app.nobody().at("192.0.2.1");
        let now = app.clock.system();
        for _ in 0..REAL_NAMES.free {
            app.app.counts.take(REAL_NAMES, "192.0.2.1", now).unwrap();
        }
        let ask = async |who: &Person| booth::person_pass(who, "王芳", booth::NUMBER).await;
        booth::person_pass(&office, "王芳", "110105194912310021").await.expect(422);
        ask(&office).await.expect(status);
        ask(&office.clone().at("192.0.2.2")).await.expect(200);
        booth::pass(&office).await;
        app.clock.wait(TimeDelta::seconds(1));
        ask(&office).await.expect(200);
    }
}

#[tokio::test]
async fn failed_sign_ins_are_known_after_a_restart_and_to_other_nodes_and_no_address_stands_in_the_store() {
    let app = TestApp::new().await;
    let guesser = app.nobody().at("203.0.113.77");
    for n in 0..5 {
        let wrong = json!({ "login": "organiser-canary", "password": format!("wrong {n}") });
        guesser.post_json("/api/v1/sessions", &wrong).await.expect(422);
    }
    let store = &app.app.stores.main;
    app.app.counts.flush(store, app.clock.system()).await.unwrap();
    let rows = entity::limit_count::Entity::find().all(store.db()).await.unwrap();
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert!(!row.name.contains("203.0") && !row.name.contains("canary"), "{}", row.name);
    }
    // Another process with the same keys, as after a restart.
    let fresh = Arc::new(Counts::new(app.app.keys.site.derive("counts", ""), true));
    fresh.read(store, &App::rules(), None).await.unwrap();
    let throttle = Throttle::new(Arc::clone(&fresh));
    let elsewhere = throttle.attempt(Who::Account("organiser-canary"), "192.0.2.99", app.clock.system());
    assert_eq!(elsewhere.unwrap_err().retry_after(), Some(2));
    assert!(throttle.attempt(Who::Account("auditor"), "192.0.2.99", app.clock.system()).is_ok());
    // Who is right is forgiven everywhere.
    throttle.succeeded(Who::Account("organiser-canary"), "203.0.113.77");
    fresh.flush(store, app.clock.system()).await.unwrap();
    app.app.counts.read(store, &App::rules(), Some(app.clock.system())).await.unwrap();
    app.app.sign_ins.attempt(Who::Account("organiser-canary"), "203.0.113.77", app.clock.system()).unwrap();
}

const RULE: Rule = Rule { name: "ticket_peer", free: 10, leak: TimeDelta::seconds(60) };

#[tokio::test]
async fn what_two_nodes_count_adds_up() {
    let app = TestApp::new().await;
    let store = &app.app.stores.main;
    let now = app.clock.system();
    let key = Key::ephemeral().unwrap();
    let nodes = [Counts::new(key.clone(), true), Counts::new(key, true)];
    for round in 0..5 {
        for node in &nodes {
            node.take(RULE, "x", now).unwrap_or_else(|e| panic!("{round}: {e}"));
            node.flush(store, now).await.unwrap();
        }
    }
    for node in &nodes {
        node.read(store, &[RULE], Some(now)).await.unwrap();
        let count = node.table().get(RULE, node.digest(RULE, "x"), now).unwrap().count;
        assert_eq!(count, 10);
        assert_eq!(node.take(RULE, "x", now).unwrap_err().retry_after(), Some(60));
        node.take(RULE, "y", now).unwrap();
    }
    let later = now + TimeDelta::seconds(180);
    assert_eq!(nodes[0].table().get(RULE, nodes[0].digest(RULE, "x"), later).unwrap().count, 7);
}

#[tokio::test]
async fn what_the_store_cannot_take_is_not_lost() {
    let app = TestApp::new().await;
    let now = app.clock.system();
    let counts = Counts::new(Key::ephemeral().unwrap(), true);
    counts.take(RULE, "x", now).unwrap();
    let gone = shudu::store::Store::connect(None, std::path::Path::new("/nonexistent/main.db")).await;
    assert!(gone.is_err());
    let other = tempfile::tempdir().unwrap();
    let empty = shudu::store::Store::connect(None, &other.path().join("empty.db")).await.unwrap();
    counts.flush(&empty, now).await.unwrap_err();
    counts.take(RULE, "x", now).unwrap();
    counts.flush(&app.app.stores.main, now).await.unwrap();
    let row = entity::limit_count::Entity::find().one(app.app.stores.main.db()).await.unwrap().unwrap();
    assert_eq!(row.empty_at, (now + RULE.leak * 2).timestamp_millis());
}
