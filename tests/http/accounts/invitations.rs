//! Invitations: each works once, for three days, and until the next invitation.

use chrono::TimeDelta;
use entity::stored::{Role, SessionKind};
use serde_json::json;

use crate::sign_in::{browser, cookie, is_signed_in};
use testing::actors::PASSWORD;
use testing::{Person, TestApp};

const NEW: &str = "snow on the old bridge";

/// Invites the holder of an account anew and returns the path of the link.
async fn invite(admin: &Person, login: &str) -> String {
    let page = admin.post_form(&format!("/desk/accounts/{login}/invitation"), &[]).await.expect(200).text();
    let link = page.split(r#"id="link" translate="no">"#).nth(1).unwrap().split('<').next().unwrap();
    link.strip_prefix("http://localhost:0").unwrap_or(link).to_owned()
}

fn chosen(password: &str) -> [(&str, &str); 2] {
    [("new", password), ("again", password)]
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_and_is_in() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let body = json!({ "login": "chen.jing", "name": "陈静", "office": "江苏省政务办" });
    let made = admin.post_json("/api/v1/accounts", &body).await.expect(201).json();
    assert_eq!(made["invitation"]["expires"], "2018-04-04T04:00:00+00:00");
    let link = made["invitation"]["link"].as_str().unwrap();
    let path = link.strip_prefix("http://localhost:0").unwrap();
    let nobody = app.nobody();
    let page = nobody.get(path).await.expect(200).text();
    assert!(page.contains("陈静") && page.contains("chen.jing") && page.contains("江苏省政务办"));
    for (fields, sentence) in [
        ([("new", NEW), ("again", "other")], "两遍新密码不一样"),
        (chosen("password1234"), "这个密码太好猜"),
        (chosen("chen.jing 2018 x"), "密码里不能有账号"),
        (chosen("在江苏省政务办上班的人们"), "密码里不能有账号"),
    ] {
        let page = nobody.post_form(path, &fields).await.expect(422).text();
        assert!(page.contains(sentence), "{sentence}");
    }
    let answer = nobody.post_form(path, &chosen(NEW)).await.expect(303);
    assert_eq!(answer.location(), "/desk");
    let mut person = app.nobody();
    person.token = Some((SessionKind::Cookie, cookie(&answer).0));
    assert!(is_signed_in(&person).await);
    assert!(is_signed_in(&browser(&app, "chen.jing", NEW).await).await);
    // The link works only once.
    for answer in [nobody.get(path).await, nobody.post_form(path, &chosen("rain over the hills")).await] {
        assert!(answer.expect(409).text().contains("这个邀请链接不能用"));
    }
}

#[tokio::test]
async fn where_a_second_factor_is_demanded_the_invitation_leads_to_its_enrolment() {
    let app = TestApp::with_second_factor().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    app.staff(Role::Organiser, "").await;
    let path = invite(&admin, "organiser").await;
    let answer = app.nobody().post_form(&path, &chosen(NEW)).await.expect(303);
    assert_eq!(answer.location(), "/sign-in/enrolment?next=/desk");
}

#[tokio::test]
async fn an_invitation_is_void_after_three_days_or_by_the_next_one() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    app.staff(Role::Organiser, "").await;
    let first = invite(&admin, "organiser").await;
    let second = invite(&admin, "organiser").await;
    let nobody = app.nobody();
    nobody.get(&first).await.expect(409);
    nobody.post_form(&first, &chosen(NEW)).await.expect(409);
    app.clock.wait(TimeDelta::hours(72) - TimeDelta::seconds(1));
    nobody.get(&second).await.expect(200);
    app.clock.wait(TimeDelta::seconds(1));
    nobody.get(&second).await.expect(409);
    nobody.post_form(&second, &chosen(NEW)).await.expect(409);
    let body = json!({ "token": second.rsplit('/').next().unwrap(), "new": NEW });
    let answer = nobody.post_json("/api/v1/invitations/acceptance", &body).await;
    assert_eq!(answer.expect(409).code(), "account.invitation");
    nobody.get("/invitations/nonsense").await.expect(409);
}

#[tokio::test]
async fn inviting_anew_voids_the_password_and_ends_the_sessions() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let person = app.staff(Role::Organiser, "").await;
    let path = invite(&admin, "organiser").await;
    assert!(!is_signed_in(&person).await);
    app.nobody().post_form("/sign-in", &[("login", "organiser"), ("password", PASSWORD)]).await.expect(422);
    app.nobody().post_form("/sign-in", &[("login", "organiser"), ("password", "")]).await.expect(422);
    let body = json!({ "token": path.rsplit('/').next().unwrap(), "new": NEW });
    app.nobody().post_json("/api/v1/invitations/acceptance", &body).await.expect(201);
    let own = admin.post_form("/desk/accounts/sysadmin/invitation", &[]).await;
    own.expect(409);
    admin.post_form("/desk/accounts/nobody/invitation", &[]).await.expect(404);
}

#[tokio::test]
async fn a_factor_that_is_enrolled_is_asked_for_after_a_new_invitation_too() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let person = app.staff(Role::Organiser, "").await;
    crate::sign_in::factors::enrol(&app, &person).await;
    let admin = app.sign_in_again(&admin).await;
    let path = invite(&admin, "organiser").await;
    let answer = app.nobody().post_form(&path, &chosen(NEW)).await.expect(303);
    assert_eq!(answer.location(), "/sign-in/code?next=/desk");
}

#[tokio::test]
async fn a_suspended_account_accepts_no_invitation() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    app.staff(Role::Organiser, "").await;
    let path = invite(&admin, "organiser").await;
    admin.post_form("/desk/accounts/organiser/suspension", &[]).await.expect(303);
    app.nobody().get(&path).await.expect(409);
    app.nobody().post_form(&path, &chosen(NEW)).await.expect(409);
}
