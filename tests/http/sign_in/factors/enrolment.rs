//! Enrolment at a site that requires a second factor.

use entity::stored::{Role, SessionKind};
use poem::http::Method;
use serde_json::json;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

use super::{FACTOR, after_password, code, enrol_passkey, holding, ticket};
use crate::sign_in::{cookie, is_signed_in};
use testing::TestApp;

#[tokio::test]
async fn where_it_is_demanded_a_password_leads_to_enrolment_and_no_further() {
    let app = TestApp::with_second_factor().await;
    app.staff(Role::Organiser, "").await;
    let (mut browser, answer) = after_password(&app, "organiser").await;
    assert_eq!(answer.location(), "/sign-in/enrolment?next=/desk");
    let page = browser.get(&answer.location()).await.expect(200).text();
    let secret = page.split(r#"id="secret">"#).nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(page.contains("<path stroke"), "a picture to scan");
    browser.post_form("/sign-in/enrolment", &[("code", "000000")]).await.expect(422);
    let again = browser.get("/sign-in/enrolment").await.expect(200).text();
    assert!(again.contains(&secret), "a mistyped code does not change what was scanned");
    let fields = [("code", &*code(&app, &secret, 0)), ("next", "/desk/password")];
    let answer = browser.post_form("/sign-in/enrolment", &fields).await.expect(200);
    let page = answer.text();
    let list = page.split(r#"<ol class="codes""#).nth(1).unwrap().split("</ol>").next().unwrap();
    assert_eq!(list.matches("<li>").count(), 10);
    assert!(page.contains(r#"href="/desk/password""#) && page.contains("data-print"));
    let before = browser.token.clone().unwrap().1;
    let after = cookie(&answer).0;
    assert_ne!(before, after);
    assert!(!is_signed_in(&browser).await);
    browser.token = Some((SessionKind::Cookie, after));
    assert!(is_signed_in(&browser).await);
}

#[tokio::test]
async fn a_program_enrols_with_its_ticket() {
    let app = TestApp::with_second_factor().await;
    app.staff(Role::Organiser, "").await;
    let (program, due) = ticket(&app, "organiser").await;
    assert_eq!(due["due"], "enrolment");
    let totp = format!("{FACTOR}/totp");
    let secret = program.post_json(&totp, &json!({})).await.expect(200).json()["secret"].as_str().unwrap().to_owned();
    let body = json!({ "code": code(&app, &secret, 0) });
    let enrolled = program.send_json(Method::PUT, &totp, &body).await.expect(200).json();
    assert_eq!(enrolled["recovery_codes"].as_array().unwrap().len(), 10);
    holding(&app, &enrolled["session"]).get("/api/v1/account").await.expect(200);
    // Enrolment with a passkey works in the same way.
    app.staff(Role::Auditor, "").await;
    let (program, _) = ticket(&app, "auditor").await;
    let enrolled = enrol_passkey(&program, &mut SoftPasskey::new(true), "").await;
    holding(&app, &enrolled["session"]).get("/api/v1/account").await.expect(200);
}

#[tokio::test]
async fn who_is_overtaken_by_the_owner_enrols_nothing() {
    let app = TestApp::with_second_factor().await;
    app.staff(Role::Organiser, "").await;
    let (thief, _) = ticket(&app, "organiser").await;
    let (owner, _) = ticket(&app, "organiser").await;
    let totp = format!("{FACTOR}/totp");
    let stolen = thief.post_json(&totp, &json!({})).await.expect(200).json()["secret"].as_str().unwrap().to_owned();
    let own = owner.post_json(&totp, &json!({})).await.expect(200).json()["secret"].as_str().unwrap().to_owned();
    assert_ne!(stolen, own, "each session has a secret of its own");
    let body = json!({ "code": code(&app, &own, 0) });
    owner.send_json(Method::PUT, &totp, &body).await.expect(200);
    let body = json!({ "code": code(&app, &stolen, 0) });
    thief.send_json(Method::PUT, &totp, &body).await.expect(401);
}
