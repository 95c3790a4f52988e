//! Acts that need reauthentication.

use chrono::TimeDelta;
use entity::stored::{AssignmentState, Role, SessionKind};
use poem::http::Method;
use serde_json::json;
use shudu::web::policy::{Entry, Reauthentication};

use super::{cookie, factors};
use testing::actors::PASSWORD;
use testing::desk::ROW;
use testing::{Desk, Person, TestApp};

/// An address with example values, which may or may not exist: reauthentication comes before any lookup.
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

async fn act(person: &Person, method: &str, path: &str) -> testing::Answer {
    let media = match path.starts_with("/api/") {
        true => "application/json",
        false => "application/x-www-form-urlencoded",
    };
    let body = if path.starts_with("/api/") { b"{}".to_vec() } else { b"a=1".to_vec() };
    let media = (method != "GET" && method != "DELETE").then_some(media);
    person.send(method.parse().unwrap(), path, media, body).await
}

/// Addresses whose policy requires this kind of reauthentication.
fn demanding(wanted: Reauthentication) -> Vec<(String, String)> {
    let demands =
        |(method, pattern, policy): Entry| (policy.reauthentication == wanted).then(|| (method.to_string(), pattern));
    let found: Vec<_> = shudu::router::entries().into_iter().filter_map(demands).collect();
    assert!(found.len() > 15, "{found:?}");
    found
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
    let is_demand = |answer: &testing::Answer| {
        answer.status.as_u16() == 403 && String::from_utf8_lossy(&answer.body).contains("confirm")
    };
    let (one, all) = (demanding(Reauthentication::One), demanding(Reauthentication::All));
    for (method, pattern) in &one {
        assert!(!is_demand(&act(&people[0], method, &address(pattern)).await), "fresh: {method} {pattern}");
    }
    let people = [people[1].clone(), people[2].clone(), people[3].clone(), app.sign_in_again(&people[0]).await];
    app.clock.wait(TimeDelta::minutes(10));
    for (method, pattern) in &one {
        assert!(!is_demand(&act(&people[3], method, &address(pattern)).await), "ten minutes: {method} {pattern}");
    }
    let admin = app.sign_in_again(&people[3]).await;
    app.clock.wait(TimeDelta::minutes(10) + TimeDelta::seconds(1));
    for (at, (method, pattern)) in one.iter().chain(&all).enumerate() {
        for person in people[..3].iter().chain([&admin]) {
            let answer = act(person, method, &address(pattern)).await;
            assert_eq!(answer.status.as_u16(), 403, "{} {method} {pattern}", person.login);
            if pattern.starts_with("/api/") {
                let code = if at < one.len() { "account.confirm" } else { "account.confirm_all" };
                assert_eq!(answer.code(), code, "{method} {pattern}");
            } else {
                assert!(answer.text().contains("/desk/confirmation"), "{method} {pattern}");
            }
        }
    }
}

#[tokio::test]
async fn a_form_that_was_refused_goes_on_after_the_proof_with_everything_in_it() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Resolved).await;
    let mut leader = desk.app.sign_in_again(&desk.leader).await;
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
    // After a wrong password, the page keeps every entry too.
    let mut carried = fields.clone();
    carried.extend([("confirmation-to", path.as_str()), ("confirmation-method", "POST")]);
    let mut wrong = carried.clone();
    wrong.push(("confirmation-password", "not this one"));
    let again = leader.post_form("/desk/confirmation", &wrong).await.expect(422).text();
    assert!(again.contains("密码不对") && again.contains("手机实办一件") && !again.contains("not this one"));
    carried.push(("confirmation-password", PASSWORD));
    let on = leader.post_form("/desk/confirmation", &carried).await.expect(307);
    assert_eq!(on.location(), path);
    // The browser repeats the same body (307).
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
    let people = testing::given::organisation(&app).await;
    testing::given::published(&app, &people, "t1", |_| ()).await;
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
    let other = app.sign_in_again(&person).await;
    let (confirmation, act) = ("/api/v1/sessions/current/confirmation", "/api/v1/accounts/nobody/invitation");
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
        person.post_json(act, &json!({})).await.expect(404);
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
async fn what_changes_the_ways_in_asks_for_the_password_and_the_second_factor() {
    let app = TestApp::new().await;
    let mut person = app.staff(Role::Organiser, "").await;
    let (secret, codes) = factors::enrol(&app, &person).await;
    let (confirmation, act) = ("/api/v1/sessions/current/confirmation", "/api/v1/account/second-factor/recovery-codes");
    let code = || json!({ "code": factors::code(&app, &secret, 0) });
    let both = json!({ "password": PASSWORD, "code": codes[1] });
    let ways = [
        (vec![json!({ "password": PASSWORD })], false),
        (vec![json!({ "code": codes[0] })], false),
        (vec![both], true),
        (vec![json!({ "password": PASSWORD }), json!({ "code": "later" })], true),
    ];
    for (proofs, is_enough) in ways {
        app.clock.wait(TimeDelta::minutes(11));
        assert_eq!(person.post_json(act, &json!({})).await.expect(403).code(), "account.confirm_all");
        for proof in &proofs {
            let proof = if proof["code"] == "later" { code() } else { proof.clone() };
            let confirmed = person.post_json(confirmation, &proof).await.expect(204);
            person.token = Some((SessionKind::Cookie, cookie(&confirmed).0));
        }
        let answer = person.get("/desk/password").await;
        assert_eq!(answer.status.as_u16(), if is_enough { 200 } else { 403 }, "{proofs:?}");
    }
    // A recovery code that is sent with a wrong password is not used up.
    app.clock.wait(TimeDelta::minutes(11));
    let wrong = json!({ "password": "not this one", "code": codes[2] });
    person.post_json(confirmation, &wrong).await.expect(422);
    person.post_json(confirmation, &json!({ "password": PASSWORD, "code": codes[2] })).await.expect(204);
}

