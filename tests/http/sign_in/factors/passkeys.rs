//! Passkeys (WebAuthn) as second factors.

use chrono::TimeDelta;
use entity::stored::Role;
use serde_json::json;
use url::Url;
use webauthn_authenticator_rs::WebauthnAuthenticator;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

use super::{CURRENT, FACTOR, answer, enrol_passkey, holding, ticket};
use testing::TestApp;

#[tokio::test]
async fn a_passkey_is_enrolled_and_signs_in() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let mut key = SoftPasskey::new(true);
    let enrolled = enrol_passkey(&person, &mut key, "办公室电脑").await;
    assert_eq!(enrolled["recovery_codes"].as_array().unwrap().len(), 10);
    let (program, due) = ticket(&app, "organiser").await;
    assert_eq!(due["factors"], json!(["passkey", "recovery_code"]));
    let challenge = format!("{CURRENT}/challenge");
    let shown = format!("{CURRENT}/second-factor");
    let asked = program.post_json(&challenge, &json!({})).await.expect(200).json();
    let body = json!({ "passkey": answer(&mut key, asked) });
    let opened = program.post_json(&shown, &body).await.expect(201).json();
    holding(&app, &opened).get("/api/v1/account").await.expect(200);
    let factors = person.get(FACTOR).await.expect(200).json();
    assert_eq!(factors["passkeys"][0]["name"], "办公室电脑");
    assert!(factors["passkeys"][0]["used"].is_string());
    // The same answer is refused a second time, and so is an answer to a challenge that was already answered.
    let (program, _) = ticket(&app, "organiser").await;
    assert_eq!(program.post_json(&shown, &body).await.expect(422).code(), "account.passkey");
    let asked = program.post_json(&challenge, &json!({})).await.expect(200).json();
    let right = json!({ "passkey": answer(&mut key, asked) });
    program.post_json(&shown, &body).await.expect(422);
    program.post_json(&shown, &right).await.expect(422);
    // An answer after five minutes is too late.
    let asked = program.post_json(&challenge, &json!({})).await.expect(200).json();
    let late = json!({ "passkey": answer(&mut key, asked) });
    app.clock.wait(TimeDelta::minutes(5));
    program.post_json(&shown, &late).await.expect(422);
}

#[tokio::test]
async fn a_passkey_of_somebody_else_or_of_another_site_signs_nobody_in() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let mut key = SoftPasskey::new(true);
    enrol_passkey(&person, &mut key, "").await;
    let other = app.staff(Role::Auditor, "").await;
    let mut foreign = SoftPasskey::new(true);
    enrol_passkey(&other, &mut foreign, "").await;
    let challenge = format!("{CURRENT}/challenge");
    let shown = format!("{CURRENT}/second-factor");
    // The auditor's passkey answers the organiser's challenge.
    let (program, _) = ticket(&app, "organiser").await;
    let mut asked = program.post_json(&challenge, &json!({})).await.expect(200).json();
    let (theirs, _) = ticket(&app, "auditor").await;
    let own = theirs.post_json(&challenge, &json!({})).await.expect(200).json();
    asked["publicKey"]["allowCredentials"] = own["publicKey"]["allowCredentials"].clone();
    let body = json!({ "passkey": answer(&mut foreign, asked) });
    program.post_json(&shown, &body).await.expect(422);
    // A page of another site requests the answer (phishing).
    let asked = program.post_json(&challenge, &json!({})).await.expect(200).json();
    let mut elsewhere = asked.clone();
    elsewhere["publicKey"]["rpId"] = json!("evil.example");
    let origin = Url::parse("https://evil.example").unwrap();
    let answered = key.do_authentication(origin, serde_json::from_value(elsewhere).unwrap()).unwrap();
    program.post_json(&shown, &json!({ "passkey": answered })).await.expect(422);
}
