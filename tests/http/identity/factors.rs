//! Second factors: enrolled, demanded, used once.

use chrono::TimeDelta;
use entity::stored::{Role, SessionKind};
use poem::http::Method;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};
use url::Url;
use webauthn_authenticator_rs::WebauthnAuthenticator;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

use super::{cookie, fail, is_in};
use crate::support::actors::PASSWORD;
use crate::support::{Answer, Person, TestApp};

const FACTOR: &str = "/api/v1/account/second-factor";
const CURRENT: &str = "/api/v1/sessions/current";

/// The code that an app shows, so many steps from now.
pub(super) fn code(app: &TestApp, secret: &str, steps: i64) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let rule = Builder::new().with_digits(6).with_secret(secret).build().unwrap();
    let at = app.clock.system() + TimeDelta::seconds(30 * steps);
    format!("{}", rule.generate(at.timestamp().unsigned_abs()))
}

/// Waits until the codes so far are worth nothing.
fn next_code(app: &TestApp) {
    app.clock.wait(TimeDelta::seconds(90));
}

/// Enrols an app; gives its secret and the recovery codes.
pub(super) async fn enrol(app: &TestApp, person: &Person) -> (String, Vec<String>) {
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

/// A program whose password was right; gives the answer too.
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
async fn half_in(app: &TestApp, login: &str) -> (Person, Answer) {
    let mut person = app.nobody();
    let answer = person.post_form("/sign-in", &[("login", login), ("password", PASSWORD)]).await.expect(303);
    person.token = Some((SessionKind::Cookie, cookie(&answer).0));
    (person, answer)
}

#[tokio::test]
async fn a_code_opens_the_session_under_another_token() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (secret, _) = enrol(&app, &person).await;
    let (mut browser, answer) = half_in(&app, "organiser").await;
    assert_eq!(answer.location(), "/sign-in/code?next=/desk");
    let (before, attributes) = cookie(&answer);
    assert_eq!(attributes, "Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax");
    let page = browser.get(&answer.location()).await.expect(200).text();
    assert!(page.contains(r#"autocomplete="one-time-code""#) && page.contains("name of organiser"));
    let wrong = browser.post_form("/sign-in/code", &[("code", "000000"), ("next", "/desk/password")]).await;
    let page = wrong.expect(422).text();
    assert!(page.contains("验证码不对") && page.contains(r#"value="/desk/password""#), "{page}");
    let fields = [("code", &*code(&app, &secret, 0)), ("next", "/desk/password")];
    let done = browser.post_form("/sign-in/code", &fields).await.expect(303);
    assert_eq!(done.location(), "/desk/password");
    let (after, attributes) = cookie(&done);
    assert_eq!(attributes, "Max-Age=28800; Path=/; Secure; HttpOnly; SameSite=Lax");
    assert_ne!(before, after);
    assert!(!is_in(&browser).await, "the ticket is worth nothing any more");
    browser.post_form("/sign-in/code", &fields).await.expect(303);
    browser.token = Some((SessionKind::Cookie, after));
    assert!(is_in(&browser).await);
}

#[tokio::test]
async fn the_api_names_what_is_due_and_takes_the_code() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (secret, _) = enrol(&app, &person).await;
    let (program, due) = ticket(&app, "organiser").await;
    assert_eq!(due["due"], "factor");
    assert_eq!(due["factors"], json!(["totp", "recovery_code"]));
    assert_eq!(show(&program, "000000").await.expect(422).code(), "account.code");
    for body in [json!({}), json!({ "code": "1", "password": "2" })] {
        let answer = program.post_json(&format!("{CURRENT}/second-factor"), &body).await;
        assert_eq!(answer.expect(422).code(), "account.one_proof");
    }
    let body = json!({ "password": PASSWORD });
    program.post_json(&format!("{CURRENT}/second-factor"), &body).await.expect(401);
    let opened = show(&program, &code(&app, &secret, 0)).await.expect(201).json();
    holding(&app, &opened).get("/api/v1/account").await.expect(200);
    program.get("/api/v1/account").await.expect(401);
}

#[tokio::test]
async fn a_code_works_once_even_for_two_at_the_same_time() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (secret, _) = enrol(&app, &person).await;
    let mut programs = Vec::new();
    for _ in 0..4 {
        programs.push(ticket(&app, "organiser").await.0);
    }
    let code = code(&app, &secret, 0);
    let answers = futures_util::future::join_all(programs.iter().map(|program| show(program, &code))).await;
    let opened = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert_eq!(opened, 1, "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_older_code_than_the_last_one_is_worth_nothing() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (secret, _) = enrol(&app, &person).await;
    let (program, _) = ticket(&app, "organiser").await;
    show(&program, &code(&app, &secret, 1)).await.expect(201);
    let (program, _) = ticket(&app, "organiser").await;
    for steps in [-1, 0, 1] {
        show(&program, &code(&app, &secret, steps)).await.expect(422);
    }
}

#[tokio::test]
async fn codes_of_the_neighbouring_half_minutes_work_and_no_others() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (secret, _) = enrol(&app, &person).await;
    for (steps, status) in [(-2, 422), (2, 422), (-1, 201), (1, 201)] {
        app.clock.wait(TimeDelta::hours(2));
        let (program, _) = ticket(&app, "organiser").await;
        show(&program, &code(&app, &secret, steps)).await.expect(status);
    }
}

#[tokio::test]
async fn the_code_that_enrolled_an_app_does_not_sign_in_as_well() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let totp = format!("{FACTOR}/totp");
    let secret = person.post_json(&totp, &json!({})).await.expect(200).json()["secret"].as_str().unwrap().to_owned();
    let body = json!({ "code": code(&app, &secret, 0) });
    person.send_json(Method::PUT, &totp, &body).await.expect(200);
    let (program, _) = ticket(&app, "organiser").await;
    show(&program, &code(&app, &secret, 0)).await.expect(422);
}

#[tokio::test]
async fn guessed_codes_wait_and_the_password_does_not_clear_their_count() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (secret, _) = enrol(&app, &person).await;
    let mut refused = 0;
    for _ in 0..3 {
        let body = json!({ "login": "organiser", "password": PASSWORD });
        let answer = app.nobody().post_json("/api/v1/sessions", &body).await;
        if answer.status.as_u16() == 429 {
            refused += 1;
            continue;
        }
        let due = answer.expect(202).json();
        let mut program = app.nobody();
        program.token = Some((SessionKind::Bearer, due["ticket"].as_str().unwrap().to_owned()));
        for _ in 0..3 {
            refused += usize::from(show(&program, "000000").await.status.as_u16() == 429);
        }
    }
    assert!(refused >= 4, "{refused} of 12 tries waited");
    app.clock.wait(TimeDelta::hours(3));
    let (program, _) = ticket(&app, "organiser").await;
    show(&program, &code(&app, &secret, 0)).await.expect(201);
    // What was right is taken back, the password before it too.
    for _ in 0..5 {
        fail(&app, "organiser").await.expect(422);
    }
}

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
    // New ones void the old ones.
    let renewed = person.post_json(&format!("{FACTOR}/recovery-codes"), &json!({})).await.expect(200).json();
    let (program, _) = ticket(&app, "organiser").await;
    show(&program, &codes[5]).await.expect(422);
    show(&program, renewed["recovery_codes"][0].as_str().unwrap()).await.expect(201);
    // Those of somebody else open nothing.
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
    // Moved to another account the secret does not open.
    let other = app.staff(Role::Auditor, "").await;
    enrol(&app, &other).await;
    let sql = "UPDATE totp SET secret = (SELECT secret FROM totp AS other WHERE other.account_id <> totp.account_id)";
    use sea_orm::ConnectionTrait;
    app.app.stores.main.write(async |tx| Ok(tx.execute_unprepared(sql).await?)).await.unwrap();
    let (program, _) = ticket(&app, "organiser").await;
    show(&program, &code(&app, &secret, 0)).await.expect(500);
}