#[tokio::test]
async fn the_page_asks_for_what_is_missing_and_carries_no_password() {
    let app = TestApp::new().await;
    let mut person = app.staff(Role::Organiser, "").await;
    let (secret, _) = factors::enrol(&app, &person).await;
    app.clock.wait(TimeDelta::minutes(11));
    let fields = [("old", PASSWORD), ("new", "a-new-one-that-is-long"), ("again", "a-new-one-that-is-long")];
    let refused = person.post_form("/desk/password", &fields).await.expect(403).text();
    assert!(refused.contains("要改变登录方式") && refused.contains("confirmation-password"));
    assert!(refused.contains("confirmation-code") && !refused.contains("a-new-one") && !refused.contains(PASSWORD));
    assert!(refused.contains(r#"name="confirmation-method" value="GET""#));
    // After the password alone, the same page asks for the missing factor.
    let mut sent =
        vec![("confirmation-to", "/desk/password"), ("confirmation-method", "GET"), ("confirmation-all", "1")];
    sent.push(("confirmation-password", PASSWORD));
    let on = person.post_form("/desk/confirmation", &sent).await.expect(303);
    person.token = Some((SessionKind::Cookie, cookie(&on).0));
    let rest = person.get(on.location().as_str()).await.expect(403).text();
    assert!(!rest.contains(r#"name="confirmation-password""#) && rest.contains(r#"name="confirmation-code""#));
    let code = factors::code(&app, &secret, 0);
    sent[3] = ("confirmation-code", &code);
    let on = person.post_form("/desk/confirmation", &sent).await.expect(303);
    person.token = Some((SessionKind::Cookie, cookie(&on).0));
    person.get("/desk/password").await.expect(200);
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

#[tokio::test]
async fn a_form_goes_on_after_both_proofs_one_after_the_other() {
    let app = TestApp::new().await;
    let mut person = app.staff(Role::Organiser, "").await;
    let (secret, _) = factors::enrol(&app, &person).await;
    app.clock.wait(TimeDelta::minutes(11));
    let act = "/desk/account/second-factor/codes";
    person.post_form(act, &[("note", "kept")]).await.expect(403);
    let asked =
        [("confirmation-to", act), ("confirmation-method", "POST"), ("confirmation-all", "1"), ("note", "kept")];
    let first = [asked.as_slice(), &[("confirmation-password", PASSWORD), ("confirmation-code", "")]].concat();
    let on = person.post_form("/desk/confirmation", &first).await.expect(307);
    person.token = Some((SessionKind::Cookie, cookie(&on).0));
    // The browser repeats the same body (307), with the fields of the confirmation page in it.
    let page = person.post_form(act, &first).await.expect(403).text();
    assert!(!page.contains(PASSWORD) && page.matches("confirmation-code").count() > 0);
    assert!(page.contains(r#"name="note""#) && !page.contains(r#"<textarea hidden name="confirmation"#));
    let nothing = person.post_form("/desk/confirmation", &asked).await.expect(422).text();
    assert!(nothing.contains("验证码不对") && !nothing.contains("密码不对"));
    let code = factors::code(&app, &secret, 0);
    let second = [asked.as_slice(), &[("confirmation-code", &*code)]].concat();
    let on = person.post_form("/desk/confirmation", &second).await.expect(307);
    assert_eq!(on.location(), act);
    person.token = Some((SessionKind::Cookie, cookie(&on).0));
    person.post_form(act, &second).await.expect(200);
    // The button is pressed again in another window. Nothing is missing, so the request goes on, and no wrong proof is counted.
    assert_eq!(person.post_form("/desk/confirmation", &asked).await.expect(307).location(), act);
}

#[tokio::test]
async fn a_right_password_does_not_pay_for_guessing_codes() {
    let app = TestApp::new().await;
    let mut person = app.staff(Role::Organiser, "").await;
    factors::enrol(&app, &person).await;
    let confirmation = "/api/v1/sessions/current/confirmation";
    for n in 0..5 {
        let confirmed = person.post_json(confirmation, &json!({ "password": PASSWORD })).await.expect(204);
        person.token = Some((SessionKind::Cookie, cookie(&confirmed).0));
        let guess = json!({ "password": PASSWORD, "code": format!("{n:06}") });
        person.post_json(confirmation, &guess).await.expect(422);
    }
    person.post_json(confirmation, &json!({ "code": "000009" })).await.expect(429);
}

#[tokio::test]
async fn a_proof_that_arrives_after_the_session_is_never_written_into_the_page() {
    let desk = Desk::new().await;
    let path = format!("/desk/assignments/{ROW}/report");
    let own = [
        ("confirmation-to", path.as_str()),
        ("confirmation-method", "POST"),
        ("confirmation-password", PASSWORD),
        ("confirmation-code", "135790"),
        ("confirmation-credential", "{\"id\":\"answer of a passkey\"}"),
    ];
    let typed = [("after", "手机上就能办，不用再跑窗口")];
    let sent = [typed.as_slice(), own.as_slice()].concat();
    let nobody = desk.app.nobody();
    for address in ["/desk/confirmation", &path] {
        let ended = nobody.post_form(address, &sent).await.expect(401);
        let page = ended.text();
        assert!(page.contains("登录已结束") && page.contains("不用再跑窗口</textarea>"), "{page}");
        assert!(page.contains(&format!("action=\"{path}\"")), "the act, not the proof: {page}");
        for secret in [PASSWORD, "135790", "answer of a passkey", "name=\"confirmation"] {
            assert!(!page.contains(secret), "{secret}: {page}");
        }
        let english = nobody.post_form(&ended.tool(" lang=\"en\""), &typed).await.expect(401).text();
        assert!(english.contains(&format!("action=\"{path}?lang=en\"")), "{english}");
    }
    // Nothing is left to keep, or a secret is: the way leads to the sign-in.
    let ways = [
        ("/desk/confirmation", own.to_vec()),
        ("/desk/password", vec![("login", "x"), ("new", "a-new-one-that-is-long")]),
        ("/desk/account/second-factor/totp/code", vec![("code", "135790")]),
    ];
    for (address, fields) in ways {
        let answer = nobody.post_form(address, &fields).await.expect(303);
        assert!(answer.location().starts_with("/sign-in"), "{address}: {}", answer.location());
    }
}

#[tokio::test]
async fn a_code_is_not_carried_through_a_proof_and_its_form_is_found_again() {
    let app = TestApp::new().await;
    let mut person = app.staff(Role::Organiser, "").await;
    app.clock.wait(TimeDelta::minutes(11));
    let act = "/desk/account/second-factor/totp/code";
    let page = person.post_form(act, &[("code", "135790")]).await.expect(403).text();
    assert!(!page.contains("135790") && page.contains(r#"name="confirmation-method" value="GET""#), "{page}");
    let proof = [
        ("confirmation-to", act),
        ("confirmation-method", "GET"),
        ("confirmation-all", "1"),
        ("confirmation-password", PASSWORD),
    ];
    let on = person.post_form("/desk/confirmation", &proof).await.expect(303);
    person.token = Some((SessionKind::Cookie, cookie(&on).0));
    assert_eq!(person.get(&on.location()).await.expect(303).location(), "/desk/account/second-factor#code");
}
