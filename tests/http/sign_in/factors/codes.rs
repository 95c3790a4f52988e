//! One-time codes of an app (TOTP): each works once and only at its time, and guessing is throttled.

use chrono::TimeDelta;
use entity::stored::{Role, SessionKind};
use poem::http::Method;
use serde_json::json;

use super::{CURRENT, FACTOR, after_password, code, enrol, holding, show, ticket};
use crate::sign_in::{cookie, fail, is_signed_in};
use testing::TestApp;
use testing::actors::PASSWORD;

#[tokio::test]
async fn a_code_opens_the_session_under_another_token() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (secret, _) = enrol(&app, &person).await;
    let (mut browser, answer) = after_password(&app, "organiser").await;
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
    assert!(!is_signed_in(&browser).await, "the ticket is worth nothing any more");
    browser.post_form("/sign-in/code", &fields).await.expect(303);
    browser.token = Some((SessionKind::Cookie, after));
    assert!(is_signed_in(&browser).await);
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
    // The success resets the count, including the try for the password.
    for _ in 0..5 {
        fail(&app, "organiser").await.expect(422);
    }
}

#[tokio::test]
async fn a_code_that_was_accepted_under_a_clock_that_was_ahead_keeps_nobody_out() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (secret, _) = enrol(&app, &person).await;
    app.clock.step(TimeDelta::hours(3));
    show(&ticket(&app, "organiser").await.0, &code(&app, &secret, 0)).await.expect(201);
    app.clock.step(TimeDelta::hours(-3));
    let code = code(&app, &secret, 0);
    show(&ticket(&app, "organiser").await.0, &code).await.expect(201);
    assert_eq!(show(&ticket(&app, "organiser").await.0, &code).await.expect(422).code(), "account.code", "once");
}