/// What a passkey answers to a question of the product, from a page of the site.
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
    // The same answer once more, and one to a question that was answered already.
    let (program, _) = ticket(&app, "organiser").await;
    assert_eq!(program.post_json(&shown, &body).await.expect(422).code(), "account.passkey");
    let asked = program.post_json(&challenge, &json!({})).await.expect(200).json();
    let right = json!({ "passkey": answer(&mut key, asked) });
    program.post_json(&shown, &body).await.expect(422);
    program.post_json(&shown, &right).await.expect(422);
    // Too late.
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
    // The auditor's key answers the organiser's question as if it were its own.
    let (program, _) = ticket(&app, "organiser").await;
    let mut asked = program.post_json(&challenge, &json!({})).await.expect(200).json();
    let (theirs, _) = ticket(&app, "auditor").await;
    let own = theirs.post_json(&challenge, &json!({})).await.expect(200).json();
    asked["publicKey"]["allowCredentials"] = own["publicKey"]["allowCredentials"].clone();
    let body = json!({ "passkey": answer(&mut foreign, asked) });
    program.post_json(&shown, &body).await.expect(422);
    // A page of another site asks in the product's name.
    let asked = program.post_json(&challenge, &json!({})).await.expect(200).json();
    let mut elsewhere = asked.clone();
    elsewhere["publicKey"]["rpId"] = json!("evil.example");
    let origin = Url::parse("https://evil.example").unwrap();
    let answered = key.do_authentication(origin, serde_json::from_value(elsewhere).unwrap()).unwrap();
    program.post_json(&shown, &json!({ "passkey": answered })).await.expect(422);
}

