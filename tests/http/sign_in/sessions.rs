//! The end of sessions: by expiry, by signing out, and by a change of the account.

use chrono::TimeDelta;
use entity::stored::{Role, SessionKind};
use poem::Request;
use poem::http::{Method, header};

use super::{browser, cookie, is_signed_in};
use testing::TestApp;
use testing::actors::PASSWORD;

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_use() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    for _ in 0..3 {
        app.clock.wait(TimeDelta::minutes(29));
        assert!(is_signed_in(&person).await, "every use keeps it open");
    }
    app.clock.wait(TimeDelta::minutes(30));
    assert!(!is_signed_in(&person).await);
    person.get("/api/v1/account").await.expect(401);
}

#[tokio::test]
async fn a_session_ends_after_eight_hours_of_use() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    for _ in 0..23 {
        app.clock.wait(TimeDelta::minutes(20));
        assert!(is_signed_in(&person).await);
    }
    app.clock.wait(TimeDelta::minutes(20));
    assert!(!is_signed_in(&person).await);
}

#[tokio::test]
async fn a_session_of_a_clock_that_was_ahead_lasts_no_longer_for_that() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    app.clock.step(TimeDelta::hours(3));
    let person = browser(&app, "organiser", PASSWORD).await;
    app.clock.step(TimeDelta::hours(-3));
    for _ in 0..24 {
        assert!(is_signed_in(&person).await);
        app.clock.wait(TimeDelta::minutes(20));
    }
    assert!(!is_signed_in(&person).await, "eight hours");
    let idle = browser(&app, "organiser", PASSWORD).await;
    app.clock.step(TimeDelta::hours(-1));
    assert!(is_signed_in(&idle).await);
    app.clock.wait(TimeDelta::minutes(30));
    assert!(!is_signed_in(&idle).await, "half an hour without use");
}

#[tokio::test]
async fn programme_time_does_not_end_sessions() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    app.clock.advance(TimeDelta::days(90));
    assert!(is_signed_in(&person).await);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie_back() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    let other = browser(&app, "organiser", PASSWORD).await;
    let page = person.get("/desk/password").await.text();
    assert!(page.contains(r#"<form method="post" action="/sign-out">"#));
    // Signing out twice is safe (idempotent).
    for _ in 0..2 {
        let answer = person.post_form("/sign-out", &[]).await.expect(303);
        assert_eq!(answer.location(), "/sign-in?done=sign-out");
        assert_eq!(answer.headers["clear-site-data"], "\"cache\"", "nor is a page left in the browser's cache");
        let (token, attributes) = cookie(&answer);
        assert_eq!(token, "");
        assert_eq!(attributes, "Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax");
    }
    assert!(!is_signed_in(&person).await);
    assert!(is_signed_in(&other).await, "the other device goes on");
    let page = app.nobody().get("/sign-in?done=sign-out").await.text();
    assert!(page.contains("已退出登录。"));
    let page = app.nobody().get("/sign-in?done=nonsense").await.text();
    assert!(!page.contains("sign-in-done"), "only our own words");
}

#[tokio::test]
async fn signing_in_anew_ends_what_the_browser_held_before() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    app.staff(Role::Auditor, "").await;
    let before = browser(&app, "organiser", PASSWORD).await;
    let fields = [("login", "auditor"), ("password", PASSWORD)];
    let answer = before.post_form("/sign-in", &fields).await.expect(303);
    assert!(!is_signed_in(&before).await);
    let mut after = app.nobody();
    after.token = Some((SessionKind::Cookie, cookie(&answer).0));
    assert!(is_signed_in(&after).await);
}

#[tokio::test]
async fn other_sites_cannot_sign_anybody_in_or_out() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    let (_, token) = person.token.clone().unwrap();
    let shapes: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ];
    for headers in shapes {
        for (method, path, body) in [
            (Method::POST, "/sign-in", "login=organiser&password=x"),
            (Method::POST, "/sign-out", ""),
            (Method::POST, "/desk/password", "old=x&new=y&again=y"),
            (Method::DELETE, "/api/v1/sessions/current", ""),
        ] {
            let mut request = Request::builder()
                .method(method.clone())
                .uri(path.parse().unwrap())
                .header(header::HOST, "shudu.test")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::COOKIE, format!("__Host-shudu={token}"));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = person.request(request.body(body)).await;
            assert_eq!(answer.status.as_u16(), 403, "{method} {path} {headers:?}");
        }
    }
    assert!(is_signed_in(&person).await);
}

