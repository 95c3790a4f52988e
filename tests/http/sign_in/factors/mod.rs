//! Second factors: their enrolment, their requirement, and their single use.

mod codes;
mod enrolment;
mod half;
mod loss;
mod passkeys;

use chrono::TimeDelta;
use entity::stored::SessionKind;
use poem::http::Method;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};
use url::Url;
use webauthn_authenticator_rs::WebauthnAuthenticator;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

use super::cookie;
use testing::actors::PASSWORD;
use testing::{Answer, Person, TestApp};

const FACTOR: &str = "/api/v1/account/second-factor";
const CURRENT: &str = "/api/v1/sessions/current";

/// Code that an app shows a number of steps from now.
pub(super) fn code(app: &TestApp, secret: &str, steps: i64) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let rule = Builder::new().with_digits(6).with_secret(secret).build().unwrap();
    let at = app.clock.system() + TimeDelta::seconds(30 * steps);
    format!("{}", rule.generate(at.timestamp().unsigned_abs()))
}

/// Waits until all earlier codes have expired.
fn next_code(app: &TestApp) {
    app.clock.wait(TimeDelta::seconds(90));
}

/// Enrols an app. Returns its secret and the recovery codes.
pub async fn enrol(app: &TestApp, person: &Person) -> (String, Vec<String>) {
    let totp = format!("{FACTOR}/totp");
    let secret = person.post_json(&totp, &json!({})).await.expect(200).json()["secret"].as_str().unwrap().to_owned();
    let body = json!({ "code": code(app, &secret, 0) });
    let enrolled = person.send_json(Method::PUT, &totp, &body).await.expect(200).json();
    assert_eq!(enrolled["session"], Value::Null, "a session that is complete stays what it is");
    let codes = enrolled["recovery_codes"].as_array().unwrap();
    let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    next_code(app);
    (secret, codes)
}

/// A program whose password was right, together with the answer.
async fn ticket(app: &TestApp, login: &str) -> (Person, Value) {
    let body = json!({ "login": login, "password": PASSWORD });
    let due = app.nobody().post_json("/api/v1/sessions", &body).await.expect(202).json();
    let mut program = app.nobody();
    program.token = Some((SessionKind::Bearer, due["ticket"].as_str().unwrap().to_owned()));
    (program, due)
}

async fn show(program: &Person, code: &str) -> Answer {
    program.post_json(&format!("{CURRENT}/second-factor"), &json!({ "code": code })).await
}

/// The program with the token of a session that was opened.
fn holding(app: &TestApp, session: &Value) -> Person {
    let mut program = app.nobody();
    program.token = Some((SessionKind::Bearer, session["token"].as_str().unwrap().to_owned()));
    program
}

/// A browser whose password was right.
async fn after_password(app: &TestApp, login: &str) -> (Person, Answer) {
    let mut person = app.nobody();
    let answer = person.post_form("/sign-in", &[("login", login), ("password", PASSWORD)]).await.expect(303);
    person.token = Some((SessionKind::Cookie, cookie(&answer).0));
    (person, answer)
}

/// Answer of a passkey to the site's registration challenge, from a page of the site.
fn register(key: &mut SoftPasskey, asked: Value) -> Value {
    let origin = Url::parse("http://localhost:8080").unwrap();
    serde_json::to_value(key.do_registration(origin, serde_json::from_value(asked).unwrap()).unwrap()).unwrap()
}

fn answer(key: &mut SoftPasskey, asked: Value) -> Value {
    let origin = Url::parse("http://localhost:8080").unwrap();
    serde_json::to_value(key.do_authentication(origin, serde_json::from_value(asked).unwrap()).unwrap()).unwrap()
}

async fn enrol_passkey(person: &Person, key: &mut SoftPasskey, name: &str) -> Value {
    let asked = person.post_json(&format!("{FACTOR}/passkeys/challenge"), &json!({})).await.expect(200).json();
    let body = json!({ "name": name, "credential": register(key, asked) });
    person.post_json(&format!("{FACTOR}/passkeys"), &body).await.expect(200).json()
}
