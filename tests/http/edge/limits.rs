//! Rate limits of one client: separate for every kind of request, equal for pages and API, and known after a restart and to other
//! nodes.

use std::sync::Arc;

use chrono::TimeDelta;
use poem::http::header;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::json;
use shudu::app::App;
use shudu::base::keys::Key;
use shudu::base::main_store::{Changes, Main};
use shudu::base::rate_limit::{Limit, MAX_EXCESS, PersistentLimiter};
use shudu::edge::Edge;
use shudu::pass::flows::REAL_NAMES;
use shudu::sign_in::throttle::{Throttle, Who};

use crate::ballot::voting;
use testing::{Answer, Person, TestApp, given};

async fn limited(limits: &str) -> TestApp {
    TestApp::with_config(|config| config.edge = Edge::default().limit(limits).unwrap()).await
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
        let pass = voting::pass(&office).await;
        voting::cast_from(&office, &pass, "320000", &["T1-1"]).await.expect(201);
        office.get(voting::BALLOT_PAGE).await.expect(200);
    }
}

#[tokio::test]
async fn the_defaults_let_a_thousand_voters_behind_one_address_vote_at_once() {
    let rates = Edge::default().rates;
    let voting = rates.iter().find(|(class, _)| class.name() == "voting").unwrap().1;
    // One voter needs six requests: page, challenge, pass, ballot and two more presses.
    assert!(voting.at_once.get() >= 6 * 1_000 && voting.a_second.get() >= 6 * 50 && REAL_NAMES.burst >= 5_000);
}

#[tokio::test]
async fn real_names_of_an_address_are_counted_once_they_are_looked_at_and_the_setting_lifts_it() {
    for (limits, status) in [("", 429), ("off", 200)] {
        let app = limited(limits).await;
        let people = given::organisation(&app).await;
        given::open(&app, &people, "t1").await;
        let office = app.nobody().at("192.0.2.1");
        let now = app.clock.system();
        for _ in 0..REAL_NAMES.burst {
            app.app.limiter.try_acquire(REAL_NAMES, "192.0.2.1", now).unwrap();
        }
        let ask = async |who: &Person| voting::person_pass(who, "王芳", voting::NUMBER).await;
        voting::person_pass(&office, "王芳", "110105194912310021").await.expect(422);
        ask(&office).await.expect(status);
        ask(&office.clone().at("192.0.2.2")).await.expect(200);
        voting::pass(&office).await;
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
    app.app.limiter.flush(store, app.clock.system()).await.unwrap();
    let rows = entity::limit_count::Entity::find().all(store.db()).await.unwrap();
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert!(!row.name.contains("203.0") && !row.name.contains("canary"), "{}", row.name);
    }
    // Another process with the same keys has the same view, as after a restart.
    let fresh = Arc::new(PersistentLimiter::new(app.app.keys.site.derive("counts", ""), true));
    fresh.read(store, &App::limits(), app.clock.system(), true).await.unwrap();
    let throttle = Throttle::new(Arc::clone(&fresh));
    let elsewhere = throttle.attempt(Who::Account("organiser-canary"), "192.0.2.99", app.clock.system());
    assert_eq!(elsewhere.unwrap_err().retry_after(), Some(2));
    assert!(throttle.attempt(Who::Account("auditor"), "192.0.2.99", app.clock.system()).is_ok());
    // A successful sign-in clears the failures on every node.
    throttle.succeeded(Who::Account("organiser-canary"), "203.0.113.77");
    fresh.flush(store, app.clock.system()).await.unwrap();
    app.app.limiter.read(store, &App::limits(), app.clock.system(), false).await.unwrap();
    app.app
        .authentication
        .throttle
        .attempt(Who::Account("organiser-canary"), "203.0.113.77", app.clock.system())
        .unwrap();
}

const RULE: Limit = Limit { name: "ticket_peer", burst: 10, refill: TimeDelta::seconds(60) };

#[tokio::test]
async fn what_two_nodes_count_adds_up() {
    let app = TestApp::new().await;
    let store = &app.app.stores.main;
    let now = app.clock.system();
    let key = Key::ephemeral().unwrap();
    let nodes = [PersistentLimiter::new(key.clone(), true), PersistentLimiter::new(key, true)];
    for round in 0..5 {
        for node in &nodes {
            node.try_acquire(RULE, "x", now).unwrap_or_else(|e| panic!("{round}: {e}"));
            node.flush(store, now).await.unwrap();
        }
    }
    for node in &nodes {
        node.read(store, &[RULE], now, false).await.unwrap();
        let count = node.table().get(RULE, node.digest(RULE, "x"), now).unwrap().count;
        assert_eq!(count, 10);
        assert_eq!(node.try_acquire(RULE, "x", now).unwrap_err().retry_after(), Some(60));
        node.try_acquire(RULE, "y", now).unwrap();
    }
    let later = now + TimeDelta::seconds(180);
    assert_eq!(nodes[0].table().get(RULE, nodes[0].digest(RULE, "x"), later).unwrap().count, 7);
}

#[tokio::test]
async fn what_the_store_cannot_take_is_not_lost() {
    let app = TestApp::new().await;
    let now = app.clock.system();
    let limiter = PersistentLimiter::new(Key::ephemeral().unwrap(), true);
    limiter.try_acquire(RULE, "x", now).unwrap();
    let gone = Main::connect(std::path::Path::new("/nonexistent"), None).await;
    assert!(gone.is_err());
    let other = tempfile::tempdir().unwrap();
    let empty = Main::connect(other.path(), None).await.unwrap();
    limiter.flush(&empty, now).await.unwrap_err();
    limiter.try_acquire(RULE, "x", now).unwrap();
    limiter.flush(&app.app.stores.main, now).await.unwrap();
    let row = entity::limit_count::Entity::find().one(app.app.stores.main.db()).await.unwrap().unwrap();
    assert_eq!(row.empty_at, (now + RULE.refill * 2).timestamp_millis());
}

