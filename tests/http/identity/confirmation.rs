//! Acts that need a fresh proof of presence.

use chrono::TimeDelta;
use entity::stored::{AssignmentState, Role, SessionKind};
use poem::http::Method;
use serde_json::json;
use shudu::identity::confirmation::ACTS;

use super::{cookie, factors, walk};
use crate::support::actors::PASSWORD;
use crate::support::desk::ROW;
use crate::support::{Desk, Person, TestApp};

/// The values of an address that may or may not exist: the proof is asked for before anything is looked up.
fn address(pattern: &str) -> String {
    let known = [
        (":issue", "T1-1"),
        (":province", "320000"),
        (":slug", "t1"),
        (":number", "1"),
        (":login", "x"),
        (":key", "x"),
        (":name", "x"),
    ];
    known.iter().fold(pattern.to_owned(), |path, (name, value)| path.replace(name, value))
}

async fn act(person: &Person, method: &str, path: &str) -> crate::support::Answer {
    let media = match path.starts_with("/api/") {
        true => "application/json",
        false => "application/x-www-form-urlencoded",
    };
    let body = if path.starts_with("/api/") { b"{}".to_vec() } else { b"a=1".to_vec() };
    let media = (method != "GET" && method != "DELETE").then_some(media);
    person.send(method.parse().unwrap(), path, media, body).await
}

#[tokio::test]
async fn every_act_of_the_list_refuses_a_stale_session_whoever_asks() {
    let app = TestApp::new().await;
    let people = [
        app.staff(Role::Sysadmin, "").await,
        app.staff(Role::Approver, "").await,
        app.staff(Role::TeamLeader, "T3").await,
        app.staff(Role::Organiser, "").await,
    ];
    let is_demand = |answer: &crate::support::Answer| {
        answer.status.as_u16() == 403 && String::from_utf8_lossy(&answer.body).contains("confirm")
    };
    for (method, pattern) in ACTS {
        assert!(!is_demand(&act(&people[0], method, &address(pattern)).await), "fresh: {method} {pattern}");
    }
    let people = [people[1].clone(), people[2].clone(), people[3].clone(), app.again(&people[0]).await];
    app.clock.wait(TimeDelta::minutes(10));
    for (method, pattern) in ACTS {
        assert!(!is_demand(&act(&people[3], method, &address(pattern)).await), "ten minutes: {method} {pattern}");
    }
    let admin = app.again(&people[3]).await;
    app.clock.wait(TimeDelta::minutes(10) + TimeDelta::seconds(1));
    for (method, pattern) in ACTS {
        for person in people[..3].iter().chain([&admin]) {
            let answer = act(person, method, &address(pattern)).await;
            assert_eq!(answer.status.as_u16(), 403, "{} {method} {pattern}", person.login);
            if pattern.starts_with("/api/") {
                assert_eq!(answer.code(), "account.confirm", "{method} {pattern}");
            } else {
                assert!(answer.text().contains("/desk/confirmation"), "{method} {pattern}");
            }
        }
    }
}

#[test]
fn every_act_of_the_list_is_an_address_of_the_product() {
    let pages = walk::desk_patterns();
    let moves = ["verification", "rejection", "relapse"].map(|m| format!("/desk/assignments/:issue/:province/{m}"));
    let operations = walk::operations();
    for (method, pattern) in ACTS {
        let known = match pattern.starts_with("/api/") {
            true => {
                let shape = |path: &str| path.split('/').count();
                operations.iter().any(|(m, path)| m.as_str() == *method && shape(path) == shape(pattern))
            }
            false => pages.iter().any(|page| page == pattern) || moves.iter().any(|page| page == pattern),
        };
        assert!(known, "{method} {pattern}");
    }
}