#[tokio::test]
async fn who_takes_a_factor_off_ends_the_other_sessions_and_the_last_one_stays_where_it_is_demanded() {
    let app = TestApp::with_second_factor().await;
    let person = app.staff(Role::Organiser, "").await;
    enrol(&app, &person).await;
    let mut key = SoftPasskey::new(true);
    enrol_passkey(&person, &mut key, "").await;
    let elsewhere = app.again(&person).await;
    person.send(Method::DELETE, &format!("{FACTOR}/totp"), None, Vec::new()).await.expect(204);
    assert!(is_in(&person).await && !is_in(&elsewhere).await);
    let handle = person.get(FACTOR).await.expect(200).json()["passkeys"][0]["key"].as_str().unwrap().to_owned();
    let last = person.send(Method::DELETE, &format!("{FACTOR}/passkeys/{handle}"), None, Vec::new()).await;
    assert_eq!(last.expect(409).code(), "account.last_factor");
    // Another's passkey does not exist.
    let other = app.staff(Role::Auditor, "").await;
    other.send(Method::DELETE, &format!("{FACTOR}/passkeys/{handle}"), None, Vec::new()).await.expect(404);
}

#[tokio::test]
async fn where_it_is_demanded_a_password_leads_to_enrolment_and_no_further() {
    let app = TestApp::with_second_factor().await;
    app.staff(Role::Organiser, "").await;
    let (mut browser, answer) = half_in(&app, "organiser").await;
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
    assert!(!is_in(&browser).await);
    browser.token = Some((SessionKind::Cookie, after));
    assert!(is_in(&browser).await);
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
    // With a passkey just so.
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

#[tokio::test]
async fn a_cookie_of_half_a_sign_in_is_no_way_to_a_token_that_scripts_can_read() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (secret, _) = enrol(&app, &person).await;
    let (browser, _) = half_in(&app, "organiser").await;
    show(&browser, &code(&app, &secret, 0)).await.expect(401);
}

#[tokio::test]
async fn an_administrator_takes_lost_factors_off() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let person = app.staff(Role::Organiser, "").await;
    enrol(&app, &person).await;
    let page = admin.get("/desk/accounts/organiser").await.expect(200).text();
    assert!(page.contains("/desk/accounts/organiser/second-factor/removal"));
    let admin = app.again(&admin).await;
    let done = admin.post_form("/desk/accounts/organiser/second-factor/removal", &[]).await.expect(303);
    assert_eq!(done.location(), "/desk/accounts/organiser?done=factors");
    assert!(!is_in(&person).await);
    let body = json!({ "login": "organiser", "password": PASSWORD });
    app.nobody().post_json("/api/v1/sessions", &body).await.expect(201);
    let own = admin.send(Method::DELETE, "/api/v1/accounts/sysadmin/second-factor", None, Vec::new()).await;
    assert_eq!(own.expect(409).code(), "account.own");
}

#[tokio::test]
async fn half_a_sign_in_opens_nothing_but_its_rest_and_signing_out() {
    let app = TestApp::with_second_factor().await;
    let person = app.staff(Role::Sysadmin, "").await;
    app.staff(Role::Organiser, "").await;
    enrol(&app, &person).await;
    let mut asked = 0;
    for login in ["sysadmin", "organiser"] {
        let (browser, _) = half_in(&app, login).await;
        let (program, _) = ticket(&app, login).await;
        for who in [&browser, &program] {
            for path in super::walk::desk_pages() {
                let (answer, theirs) = (who.get(&path).await, app.nobody().get(&path).await);
                assert_eq!(answer.status, theirs.status, "{login} {path}");
                let asks = answer.status.as_u16() == 303 && answer.location().starts_with("/sign-in?next=");
                assert!(asks || [404, 405].contains(&answer.status.as_u16()), "{login} {path}: {}", answer.status);
                asked += usize::from(asks);
            }
            for (method, path) in super::walk::operations() {
                let rest = path.contains("/sessions/current") || path.contains("/account/second-factor");
                if rest || path == "/api/v1/sessions" && method == Method::POST {
                    continue;
                }
                let media = (method != Method::GET).then_some("application/json");
                let answer = who.send(method.clone(), &path, media, b"{}".to_vec()).await;
                let open = super::walk::is_open_to_anybody(&app, &method, &path).await;
                assert!(answer.status.as_u16() == 401 || open, "{login} {method} {path}: {}", answer.status);
            }
        }
        browser.get("/api/v1/sessions/current").await.expect(401);
        browser.send(Method::DELETE, CURRENT, None, Vec::new()).await.expect(204);
        program.send(Method::DELETE, CURRENT, None, Vec::new()).await.expect(204);
        program.send(Method::DELETE, CURRENT, None, Vec::new()).await.expect(401);
    }
    assert!(asked > 4 * 20, "{asked} pages asked to sign in");
    // Who has a factor and has not shown it cannot enrol another one.
    let (program, _) = ticket(&app, "sysadmin").await;
    for path in [format!("{FACTOR}/totp"), format!("{FACTOR}/passkeys/challenge")] {
        program.post_json(&path, &json!({})).await.expect(401);
    }
    program.get(FACTOR).await.expect(401);
}

#[tokio::test]
async fn half_a_sign_in_ends_after_ten_minutes() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (secret, _) = enrol(&app, &person).await;
    let (program, _) = ticket(&app, "organiser").await;
    app.clock.wait(TimeDelta::minutes(10));
    show(&program, &code(&app, &secret, 0)).await.expect(401);
}
