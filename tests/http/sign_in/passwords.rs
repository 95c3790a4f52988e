//! Changing the own password.

use chrono::TimeDelta;
use entity::stored::Role;
use poem::http::Method;
use sea_orm::ConnectionTrait;
use serde_json::json;
use shudu::base::main_store::Changes;

use super::{browser, is_signed_in};
use testing::TestApp;
use testing::actors::PASSWORD;

const NEW: &str = "snow on the old bridge";

#[tokio::test]
async fn a_new_password_ends_every_session_at_the_next_request() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let here = browser(&app, "organiser", PASSWORD).await;
    let there = browser(&app, "organiser", PASSWORD).await;
    let fields = [("old", PASSWORD), ("new", NEW), ("again", NEW)];
    let answer = here.post_form("/desk/password", &fields).await.expect(303);
    assert_eq!(answer.location(), "/sign-in?done=password");
    assert!(!is_signed_in(&here).await && !is_signed_in(&there).await);
    let page = app.nobody().get("/sign-in?done=password").await.text();
    assert!(page.contains("请用新密码登录"));
    let old = [("login", "organiser"), ("password", PASSWORD)];
    app.nobody().post_form("/sign-in", &old).await.expect(422);
    assert!(is_signed_in(&browser(&app, "organiser", NEW).await).await);
}

#[tokio::test]
async fn the_api_changes_the_own_password_too() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let address = "/api/v1/account/password";
    let body = json!({ "old": PASSWORD, "new": NEW });
    app.nobody().send_json(Method::PUT, address, &body).await.expect(401);
    let weak = json!({ "old": "not this one", "new": "short" });
    let problem = person.send_json(Method::PUT, address, &weak).await.expect(422);
    let fields: Vec<String> = problem.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| format!("{} {}", e["field"], e["code"]).replace('"', ""))
        .collect();
    assert_eq!(fields, ["new password.length", "old password.wrong"]);
    person.send_json(Method::PUT, address, &body).await.expect(204);
    person.get("/api/v1/account").await.expect(401);
}

#[tokio::test]
async fn nobody_chooses_a_password_of_the_operators_list() {
    let dir = tempfile::tempdir().unwrap();
    let list = dir.path().join("list");
    std::fs::write(&list, format!("password\n{}\n", NEW.to_uppercase())).unwrap();
    let app = TestApp::with_config(|config| config.avoided_passwords = Some(list)).await;
    let (admin, person) = (app.staff(Role::Sysadmin, "").await, app.staff(Role::Organiser, "").await);
    let fields = [("old", PASSWORD), ("new", NEW), ("again", NEW)];
    let page = person.post_form("/desk/password", &fields).await.expect(422).text();
    assert!(page.contains("这个密码在常用或泄露密码名单上"), "{page}");
    let body = json!({ "login": "chen.jing", "name": "陈静", "office": "江苏省政务办" });
    let made = admin.post_json("/api/v1/accounts", &body).await.expect(201).json();
    let token = made["invitation"]["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let accepted = |new: &str| json!({ "token": token, "new": new });
    let refused = app.nobody().post_json("/api/v1/invitations/acceptance", &accepted(NEW)).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["code"], "password.avoided");
    app.nobody().post_json("/api/v1/invitations/acceptance", &accepted("rain under the old bridge")).await.expect(201);
}

#[tokio::test]
async fn a_refused_change_says_why_and_shows_no_password() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    for (old, new, again, sentence) in [
        ("not this one", NEW, NEW, "密码不对"),
        (PASSWORD, "short", "short", "密码要有12到128个字符"),
        (PASSWORD, "my organiser word", "my organiser word", "密码里不能有账号"),
        (PASSWORD, "qwertyuiop123", "qwertyuiop123", "这个密码太好猜"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码和现在的一样"),
        (PASSWORD, NEW, "snow on the new bridge", "两遍新密码不一样"),
    ] {
        let fields = [("old", old), ("new", new), ("again", again)];
        let page = person.post_form("/desk/password", &fields).await;
        let page = page.expect(422).text();
        assert!(page.contains(sentence), "{sentence}");
        for secret in [old, new, again] {
            assert!(!page.contains(&format!("value=\"{secret}")));
        }
    }
    assert!(is_signed_in(&person).await);
    assert!(is_signed_in(&browser(&app, "organiser", PASSWORD).await).await);
}

#[tokio::test]
async fn a_stolen_session_cannot_guess_the_password() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let wrong = [("old", "not this one"), ("new", NEW), ("again", NEW)];
    for _ in 0..5 {
        person.post_form("/desk/password", &wrong).await.expect(422);
    }
    let page = person.post_form("/desk/password", &wrong).await.expect(429);
    assert!(page.text().contains("请2秒后再试"));
    app.clock.wait(TimeDelta::seconds(2));
    let right = [("old", PASSWORD), ("new", NEW), ("again", NEW)];
    person.post_form("/desk/password", &right).await.expect(303);
}

#[tokio::test]
async fn a_hash_with_older_parameters_is_made_anew_at_sign_in() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let standing = async || {
        let found = shudu::accounts::queries::account(app.app.stores.main.db(), "organiser").await;
        found.unwrap().0.password_hash
    };
    let light = argon2::Params::new(8, 1, 1, None).unwrap();
    let argon = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, light);
    let old = argon2::PasswordHasher::hash_password(&argon, PASSWORD.as_bytes()).unwrap().to_string();
    let sql = format!("UPDATE account SET password_hash = '{old}' WHERE login = 'organiser'");
    app.app.stores.main.write(Changes::Internal, async |tx| Ok(tx.execute_unprepared(&sql).await?)).await.unwrap();
    app.nobody().post_form("/sign-in", &[("login", "organiser"), ("password", "not this one")]).await.expect(422);
    assert_eq!(standing().await, old, "a wrong password renews nothing");
    browser(&app, "organiser", PASSWORD).await;
    let renewed = standing().await;
    assert!(renewed.contains("m=19456,t=2,p=1"), "{renewed}");
    browser(&app, "organiser", PASSWORD).await;
    assert_eq!(standing().await, renewed);
}
