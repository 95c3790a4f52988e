//! The list of a person's sessions, and revoking them from another device.

use chrono::TimeDelta;
use entity::stored::{Role, SessionKind};
use poem::Request;
use poem::http::{Method, header};
use serde_json::Value;

use super::{browser, cookie, is_signed_in};
use testing::actors::PASSWORD;
use testing::{Person, TestApp};

/// Signs in with a browser that sends this user agent.
async fn with(app: &TestApp, agent: &str) -> Person {
    let request = Request::builder()
        .method(Method::POST)
        .uri("/sign-in".parse().unwrap())
        .header(header::HOST, "shudu.test")
        .header("sec-fetch-site", "same-origin")
        .header(header::USER_AGENT, agent)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(serde_urlencoded::to_string([("login", "organiser"), ("password", PASSWORD)]).unwrap());
    let answer = app.nobody().request(request).await.expect(303);
    let mut person = app.nobody();
    person.token = Some((SessionKind::Cookie, cookie(&answer).0));
    person
}

async fn devices(person: &Person) -> Vec<Value> {
    person.get("/api/v1/sessions").await.expect(200).json().as_array().unwrap().clone()
}

#[tokio::test]
async fn the_own_devices_are_listed_with_browser_and_last_use_and_nobody_elses() {
    let app = TestApp::new().await;
    app.staff_as("organiser", Role::Organiser, "")
        .await
        .send(Method::DELETE, "/api/v1/sessions/current", None, vec![])
        .await;
    app.staff(Role::Auditor, "").await;
    let phone = with(&app, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1").await;
    app.clock.wait(TimeDelta::minutes(5));
    let desk =
        with(&app, "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0").await;
    let found = devices(&desk).await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!((&found[0]["browser"], &found[0]["current"]), (&"Edge, Windows".into(), &true.into()));
    assert_eq!((&found[1]["browser"], &found[1]["current"]), (&"Safari, iPhone".into(), &false.into()));
    assert_eq!(found[1]["used"], "2018-04-01T04:00:00+00:00");
    let page = phone.get("/desk/account/devices").await.expect(200).text();
    for said in
        ["Edge, Windows", "Safari, iPhone", "（这台设备）", "浏览器", "（系统时间）", "30分钟不用或者登录满8小时"]
    {
        assert!(page.contains(said), "{said}");
    }
    // The page shows neither the token nor its hash.
    let (_, token) = phone.token.clone().unwrap();
    assert!(!page.contains(&token) && !page.contains(&shudu::sign_in::session::hash(&token)));
    // A session that expired is not listed.
    app.clock.wait(TimeDelta::minutes(26));
    assert!(is_signed_in(&desk).await);
    app.clock.wait(TimeDelta::minutes(10));
    assert_eq!(devices(&desk).await.len(), 1);
}

#[tokio::test]
async fn one_device_or_all_others_are_signed_out_from_afar() {
    let app = TestApp::new().await;
    let here = app.staff(Role::Organiser, "").await;
    let there = browser(&app, "organiser", PASSWORD).await;
    let third = browser(&app, "organiser", PASSWORD).await;
    let other = app.staff(Role::Auditor, "").await;
    let name =
        |found: &[Value]| found.iter().find(|d| d["current"] == true).unwrap()["name"].as_str().unwrap().to_owned();
    let path = format!("/desk/account/devices/{}/revocation", name(&devices(&there).await));
    // For another person, the session does not exist.
    other.post_form(&path, &[]).await.expect(404);
    assert!(is_signed_in(&there).await);
    let answer = here.post_form(&path, &[]).await.expect(303);
    assert_eq!(answer.location(), "/desk/account/devices?done=session");
    assert!(!is_signed_in(&there).await && is_signed_in(&third).await);
    here.post_form("/desk/account/devices/revocation", &[]).await.expect(303);
    assert!(!is_signed_in(&third).await && is_signed_in(&here).await && is_signed_in(&other).await);
    let there = browser(&app, "organiser", PASSWORD).await;
    let path = format!("/api/v1/sessions/{}", name(&devices(&there).await));
    here.send(Method::DELETE, &path, None, Vec::new()).await.expect(204);
    here.send(Method::DELETE, &path, None, Vec::new()).await.expect(404);
    assert!(!is_signed_in(&there).await);
    let there = browser(&app, "organiser", PASSWORD).await;
    here.send(Method::DELETE, "/api/v1/sessions/others", None, Vec::new()).await.expect(204);
    assert!(!is_signed_in(&there).await);
}

#[tokio::test]
async fn after_a_revocation_was_answered_no_request_succeeds() {
    let app = TestApp::new().await;
    let here = app.staff(Role::Organiser, "").await;
    for _ in 0..3 {
        let there = browser(&app, "organiser", PASSWORD).await;
        // After a minute every use is written to the store again, so that these writes race with the revocation.
        app.clock.wait(TimeDelta::minutes(1));
        let during = futures_util::future::join_all((0..20).map(|_| there.get("/api/v1/account")));
        let revoking = here.send(Method::DELETE, "/api/v1/sessions/others", None, Vec::new());
        let (during, revoked) = futures_util::future::join(during, revoking).await;
        revoked.expect(204);
        for answer in during {
            assert!([200, 401].contains(&answer.status.as_u16()), "{}", answer.status);
        }
        let after = futures_util::future::join_all((0..20).map(|_| there.get("/api/v1/account"))).await;
        assert!(after.iter().all(|answer| answer.status.as_u16() == 401));
    }
}

#[tokio::test]
async fn a_session_says_how_long_it_lasts_and_goes_on_by_being_used() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    let left =
        async |person: &Person| person.get("/api/v1/sessions/current").await.expect(200).json()["ends_in"].clone();
    assert_eq!(left(&person).await, 30 * 60);
    app.clock.wait(TimeDelta::minutes(28));
    let page = person.get("/desk/account/devices").await.expect(200).text();
    assert!(page.contains(r#"data-ends="1800""#), "it was used just now");
    for _ in 0..21 {
        app.clock.wait(TimeDelta::minutes(21));
        left(&person).await;
    }
    app.clock.wait(TimeDelta::minutes(10));
    assert_eq!(left(&person).await, 60, "the absolute end is nearer");
}