#[tokio::test]
async fn a_made_up_token_opens_nothing() {
    let app = TestApp::new().await;
    for kind in [SessionKind::Cookie, SessionKind::Bearer] {
        for token in ["", "x", "%00", &"A".repeat(43), &"A".repeat(5000)] {
            let mut person = app.nobody();
            person.token = Some((kind, token.to_owned()));
            person.get("/api/v1/account").await.expect(401);
        }
    }
}

#[tokio::test]
async fn a_stolen_cookie_is_refused_at_the_next_request_whatever_ended_it() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let security = app.staff(Role::SecurityAdmin, "").await;
    app.staff(Role::Organiser, "").await;
    let suspension = async || {
        admin.post_form("/desk/accounts/organiser/suspension", &[]).await.expect(303);
        admin.post_form("/desk/accounts/organiser/reinstatement", &[]).await.expect(303);
    };
    for end in ["sign-out", "password", "role", "suspension", "invitation"] {
        let password = if end == "invitation" { "snow on the old bridge" } else { PASSWORD };
        let password = if ["role", "suspension"].contains(&end) { "snow on the old bridge" } else { password };
        let person = browser(&app, "organiser", password).await;
        let mut thief = app.nobody();
        thief.token = person.token.clone();
        thief.get("/api/v1/account").await.expect(200);
        match end {
            "sign-out" => drop(person.post_form("/sign-out", &[]).await.expect(303)),
            "password" => {
                let new = "snow on the old bridge";
                let fields = [("old", PASSWORD), ("new", new), ("again", new)];
                person.post_form("/desk/password", &fields).await.expect(303);
            }
            "role" => {
                let standing = security.get("/api/v1/accounts/organiser").await.expect(200).json();
                let change = serde_json::json!({
                    "roles": [{ "role": "handler", "scope": "320000" }],
                    "home_province": "",
                    "version": standing["version"],
                });
                security.send_json(Method::PUT, "/api/v1/accounts/organiser/roles", &change).await.expect(200);
            }
            "suspension" => suspension().await,
            _ => drop(admin.post_form("/desk/accounts/organiser/invitation", &[]).await.expect(200)),
        }
        thief.get("/api/v1/account").await.expect(401);
        thief.get("/desk").await.expect(303);
        thief.post_form("/desk/account/devices/revocation", &[]).await.expect(303);
    }
}

#[tokio::test]
async fn a_token_that_a_browser_brings_to_the_sign_in_is_not_the_one_it_gets() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let planted = "A".repeat(43);
    let mut victim = app.nobody();
    victim.token = Some((SessionKind::Cookie, planted.clone()));
    let answer = victim.post_form("/sign-in", &[("login", "organiser"), ("password", PASSWORD)]).await.expect(303);
    assert_ne!(cookie(&answer).0, planted);
    assert!(!is_signed_in(&victim).await);
}

#[tokio::test]
async fn every_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let fields = [("login", "organiser"), ("password", PASSWORD)];
    let entered = app.nobody().post_form("/sign-in", &fields).await.expect(303);
    let left = app.nobody().post_form("/sign-out", &[]).await.expect(303);
    for (answer, names) in [(entered, &["__Host-shudu=", "__Host-shudu-device="][..]), (left, &["__Host-shudu="][..])] {
        let all: Vec<_> = answer.headers.get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(all.len(), names.len());
        for (line, name) in all.iter().zip(names) {
            let line = line.to_str().unwrap();
            assert!(line.starts_with(*name), "{line}");
            for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age="] {
                assert!(line.contains(attribute), "{line}");
            }
            assert!(!line.contains("Domain") && !line.contains("Expires"));
        }
    }
}

#[tokio::test]
async fn a_session_of_a_store_is_worth_nothing_as_a_token() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (_, token) = person.token.clone().unwrap();
    let mut thief = app.nobody();
    for kind in [SessionKind::Cookie, SessionKind::Bearer] {
        thief.token = Some((kind, shudu::sign_in::session::hash(&token)));
        thief.get("/api/v1/account").await.expect(401);
    }
}