/// Asks for a real-name pass from an address.
async fn asks_for_a_pass(office: &Person) -> Answer {
    voting::person_pass(office, "王芳", voting::NUMBER).await
}

/// Another process with the same keys that has read the counters from the store.
async fn another(app: &TestApp) -> Arc<PersistentLimiter> {
    let other = Arc::new(PersistentLimiter::new(app.app.keys.site.derive("counts", ""), true));
    other.read(&app.app.stores.main, &App::limits(), app.clock.system(), true).await.unwrap();
    other
}

#[tokio::test]
async fn after_a_clock_that_was_ahead_addresses_are_refused_no_longer_than_before() {
    let app = limited("").await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let (office, busy) = (app.nobody().at("192.0.2.1"), app.nobody().at("192.0.2.2"));
    let store = &app.app.stores.main;
    app.clock.step(TimeDelta::hours(3));
    asks_for_a_pass(&office).await.expect(200);
    for _ in 0..REAL_NAMES.burst {
        app.app.limiter.try_acquire(REAL_NAMES, "192.0.2.2", app.clock.system()).unwrap();
    }
    app.app.limiter.flush(store, app.clock.system()).await.unwrap();
    app.clock.step(TimeDelta::hours(-3));
    let fresh = another(&app).await;
    asks_for_a_pass(&office).await.expect(200);
    fresh.try_acquire(REAL_NAMES, "192.0.2.1", app.clock.system()).unwrap();
    // A client that had used up the burst waits as long as usual, here, after a restart and on another node.
    assert_eq!(asks_for_a_pass(&busy).await.expect(429).headers[header::RETRY_AFTER], "1");
    assert_eq!(fresh.try_acquire(REAL_NAMES, "192.0.2.2", app.clock.system()).unwrap_err().retry_after(), Some(1));
    for _ in 0..4 {
        app.clock.wait(TimeDelta::seconds(15));
        app.app.limiter.flush(store, app.clock.system()).await.unwrap();
        for limiter in [&app.app.limiter, &fresh] {
            limiter.read(store, &App::limits(), app.clock.system(), false).await.unwrap();
        }
    }
    for limiter in [&app.app.limiter, &fresh] {
        let left =
            limiter.table().get(REAL_NAMES, limiter.digest(REAL_NAMES, "192.0.2.2"), app.clock.system()).unwrap();
        assert_eq!(left.count, REAL_NAMES.burst - 100, "a minute has leaked away");
    }
    asks_for_a_pass(&busy).await.expect(200);
}

#[tokio::test]
async fn after_a_clock_that_was_set_back_a_guesser_waits_once_more_and_no_longer() {
    for by in [TimeDelta::hours(3), TimeDelta::hours(-1)] {
        let app = TestApp::new().await;
        let home = app.nobody().at("203.0.113.1");
        let enter = async |password: &str| {
            home.post_json("/api/v1/sessions", &json!({ "login": "organiser", "password": password })).await
        };
        if by > TimeDelta::zero() {
            app.clock.step(by);
        }
        for _ in 0..5 {
            enter("not this one").await.expect(422);
        }
        app.app.limiter.flush(&app.app.stores.main, app.clock.system()).await.unwrap();
        app.clock.step(-by.abs());
        let throttle = Throttle::new(another(&app).await);
        let elsewhere = || throttle.attempt(Who::Account("organiser"), "192.0.2.99", app.clock.system());
        assert_eq!(elsewhere().unwrap_err().retry_after(), Some(2));
        assert_eq!(enter("not this one").await.expect(429).headers[header::RETRY_AFTER], "2");
        app.clock.wait(TimeDelta::seconds(1));
        let limiter = &app.app.limiter;
        limiter.read(&app.app.stores.main, &App::limits(), app.clock.system(), false).await.unwrap();
        assert_eq!(enter("not this one").await.expect(429).headers[header::RETRY_AFTER], "1");
        app.clock.wait(TimeDelta::seconds(1));
        enter("not this one").await.expect(422);
        elsewhere().unwrap();
        // When the clock is corrected, nobody waits for attempts that were counted meanwhile.
        app.clock.step(by.abs());
        enter("not this one").await.expect(422);
    }
}

#[tokio::test]
async fn no_row_of_the_store_keeps_anybody_out_for_longer_than_an_allowance_lasts() {
    let app = TestApp::new().await;
    let (store, now) = (&app.app.stores.main, app.clock.system());
    let limiter = &app.app.limiter;
    let row = entity::limit_count::ActiveModel {
        name: Set(format!("{}:{}", REAL_NAMES.name, hex::encode(limiter.digest(REAL_NAMES, "192.0.2.1")))),
        empty_at: Set((now + TimeDelta::days(3)).timestamp_millis()),
        last_at: Set(now.timestamp_millis()),
    };
    store.write(Changes::Internal, async |tx| Ok(row.insert(tx).await?)).await.unwrap();
    limiter.read(store, &App::limits(), now, true).await.unwrap();
    let beyond = i32::try_from(MAX_EXCESS).unwrap();
    let refused = limiter.try_acquire(REAL_NAMES, "192.0.2.1", now).unwrap_err().retry_after().unwrap();
    assert_eq!(refused, (REAL_NAMES.refill * (beyond + 1)).num_milliseconds().unsigned_abs().div_ceil(1000));
    let later = now + REAL_NAMES.refill * (beyond + 1);
    limiter.read(store, &App::limits(), later, false).await.unwrap();
    limiter.try_acquire(REAL_NAMES, "192.0.2.1", later).unwrap();
}
