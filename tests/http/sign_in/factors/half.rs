//! Half a sign-in: the password was right, and no second factor was shown yet.

use chrono::TimeDelta;
use entity::stored::Role;
use poem::http::Method;
use serde_json::json;

use super::{CURRENT, FACTOR, after_password, code, enrol, show, ticket};
use crate::sign_in::walk;
use testing::TestApp;

#[tokio::test]
async fn a_cookie_of_half_a_sign_in_is_no_way_to_a_token_that_scripts_can_read() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Organiser, "").await;
    let (secret, _) = enrol(&app, &person).await;
    let (browser, _) = after_password(&app, "organiser").await;
    show(&browser, &code(&app, &secret, 0)).await.expect(401);
}

#[tokio::test]
async fn half_a_sign_in_opens_nothing_but_its_rest_and_signing_out() {
    let app = TestApp::with_second_factor().await;
    let person = app.staff(Role::Sysadmin, "").await;
    app.staff(Role::Organiser, "").await;
    enrol(&app, &person).await;
    let mut asked = 0;
    for login in ["sysadmin", "organiser"] {
        let (browser, _) = after_password(&app, login).await;
        let (program, _) = ticket(&app, login).await;
        for who in [&browser, &program] {
            for path in walk::desk_pages() {
                let (answer, theirs) = (who.get(&path).await, app.nobody().get(&path).await);
                assert_eq!(answer.status, theirs.status, "{login} {path}");
                let asks = answer.status.as_u16() == 303 && answer.location().starts_with("/sign-in?next=");
                assert!(asks || [404, 405].contains(&answer.status.as_u16()), "{login} {path}: {}", answer.status);
                asked += usize::from(asks);
            }
            for (method, path) in walk::operations() {
                let rest = path.contains("/sessions/current") || path.contains("/account/second-factor");
                if rest || path == "/api/v1/sessions" && method == Method::POST {
                    continue;
                }
                let media = (method != Method::GET).then_some("application/json");
                let answer = who.send(method.clone(), &path, media, b"{}".to_vec()).await;
                let open = walk::is_open_to_anybody(&app, &method, &path).await;
                assert!(answer.status.as_u16() == 401 || open, "{login} {method} {path}: {}", answer.status);
            }
        }
        browser.get("/api/v1/sessions/current").await.expect(401);
        browser.send(Method::DELETE, CURRENT, None, Vec::new()).await.expect(204);
        program.send(Method::DELETE, CURRENT, None, Vec::new()).await.expect(204);
        program.send(Method::DELETE, CURRENT, None, Vec::new()).await.expect(401);
    }
    assert!(asked > 4 * 20, "{asked} pages asked to sign in");
    // An account with a factor that was not shown cannot enrol another factor.
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
