//! Sessions end: by themselves, by signing out, by a change of the account.

use chrono::TimeDelta;
use entity::stored::{Role, SessionKind};
use poem::Request;
use poem::http::{Method, header};

use super::{browser, cookie, is_in};
use crate::support::TestApp;
use crate::support::actors::PASSWORD;

#[tokio::test]
async fn a_session_ends_after_an_hour_without_use() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    for _ in 0..3 {
        app.clock.wait(TimeDelta::minutes(59));
        assert!(is_in(&person).await, "every use keeps it open");
    }
    app.clock.wait(TimeDelta::minutes(60));
    assert!(!is_in(&person).await);
    person.get("/api/v1/account").await.expect(401);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_of_use() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    for _ in 0..23 {
        app.clock.wait(TimeDelta::minutes(30));
        assert!(is_in(&person).await);
    }
    app.clock.wait(TimeDelta::minutes(30));
    assert!(!is_in(&person).await);
}

#[tokio::test]
async fn programme_time_does_not_end_sessions() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    app.clock.advance(TimeDelta::days(90));
    assert!(is_in(&person).await);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie_back() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    let other = browser(&app, "organiser", PASSWORD).await;
    let page = person.get("/desk/password").await.text();
    assert!(page.contains(r#"<form method="post" action="/sign-out">"#));
    // Twice is safe.
    for _ in 0..2 {
        let answer = person.post_form("/sign-out", &[]).await.expect(303);
        assert_eq!(answer.location(), "/sign-in?done=sign-out");
        let (token, attributes) = cookie(&answer);
        assert_eq!(token, "");
        assert_eq!(attributes, "Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax");
    }
    assert!(!is_in(&person).await);
    assert!(is_in(&other).await, "the other device goes on");
    let page = app.nobody().get("/sign-in?done=sign-out").await.text();
    assert!(page.contains("已退出登录。"));
    let page = app.nobody().get("/sign-in?done=nonsense").await.text();
    assert!(!page.contains("identity-done"), "only our own words");
}

#[tokio::test]
async fn signing_in_anew_ends_what_the_browser_held_before() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    app.staff(Role::Auditor, "").await;
    let before = browser(&app, "organiser", PASSWORD).await;
    let fields = [("login", "auditor"), ("password", PASSWORD)];
    let answer = before.post_form("/sign-in", &fields).await.expect(303);
    assert!(!is_in(&before).await);
    let mut after = app.nobody();
    after.token = Some((SessionKind::Cookie, cookie(&answer).0));
    assert!(is_in(&after).await);
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
    assert!(is_in(&person).await);
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