#[tokio::test]
async fn a_form_that_was_refused_goes_on_after_the_proof_with_everything_in_it() {
    let desk = Desk::new().await;
    desk.bring(AssignmentState::Resolved).await;
    let mut leader = desk.app.again(&desk.leader).await;
    let path = format!("/desk/assignments/{ROW}/verification");
    let page = leader.get(&path).await.expect(200).text();
    let version = page.split(r#"name="version" value=""#).nth(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    desk.app.clock.wait(TimeDelta::minutes(11));
    let typed = "手机实办一件\r\n<b>\"第二行\" & 三</b>";
    let mut fields = vec![("test", typed), ("findings", "\n用时八分钟")];
    if let Some(version) = &version {
        fields.push(("version", version));
    }
    let refused = leader.post_form(&path, &fields).await.expect(403).text();
    assert!(refused.contains("确认是本人") && refused.contains(r#"name="test""#));
    assert!(refused.contains("&#60;b&#62;") && !refused.contains("<b>\"第二行"));
    assert_eq!(desk.state(ROW).await, AssignmentState::Resolved);
    // A wrong password keeps everything as well.
    let mut carried = fields.clone();
    carried.extend([("confirmation-to", path.as_str()), ("confirmation-method", "POST")]);
    let mut wrong = carried.clone();
    wrong.push(("confirmation-password", "not this one"));
    let again = leader.post_form("/desk/confirmation", &wrong).await.expect(422).text();
    assert!(again.contains("密码不对") && again.contains("手机实办一件") && !again.contains("not this one"));
    carried.push(("confirmation-password", PASSWORD));
    let on = leader.post_form("/desk/confirmation", &carried).await.expect(307);
    assert_eq!(on.location(), path);
    // The browser sends the same body on.
    let old = leader.clone();
    leader.token = Some((SessionKind::Cookie, cookie(&on).0));
    leader.post_form(&path, &carried).await.expect(303);
    assert_eq!(old.get("/desk").await.expect(303).location(), "/sign-in?next=/desk", "the token before it is void");
    assert_eq!(desk.state(ROW).await, AssignmentState::Verified);
    let row = leader.get(&format!("/desk/assignments/{ROW}")).await.expect(200).text();
    assert!(row.contains("第二行") && !row.contains(PASSWORD));
}

#[tokio::test]
async fn the_way_on_never_leads_elsewhere() {
    let app = TestApp::new().await;
    let mut person = app.staff(Role::Organiser, "").await;
    for to in ["https://evil.example/", "//evil.example", "/\\evil.example", ""] {
        let fields = [("confirmation-to", to), ("confirmation-method", "POST"), ("confirmation-password", PASSWORD)];
        let on = person.post_form("/desk/confirmation", &fields).await.expect(307);
        assert_eq!(on.location(), "/desk", "{to}");
        person.token = Some((SessionKind::Cookie, cookie(&on).0));
    }
}

#[tokio::test]
async fn a_file_that_staff_carry_off_is_given_after_the_proof() {
    let app = TestApp::new().await;
    let people = crate::support::given::organisation(&app).await;
    crate::support::given::published(&app, &people, "t1", |_| ()).await;
    let path = "/desk/campaigns/t1/options.csv";
    people.organiser.get(path).await.expect(200);
    app.clock.wait(TimeDelta::minutes(11));
    let page = people.organiser.get(path).await.expect(403).text();
    assert!(page.contains(r#"name="confirmation-method" value="GET""#));
    let fields = [("confirmation-to", path), ("confirmation-method", "GET"), ("confirmation-password", PASSWORD)];
    let on = people.organiser.post_form("/desk/confirmation", &fields).await.expect(303);
    assert_eq!(on.location(), path);
    let mut organiser = people.organiser.clone();
    organiser.token = Some((SessionKind::Cookie, cookie(&on).0));
    organiser.get(path).await.expect(200);
}

#[tokio::test]
async fn a_proof_is_a_password_or_a_code_and_holds_for_its_own_session_only() {
    let app = TestApp::new().await;
    let mut person = app.staff(Role::Sysadmin, "").await;
    let (secret, codes) = factors::enrol(&app, &person).await;
    let other = app.again(&person).await;
    let (confirmation, act) = ("/api/v1/sessions/current/confirmation", "/api/v1/account/second-factor/recovery-codes");
    for proof in [json!({ "password": PASSWORD }), json!({ "code": codes[0] }), json!({ "code": "later" })] {
        app.clock.wait(TimeDelta::minutes(11));
        assert_eq!(person.post_json(act, &json!({})).await.expect(403).code(), "account.confirm");
        let proof = match proof["code"] == "later" {
            true => json!({ "code": factors::code(&app, &secret, 0) }),
            false => proof,
        };
        let confirmed = person.post_json(confirmation, &proof).await.expect(204);
        let old = person.clone();
        person.token = Some((SessionKind::Cookie, cookie(&confirmed).0));
        old.get("/api/v1/account").await.expect(401);
        assert_ne!(person.post_json("/api/v1/account/second-factor/totp", &json!({})).await.status.as_u16(), 403);
        assert_eq!(other.post_json(act, &json!({})).await.expect(403).code(), "account.confirm");
    }
    for wrong in [json!({ "password": "not this one" }), json!({ "code": "000000" }), json!({ "passkey": {} })] {
        person.post_json(confirmation, &wrong).await.expect(422);
    }
    app.nobody().post_json(confirmation, &json!({ "password": PASSWORD })).await.expect(401);
}

#[tokio::test]
async fn a_program_goes_on_with_the_token_of_its_proof_until_the_session_would_have_ended_anyway() {
    let app = TestApp::new().await;
    app.staff(Role::Sysadmin, "").await;
    let body = json!({ "login": "sysadmin", "password": PASSWORD });
    let opened = app.nobody().post_json("/api/v1/sessions", &body).await.expect(201).json();
    let mut program = app.nobody();
    program.token = Some((SessionKind::Bearer, opened["token"].as_str().unwrap().to_owned()));
    app.clock.wait(TimeDelta::minutes(11));
    let confirmation = "/api/v1/sessions/current/confirmation";
    let confirmed = program.post_json(confirmation, &json!({ "password": PASSWORD })).await.expect(200).json();
    assert_eq!(confirmed["expires"], opened["expires"]);
    program.get("/api/v1/account").await.expect(401);
    program.token = Some((SessionKind::Bearer, confirmed["token"].as_str().unwrap().to_owned()));
    program.post_json("/api/v1/account/second-factor/totp", &json!({})).await.expect(200);
}

#[tokio::test]
async fn a_stolen_session_cannot_guess_its_way_to_a_proof() {
    let app = TestApp::new().await;
    let person = app.staff(Role::Sysadmin, "").await;
    let confirmation = "/api/v1/sessions/current/confirmation";
    for _ in 0..5 {
        person.post_json(confirmation, &json!({ "password": "not this one" })).await.expect(422);
    }
    person.post_json(confirmation, &json!({ "password": PASSWORD })).await.expect(429);
    let answer = person.send(Method::GET, "/desk/confirmation", None, Vec::new()).await;
    answer.expect(200);
}
