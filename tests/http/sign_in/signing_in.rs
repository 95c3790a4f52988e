//! Signing in: the answers, the facts that they do not reveal, and the throttle on guessing.

use chrono::TimeDelta;
use entity::stored::{Role, SessionKind};
use poem::http::header;
use serde_json::json;

use super::{browser, cookie, fail, is_signed_in, succeeds};
use testing::TestApp;
use testing::actors::PASSWORD;

#[tokio::test]
async fn staff_sign_in_and_land_where_they_wanted_to_go() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let mut person = app.nobody();
    let asked = person.get("/desk/password?x=1").await.expect(303);
    assert_eq!(asked.location(), "/sign-in?next=/desk/password%3Fx%3D1");
    let page = person.get(&asked.location()).await.expect(200).text();
    assert!(page.contains(r#"name="next" value="/desk/password?x=1""#), "{page}");
    let answer = person
        .post_form("/sign-in", &[("login", " Organiser "), ("password", PASSWORD), ("next", "/desk/password?x=1")])
        .await
        .expect(303);
    assert_eq!(answer.location(), "/desk/password?x=1");
    let (token, attributes) = cookie(&answer);
    assert_eq!(attributes, "Max-Age=28800; Path=/; Secure; HttpOnly; SameSite=Lax");
    assert!(token.len() >= 43, "256 bits");
    person.token = Some((SessionKind::Cookie, token));
    let desk = person.get("/desk/password").await.expect(200);
    assert!(desk.text().contains("name of organiser"));
    assert_eq!(desk.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn the_way_after_signing_in_never_leads_elsewhere() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    for next in
        ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", ""]
    {
        let fields = [("login", "organiser"), ("password", PASSWORD), ("next", next)];
        let answer = app.nobody().post_form("/sign-in", &fields).await.expect(303);
        assert_eq!(answer.location(), "/desk", "{next:?}");
    }
}

#[tokio::test]
async fn who_is_signed_in_goes_on_to_the_desk() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    assert_eq!(person.get("/sign-in").await.expect(303).location(), "/desk");
    let english = person.in_english().get("/sign-in?lang=en").await;
    assert_eq!(english.expect(303).location(), "/desk?lang=en");
}

#[tokio::test]
async fn the_page_tells_citizens_that_they_need_not_sign_in() {
    let app = TestApp::new().await;
    let page = app.nobody().get("/sign-in").await.expect(200).text();
    assert!(page.contains("群众投票不用登录"));
    assert!(page.contains(r#"href="/campaigns""#));
    let main = page.split("<main").nth(1).unwrap();
    assert_eq!(main.split("</main>").next().unwrap().matches("type=\"submit\"").count(), 1);
    assert!(page.contains(r#"autocomplete="username""#));
    assert!(page.contains(r#"autocomplete="current-password""#));
    let english = app.nobody().in_english().get("/sign-in").await.text();
    assert!(english.contains("You can vote without signing in."));
}

#[tokio::test]
async fn every_cause_of_failure_gets_the_same_bytes() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    for login in ["organiser-a", "organiser-b"] {
        app.staff_as(login, Role::Organiser, "").await;
    }
    admin.post_form("/desk/accounts/organiser-b/suspension", &[]).await.expect(303);
    let nobody = app.nobody();
    let mut pages = Vec::new();
    let mut problems = Vec::new();
    for (login, password) in [("organiser-a", "not this one"), ("organiser-b", PASSWORD), ("organiser-c", PASSWORD)] {
        let fields = [("login", login), ("password", password)];
        let page = nobody.post_form("/sign-in", &fields).await.expect(422).text();
        assert!(page.contains(&format!(r#"value="{login}""#)), "the account is kept");
        assert!(!page.contains(password), "the password is not");
        assert!(page.contains("账号或密码不对，或者账号不能用"));
        assert!(page.contains("<title>出错："));
        pages.push(page.replace(login, "…"));
        let body = json!({ "login": login, "password": password });
        let mut problem = nobody.post_json("/api/v1/sessions", &body).await.expect(422).json();
        problem["request"].take();
        problems.push(problem);
    }
    assert!(pages.iter().all(|page| *page == pages[0]));
    assert!(problems.iter().all(|problem| *problem == problems[0]));
    assert_eq!(problems[0]["code"], "account.sign_in");
}

#[tokio::test]
async fn guessing_waits_longer_and_longer_whether_the_account_exists_or_not() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let mut answers = Vec::new();
    for login in ["organiser", "nobody-here"] {
        for _ in 0..5 {
            fail(&app, login).await.expect(422);
        }
        let refused = fail(&app, login).await.expect(429);
        assert_eq!(refused.headers[header::RETRY_AFTER], "2");
        let page = refused.text();
        assert!(page.contains("请2秒后再试"), "{page}");
        assert!(page.contains(&format!(r#"value="{login}""#)));
        answers.push(page.replace(login, "…"));
    }
    assert_eq!(answers[0], answers[1]);
    // The right password has to wait as well; otherwise the wait would reveal it.
    succeeds(&app, "organiser").await.expect(429);
    app.clock.wait(TimeDelta::seconds(2));
    fail(&app, "organiser").await.expect(422);
    let refused = fail(&app, "organiser").await.expect(429);
    assert_eq!(refused.headers[header::RETRY_AFTER], "4");
    app.clock.wait(TimeDelta::seconds(4));
    succeeds(&app, "organiser").await.expect(303);
    // After the success, the count starts again.
    for _ in 0..5 {
        fail(&app, "organiser").await.expect(422);
    }
    fail(&app, "organiser").await.expect(429);
}

#[tokio::test]
async fn many_accounts_from_one_address_wait_too_and_the_api_says_so() {
    let app = TestApp::new().await;
    for n in 0..20 {
        fail(&app, &format!("guess-{n}")).await.expect(422);
    }
    let body = json!({ "login": "another", "password": PASSWORD });
    let answer = app.nobody().post_json("/api/v1/sessions", &body).await;
    let answer = answer.expect(429);
    assert_eq!(answer.headers[header::RETRY_AFTER], "2");
    assert_eq!(answer.code(), "too_many");
}

#[tokio::test]
async fn a_program_signs_in_looks_at_itself_and_signs_out() {
    let app = TestApp::new().await;
    app.staff(Role::ProvinceCoordinator, "320000").await;
    let login = "province_coordinator-320000";
    let mut program = app.nobody();
    let body = json!({ "login": login, "password": PASSWORD });
    let opened = program.post_json("/api/v1/sessions", &body).await.expect(201).json();
    assert_eq!(opened["expires"], "2018-04-01T12:00:00+00:00", "eight hours on");
    let token = opened["token"].as_str().unwrap().to_owned();
    program.token = Some((SessionKind::Bearer, token.clone()));
    let account = program.get("/api/v1/account").await.expect(200).json();
    assert_eq!(
        account,
        json!({
            "login": login,
            "name": format!("name of {login}"),
            "office": format!("office of {login}"),
            "roles": [{ "role": "province_coordinator", "scope": "320000" }],
            "lent": [],
        })
    );
    // A bearer token is not accepted as a cookie.
    let mut browser = app.nobody();
    browser.token = Some((SessionKind::Cookie, token));
    assert!(!is_signed_in(&browser).await);
    let current = "/api/v1/sessions/current";
    let delete = poem::http::Method::DELETE;
    program.send(delete.clone(), current, None, Vec::new()).await.expect(204);
    program.get("/api/v1/account").await.expect(401);
    program.send(delete, current, None, Vec::new()).await.expect(401);
}

#[tokio::test]
async fn the_cookie_works_for_the_api_too() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    let account = person.get("/api/v1/account").await.expect(200).json();
    assert_eq!(account["login"], "organiser");
}
