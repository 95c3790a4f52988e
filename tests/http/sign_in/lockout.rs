//! Guessing strangers do not lock anybody out of a browser that the account knows.

use chrono::TimeDelta;
use entity::stored::{Role, SessionKind};
use poem::http::header;
use serde_json::json;

use super::{cookie, device, factors};
use testing::actors::PASSWORD;
use testing::{Answer, Person, TestApp};

const NEW: &str = "snow on the old bridge";
/// Number of guesses after which an account waits; the last guess is refused.
const GUESSES: usize = 6;

async fn sign_in(person: &Person, login: &str, password: &str) -> Answer {
    person.post_form("/sign-in", &[("login", login), ("password", password)]).await
}

/// Strangers guess, each from another address, and wait as told. From the sixth guess on, every other guess is too early, so
/// after an even number of guesses the account waits.
async fn guess(app: &TestApp, login: &str, times: usize) {
    let mut seconds = 0;
    for n in 0..times {
        app.clock.wait(TimeDelta::seconds(seconds));
        let answer = sign_in(&app.nobody().at(&format!("203.0.113.{n}")), login, "not this one").await;
        let told = answer.headers.get(header::RETRY_AFTER);
        seconds = told.map_or(0, |told| told.to_str().unwrap().parse().unwrap());
    }
    assert!(seconds > 0, "the account waits");
}

/// A browser in which somebody once signed in; its session is over.
async fn known_browser(app: &TestApp, login: &str) -> Person {
    let mut person = app.nobody();
    let answer = sign_in(&person, login, PASSWORD).await.expect(303);
    person.device = device(&answer);
    assert!(person.device.is_some());
    person
}

/// A browser in which somebody is signed in.
async fn signed_in(app: &TestApp, login: &str) -> Person {
    let mut person = app.nobody();
    let answer = sign_in(&person, login, PASSWORD).await.expect(303);
    (person.token, person.device) = (Some((SessionKind::Cookie, cookie(&answer).0)), device(&answer));
    person
}

/// Whether an account knows a browser. In a known browser, a wrong password is checked although the account waits.
async fn is_known_browser(app: &TestApp, login: &str, person: &Person) -> bool {
    app.clock.wait(TimeDelta::hours(3));
    guess(app, login, GUESSES).await;
    sign_in(person, login, "not this one").await.status.as_u16() == 422
}

#[tokio::test]
async fn a_hundred_guesses_of_strangers_keep_nobody_out_of_a_known_browser() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let person = known_browser(&app, "organiser").await;
    guess(&app, "organiser", 100).await;
    sign_in(&app.nobody(), "organiser", PASSWORD).await.expect(429);
    sign_in(&person, "organiser", PASSWORD).await.expect(303);
    // The success in the known browser gives strangers no new tries.
    sign_in(&app.nobody(), "organiser", PASSWORD).await.expect(429);
    // A program that keeps the cookie is let through as well.
    let body = json!({ "login": "organiser", "password": PASSWORD });
    person.post_json("/api/v1/sessions", &body).await.expect(201);
    app.nobody().post_json("/api/v1/sessions", &body).await.expect(429);
}

#[tokio::test]
async fn a_known_browser_that_guesses_waits_and_nobody_else_does() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let (person, elsewhere) = (known_browser(&app, "organiser").await, known_browser(&app, "organiser").await);
    // A success resets the count, so the second round is the same.
    for _ in 0..2 {
        for _ in 0..5 {
            sign_in(&person, "organiser", "not this one").await.expect(422);
        }
        let refused = sign_in(&person, "organiser", PASSWORD).await.expect(429);
        assert_eq!(refused.headers[header::RETRY_AFTER], "2");
        sign_in(&elsewhere, "organiser", PASSWORD).await.expect(303);
        sign_in(&app.nobody(), "organiser", PASSWORD).await.expect(303);
        sign_in(&person, "organiser", PASSWORD).await.expect(429);
        app.clock.wait(TimeDelta::seconds(2));
        sign_in(&person, "organiser", PASSWORD).await.expect(303);
    }
}

#[tokio::test]
async fn a_browser_is_known_to_one_account_only() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    app.staff(Role::Auditor, "").await;
    let person = known_browser(&app, "organiser").await;
    for _ in 0..5 {
        sign_in(&person, "auditor", "not this one").await.expect(422);
    }
    sign_in(&app.nobody(), "auditor", PASSWORD).await.expect(429);
    sign_in(&person, "auditor", PASSWORD).await.expect(429);
    sign_in(&person, " Organiser ", PASSWORD).await.expect(303);
    // The answers do not tell whether an account exists.
    let ask = async |person: &Person| sign_in(person, "nobody-here", PASSWORD).await;
    assert_eq!(ask(&person).await.expect(422).text(), ask(&app.nobody()).await.expect(422).text());
    for _ in 0..3 {
        ask(&person).await.expect(422);
    }
    assert_eq!(ask(&person).await.expect(429).text(), ask(&app.nobody()).await.expect(429).text());
}

#[tokio::test]
async fn forged_cut_and_swapped_cookies_are_as_none() {
    let (app, elsewhere) = (TestApp::new().await, TestApp::new().await);
    app.staff(Role::Auditor, "").await;
    for site in [&app, &elsewhere] {
        site.staff(Role::Organiser, "").await;
    }
    let own = known_browser(&app, "organiser").await.device.unwrap();
    let other = known_browser(&app, "auditor").await.device.unwrap();
    let foreign = known_browser(&elsewhere, "organiser").await.device.unwrap();
    let (head, tail) = own.split_at(own.len() / 2);
    let changed = format!("{head}{}{}", if tail.starts_with('A') { "B" } else { "A" }, &tail[1..]);
    let swapped = format!("{head}{}", &other[head.len()..]);
    guess(&app, "organiser", GUESSES).await;
    let mut person = app.nobody();
    let long = format!("{own}A");
    for shown in ["", "x", "%00", &"A".repeat(5000), head, tail, &long, &changed, &swapped, &other, &foreign] {
        person.device = Some(shown.to_owned());
        sign_in(&person, "organiser", PASSWORD).await.expect(429);
    }
    person.device = Some(own.clone());
    sign_in(&person, "organiser", PASSWORD).await.expect(303);
}

