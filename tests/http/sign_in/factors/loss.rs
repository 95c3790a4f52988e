//! Lost and removed factors.

use entity::stored::Role;
use poem::http::Method;
use serde_json::json;
use shudu::base::main_store::Changes;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

use super::{FACTOR, code, enrol, enrol_passkey, show, ticket};
use crate::sign_in::is_signed_in;
use testing::TestApp;
use testing::actors::PASSWORD;

#[tokio::test]
async fn a_recovery_code_stands_in_once_however_it_is_typed() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (_, codes) = enrol(&app, &person).await;
    assert_eq!(codes.len(), 10);
    let typed = codes[3].to_uppercase().replace('-', " ");
    for (status, code) in [(201, &typed), (422, &codes[3]), (201, &codes[4])] {
        let (program, _) = ticket(&app, "organiser").await;
        show(&program, code).await.expect(status);
    }
    assert_eq!(person.get(FACTOR).await.expect(200).json()["recovery_codes"], 8);
    // New recovery codes void the old ones.
    let renewed = person.post_json(&format!("{FACTOR}/recovery-codes"), &json!({})).await.expect(200).json();
    let (program, _) = ticket(&app, "organiser").await;
    show(&program, &codes[5]).await.expect(422);
    show(&program, renewed["recovery_codes"][0].as_str().unwrap()).await.expect(201);
    // Recovery codes of another account open nothing.
    let other = app.staff(Role::Auditor, "").await;
    enrol(&app, &other).await;
    let (program, _) = ticket(&app, "auditor").await;
    show(&program, renewed["recovery_codes"][1].as_str().unwrap()).await.expect(422);
}

#[tokio::test]
async fn no_secret_and_no_code_stands_readable_in_the_store() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (secret, codes) = enrol(&app, &person).await;
    let db = app.app.stores.main.db();
    use sea_orm::EntityTrait;
    let totp = entity::totp::Entity::find().one(db).await.unwrap().unwrap();
    let stored = entity::recovery_code::Entity::find().all(db).await.unwrap();
    assert!(!totp.secret.contains(&secret));
    assert!(stored.iter().all(|row| codes.iter().all(|code| !row.code_hash.contains(&code.replace('-', "")))));
    // A secret that is moved to another account cannot be decrypted there.
    let other = app.staff(Role::Auditor, "").await;
    enrol(&app, &other).await;
    let sql = "UPDATE totp SET secret = (SELECT secret FROM totp AS other WHERE other.account_id <> totp.account_id)";
    use sea_orm::ConnectionTrait;
    app.app.stores.main.write(Changes::Internal, async |tx| Ok(tx.execute_unprepared(sql).await?)).await.unwrap();
    let (program, _) = ticket(&app, "organiser").await;
    show(&program, &code(&app, &secret, 0)).await.expect(500);
}

#[tokio::test]
async fn who_takes_a_factor_off_ends_the_other_sessions_and_the_last_one_stays_where_it_is_demanded() {
    let app = TestApp::with_second_factor().await;
    let person = app.staff(Role::Organiser, "").await;
    enrol(&app, &person).await;
    let mut key = SoftPasskey::new(true);
    enrol_passkey(&person, &mut key, "").await;
    let elsewhere = app.sign_in_again(&person).await;
    person.send(Method::DELETE, &format!("{FACTOR}/totp"), None, Vec::new()).await.expect(204);
    assert!(is_signed_in(&person).await && !is_signed_in(&elsewhere).await);
    let handle = person.get(FACTOR).await.expect(200).json()["passkeys"][0]["key"].as_str().unwrap().to_owned();
    let last = person.send(Method::DELETE, &format!("{FACTOR}/passkeys/{handle}"), None, Vec::new()).await;
    assert_eq!(last.expect(409).code(), "account.last_factor");
    // For another person, the passkey does not exist.
    let other = app.staff(Role::Auditor, "").await;
    other.send(Method::DELETE, &format!("{FACTOR}/passkeys/{handle}"), None, Vec::new()).await.expect(404);
}

#[tokio::test]
async fn an_administrator_takes_lost_factors_off() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let person = app.staff(Role::Organiser, "").await;
    enrol(&app, &person).await;
    let page = admin.get("/desk/accounts/organiser").await.expect(200).text();
    assert!(page.contains("/desk/accounts/organiser/second-factor/removal"));
    let admin = app.sign_in_again(&admin).await;
    let done = admin.post_form("/desk/accounts/organiser/second-factor/removal", &[]).await.expect(303);
    assert_eq!(done.location(), "/desk/accounts/organiser?done=factors");
    assert!(!is_signed_in(&person).await);
    // With the password alone, anybody could enrol the next factor, so the password is void as well.
    let body = json!({ "login": "organiser", "password": PASSWORD });
    app.nobody().post_json("/api/v1/sessions", &body).await.expect(422);
    let invited = admin.post_json("/api/v1/accounts/organiser/invitation", &json!({})).await.expect(201).json();
    let token = invited["link"].as_str().unwrap().rsplit('/').next().unwrap();
    let body = json!({ "token": token, "new": "snow on the old bridge" });
    app.nobody().post_json("/api/v1/invitations/acceptance", &body).await.expect(201);
    let own = admin.send(Method::DELETE, "/api/v1/accounts/sysadmin/second-factor", None, Vec::new()).await;
    assert_eq!(own.expect(409).code(), "account.own");
}