#[tokio::test]
async fn with_a_new_password_the_old_cookie_is_as_none() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let mut person = signed_in(&app, "organiser").await;
    let mut thief = app.nobody();
    thief.device = person.device.clone();
    let fields = [("old", PASSWORD), ("new", NEW), ("again", NEW)];
    let changed = person.post_form("/desk/password", &fields).await.expect(303);
    (person.token, person.device) = (None, device(&changed));
    assert!(!is_known_browser(&app, "organiser", &thief).await);
    assert!(is_known_browser(&app, "organiser", &person).await, "where it was changed");
}

#[tokio::test]
async fn what_administrators_do_to_an_account_makes_strangers_of_its_browsers() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    app.staff(Role::Organiser, "").await;
    let mut person = known_browser(&app, "organiser").await;
    let act = async |name: &str| {
        let admin = app.sign_in_again(&admin).await;
        admin.post_form(&format!("/desk/accounts/organiser/{name}"), &[]).await
    };
    act("suspension").await.expect(303);
    assert!(!is_known_browser(&app, "organiser", &person).await);
    act("reinstatement").await.expect(303);
    assert!(is_known_browser(&app, "organiser", &person).await, "the password is the same");
    act("second-factor/removal").await.expect(303);
    assert!(!is_known_browser(&app, "organiser", &person).await);
    let invitation = "/api/v1/accounts/organiser/invitation";
    let invited = app.sign_in_again(&admin).await.post_json(invitation, &json!({})).await.expect(201).json();
    let path = format!("/invitations/{}", invited["link"].as_str().unwrap().rsplit('/').next().unwrap());
    let accepted = app.nobody().post_form(&path, &[("new", NEW), ("again", NEW)]).await.expect(303);
    assert!(!is_known_browser(&app, "organiser", &person).await);
    person.device = device(&accepted);
    assert!(is_known_browser(&app, "organiser", &person).await);
    act("invitation").await.expect(200);
    assert!(!is_known_browser(&app, "organiser", &person).await);
}

#[tokio::test]
async fn signing_out_leaves_the_browser_known() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let mut person = signed_in(&app, "organiser").await;
    let left = person.post_form("/sign-out", &[]).await.expect(303);
    assert_eq!(device(&left), None, "nothing is said of it");
    person.token = None;
    guess(&app, "organiser", GUESSES).await;
    sign_in(&person, "organiser", PASSWORD).await.expect(303);
}

#[tokio::test]
async fn a_browser_is_known_after_the_second_factor_and_its_codes_are_counted_for_it() {
    let app = TestApp::new().await;
    let staff = app.staff(Role::Organiser, "").await;
    let (secret, codes) = factors::enrol(&app, &staff).await;
    let mut person = signed_in(&app, "organiser").await;
    assert_eq!(person.device, None, "half a sign-in is none");
    let code = factors::code(&app, &secret, 0);
    let done = person.post_form("/sign-in/code", &[("code", &*code)]).await.expect(303);
    person.device = device(&done);
    guess(&app, "organiser", GUESSES).await;
    let half = sign_in(&person, "organiser", PASSWORD).await.expect(303);
    person.token = Some((SessionKind::Cookie, cookie(&half).0));
    // The right password counted as one try.
    for _ in 0..4 {
        person.post_form("/sign-in/code", &[("code", "000000")]).await.expect(422);
    }
    let right = [("code", &*codes[0])];
    person.post_form("/sign-in/code", &right).await.expect(429);
    app.clock.wait(TimeDelta::seconds(2));
    person.post_form("/sign-in/code", &right).await.expect(303);
}

#[tokio::test]
async fn a_browser_is_known_after_enrolment() {
    let app = TestApp::with_second_factor().await;
    app.staff(Role::Organiser, "").await;
    let mut person = signed_in(&app, "organiser").await;
    assert_eq!(person.device, None);
    let page = person.get("/sign-in/enrolment").await.expect(200).text();
    let secret = page.split(r#"id="secret">"#).nth(1).unwrap().split('<').next().unwrap().to_owned();
    let code = factors::code(&app, &secret, 0);
    let done = person.post_form("/sign-in/enrolment", &[("code", &*code)]).await.expect(200);
    (person.token, person.device) = (None, device(&done));
    assert!(is_known_browser(&app, "organiser", &person).await);
}

#[tokio::test]
async fn strangers_do_not_hold_up_a_proof_of_presence_or_a_new_password_either() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let mut person = signed_in(&app, "organiser").await;
    let mut bare = person.clone();
    bare.device = None;
    guess(&app, "organiser", GUESSES).await;
    let fields = [("confirmation-to", "/desk"), ("confirmation-method", "GET"), ("confirmation-password", PASSWORD)];
    bare.post_form("/desk/confirmation", &fields).await.expect(429);
    let confirmed = person.post_form("/desk/confirmation", &fields).await.expect(303);
    assert_eq!(device(&confirmed), None, "a proof of presence is no sign-in");
    person.token = Some((SessionKind::Cookie, cookie(&confirmed).0));
    bare.token = person.token.clone();
    let fields = [("old", PASSWORD), ("new", NEW), ("again", NEW)];
    bare.post_form("/desk/password", &fields).await.expect(429);
    person.post_form("/desk/password", &fields).await.expect(303);
}
