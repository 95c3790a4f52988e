//! Accounts as an administrator makes and changes them.

mod invitations;

use entity::stored::Role;
use poem::http::Method;
use serde_json::{Value, json};

use crate::sign_in::{browser, is_signed_in};
use testing::TestApp;
use testing::actors::PASSWORD;

const ACCOUNT: [(&str, &str); 3] = [("login", "Chen.Jing"), ("name", "陈静"), ("office", "江苏省政务办")];

/// Form fields that a security administrator ticks for the account.
const ROLES: [(&str, &str); 3] =
    [("roles", "province_coordinator"), ("scope-province_coordinator", "320000"), ("home_province", "")];

#[tokio::test]
async fn an_account_that_was_made_waits_for_its_holder_and_is_found() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    app.staff(Role::Organiser, "").await;
    let made = admin.post_form("/desk/accounts/new", &ACCOUNT).await;
    assert!(made.expect(200).text().contains("/invitations/"));
    let page = admin.get("/desk/accounts/chen.jing").await.expect(200).text();
    assert!(page.contains("邀请还没有接受") && !page.contains("保存角色"));
    let security = app.staff(Role::SecurityAdmin, "").await;
    let page = security.get("/desk/accounts/chen.jing").await.expect(200).text();
    assert!(page.contains("保存角色") && !page.contains("/invitation\"") && !page.contains("停用账号"));
    let version = value_of(&page, "version");
    let fields: Vec<_> = [("version", version.as_str())].into_iter().chain(ROLES).collect();
    let granted = security.post_form("/desk/accounts/chen.jing/roles", &fields).await.expect(303).location();
    assert!(security.get(&granted).await.expect(200).text().contains("省级统筹（江苏）"));
    // No password opens an account without a password.
    for password in ["", PASSWORD] {
        let fields = [("login", "chen.jing"), ("password", password)];
        app.nobody().post_form("/sign-in", &fields).await.expect(422);
    }
    for (query, found) in [
        ("?q=陈静", true),
        ("?q=CHEN", true),
        ("?q=政务办&role=province_coordinator&state=active", true),
        ("?role=handler", false),
        ("?state=suspended", false),
        ("?q=nobody", false),
    ] {
        let query: String = query
            .chars()
            .map(|c| match c {
                '陈' => "%E9%99%88".to_owned(),
                '静' => "%E9%9D%99".to_owned(),
                '政' => "%E6%94%BF".to_owned(),
                '务' => "%E5%8A%A1".to_owned(),
                '办' => "%E5%8A%9E".to_owned(),
                c => c.to_string(),
            })
            .collect();
        let page = admin.get(&format!("/desk/accounts{query}")).await.expect(200).text();
        assert_eq!(page.contains("chen.jing"), found, "{query}");
        assert!(!page.contains(">organiser<"), "{query}");
    }
    let english = admin.in_english().get("/desk/accounts").await.expect(200);
    assert!(english.text().contains("Province coordinator (Jiangsu)"));
}

#[tokio::test]
async fn a_refused_form_keeps_everything() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let fields = [("login", "x"), ("name", "陈静"), ("office", "")];
    let page = admin.post_form("/desk/accounts/new", &fields).await.expect(422).text();
    for kept in [r#"name="login" type="text" value="x""#, r#"value="陈静""#] {
        assert!(page.contains(kept), "{kept}\n{page}");
    }
    for said in ["有2处要改，填写的内容都还在", "3到40个英文字母", "这里不能空着", r##"href="#office""##]
    {
        assert!(page.contains(said), "{said}");
    }
}

#[tokio::test]
async fn a_refused_form_of_roles_keeps_what_was_ticked() {
    let app = TestApp::new().await;
    let security = app.staff(Role::SecurityAdmin, "").await;
    app.staff(Role::Organiser, "").await;
    let version = value_of(&security.get("/desk/accounts/organiser").await.text(), "version");
    let fields = [
        ("version", version.as_str()),
        ("roles", "sysadmin"),
        ("roles", "team_leader"),
        ("scope-team_leader", "T3"),
        ("home_province", "330000"),
    ];
    let page = security.post_form("/desk/accounts/organiser/roles", &fields).await.expect(422).text();
    for kept in [
        r#"id="role-sysadmin" value="sysadmin" checked"#,
        r#"id="role-team_leader" value="team_leader" checked"#,
        r#"<option value="T3" selected>"#,
        r#"<option value="330000" selected>"#,
        "系统管理、安全管理、审计不能兼任别的角色",
    ] {
        assert!(page.contains(kept), "{kept}\n{page}");
    }
}

#[tokio::test]
async fn offices_that_check_each_other_do_not_meet_in_one_account() {
    let app = TestApp::new().await;
    let security = app.staff(Role::SecurityAdmin, "").await;
    app.staff_with("two-offices", &[]).await;
    let role = |role: &str, scope: &str| json!({ "role": role, "scope": scope });
    let address = "/api/v1/accounts/two-offices";
    let version = security.get(address).await.expect(200).json()["version"].clone();
    for (roles, code) in [
        (json!([role("sysadmin", ""), role("organiser", "")]), "account.offices_apart"),
        (json!([role("auditor", ""), role("sysadmin", "")]), "account.offices_apart"),
        (json!([role("organiser", ""), role("approver", "")]), "account.author_approves"),
        (json!([role("team_leader", "T3"), role("handler", "320000")]), "account.checks_itself"),
        (json!([role("handler", "")]), "account.scope_missing"),
        (json!([role("handler", "999999")]), "account.scope"),
        (json!([role("handler", "T3")]), "account.scope"),
        (json!([role("organiser", "320000")]), "account.scope"),
    ] {
        let body = json!({ "roles": roles, "home_province": "", "version": version });
        let answer = security.send_json(Method::PUT, &format!("{address}/roles"), &body).await.expect(422);
        assert_eq!(answer.code(), code, "{roles}");
        assert_eq!(answer.json()["errors"][0]["field"], "roles");
    }
    assert_eq!(security.get(address).await.expect(200).json()["roles"], json!([]));
}

#[tokio::test]
async fn a_login_is_given_once() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    admin.post_form("/desk/accounts/new", &ACCOUNT).await.expect(200);
    let again = admin.post_form("/desk/accounts/new", &ACCOUNT).await.expect(422);
    assert!(again.text().contains("这个账号名已有人用"));
    let mut reserved = ACCOUNT;
    reserved[0].1 = "new";
    let page = admin.post_form("/desk/accounts/new", &reserved).await;
    assert!(page.expect(422).text().contains("这个账号名已有人用"));
}

#[tokio::test]
async fn new_roles_hold_from_the_next_request() {
    let app = TestApp::new().await;
    let security = app.staff(Role::SecurityAdmin, "").await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    let page = security.get("/desk/accounts/organiser").await.expect(200).text();
    let version = value_of(&page, "version");
    // A province is chosen, but the role for it is not ticked.
    let handler =
        [("roles", "team_leader"), ("scope-team_leader", "T1"), ("scope-handler", "320000"), ("home_province", "")];
    let fields: Vec<_> = [("version", version.as_str())].into_iter().chain(handler).collect();
    let answer = security.post_form("/desk/accounts/organiser/roles", &fields).await;
    assert_eq!(answer.expect(303).location(), "/desk/accounts/organiser?done=roles");
    assert!(!is_signed_in(&person).await);
    let person = browser(&app, "organiser", PASSWORD).await;
    let account = person.get("/api/v1/account").await.expect(200).json();
    assert_eq!(account["roles"], json!([{ "role": "team_leader", "scope": "T1" }]));
    // The same form is stale the second time: nothing changes, and the form keeps its ticks.
    let again = [("version", version.as_str()), ("roles", "organiser"), ("home_province", "320000")];
    let stale = security.post_form("/desk/accounts/organiser/roles", &again).await.expect(409).text();
    assert!(stale.contains("别人刚改过这个账号") && stale.contains(r#"<option value="320000" selected>"#));
    assert!(stale.contains(r#"value="organiser" checked"#) && stale.contains("督导组长（"));
    assert!(is_signed_in(&person).await);
    // The form that is shown now can be saved.
    let version = value_of(&stale, "version");
    let fields = [("version", version.as_str()), ("roles", "organiser"), ("home_province", "320000")];
    security.post_form("/desk/accounts/organiser/roles", &fields).await.expect(303);
    assert!(!is_signed_in(&person).await);
}

#[tokio::test]
async fn changed_words_end_the_sessions_and_leave_the_roles() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    app.staff(Role::Organiser, "").await;
    let person = browser(&app, "organiser", PASSWORD).await;
    let version = value_of(&admin.get("/desk/accounts/organiser").await.expect(200).text(), "version");
    let fields = [("version", version.as_str()), ("name", "周明"), ("office", "批准处"), ("roles", "approver")];
    admin.post_form("/desk/accounts/organiser", &fields).await.expect(303);
    assert!(!is_signed_in(&person).await);
    let account = browser(&app, "organiser", PASSWORD).await.get("/api/v1/account").await.expect(200).json();
    assert_eq!((&account["name"], &account["roles"][0]["role"]), (&json!("周明"), &json!("organiser")));
    let stale = admin.post_form("/desk/accounts/organiser", &fields).await.expect(409).text();
    assert!(stale.contains("别人刚改过这个账号") && stale.contains(r#"value="周明""#));
}

#[tokio::test]
async fn a_suspended_account_is_out_at_once_and_comes_back_with_its_roles() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    app.staff(Role::Handler, "320000").await;
    let login = "handler-320000";
    let person = browser(&app, login, PASSWORD).await;
    let suspension = format!("/desk/accounts/{login}/suspension");
    for _ in 0..2 {
        admin.post_form(&suspension, &[]).await.expect(303);
        assert!(!is_signed_in(&person).await);
    }
    let list = admin.get("/desk/accounts?state=suspended").await.text();
    assert!(list.contains(login) && list.contains("已停用"));
    let fields = [("login", login), ("password", PASSWORD)];
    app.nobody().post_form("/sign-in", &fields).await.expect(422);
    let reinstatement = format!("/desk/accounts/{login}/reinstatement");
    admin.post_form(&reinstatement, &[]).await.expect(303);
    let person = browser(&app, login, PASSWORD).await;
    let account = person.get("/api/v1/account").await.expect(200).json();
    assert_eq!(account["roles"][0]["scope"], "320000");
}

#[tokio::test]
async fn an_administrator_leaves_the_own_account_alone() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let page = admin.get("/desk/accounts/sysadmin").await.expect(200).text();
    assert!(page.contains("由另一位管理员修改") && !page.contains("/suspension"));
    admin.post_form("/desk/accounts/sysadmin/suspension", &[]).await.expect(409);
    let account = admin.get("/api/v1/accounts/sysadmin").await.expect(200).json();
    let change = change_of(&account, |body| body["active"] = json!(false));
    let answer = admin.send_json(Method::PUT, "/api/v1/accounts/sysadmin", &change).await;
    assert_eq!(answer.expect(409).code(), "account.own");
    assert!(is_signed_in(&admin).await);
}

#[tokio::test]
async fn the_api_makes_lists_and_changes_accounts() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let body = json!({ "login": "Two.Provinces", "name": "x", "office": "y" });
    let made = admin.post_json("/api/v1/accounts", &body).await.expect(201).json()["account"].take();
    assert_eq!((&made["login"], &made["active"], &made["roles"]), (&json!("two.provinces"), &json!(true), &json!([])));
    let all = admin.get("/api/v1/accounts").await.expect(200).json();
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert!(!all.to_string().contains("argon2"));
    let address = "/api/v1/accounts/two.provinces";
    let change = change_of(&made, |body| body["active"] = json!(false));
    let changed = admin.send_json(Method::PUT, address, &change).await.expect(200).json();
    assert_eq!(changed["active"], false);
    let stale = admin.send_json(Method::PUT, address, &change).await.expect(409);
    assert_eq!(stale.code(), "account.changed");
    admin.send_json(Method::PUT, "/api/v1/accounts/nobody", &change).await.expect(404);
    for path in ["/desk/accounts/nobody", "/api/v1/accounts/nobody"] {
        admin.get(path).await.expect(404);
    }
}

#[tokio::test]
async fn long_lists_come_in_pages() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    for n in 0..51 {
        app.staff_as(&format!("auditor-{n:02}"), Role::Auditor, "").await;
    }
    let first = admin.get("/desk/accounts?role=auditor").await.expect(200).text();
    assert!(first.contains("共51个账号") && first.contains("第1页，共2页"));
    assert!(first.contains("auditor-49") && !first.contains("auditor-50"));
    assert!(first.contains(r#"href="/desk/accounts?role=auditor&#38;page=2""#), "{first}");
    let second = admin.get("/desk/accounts?role=auditor&page=2").await.text();
    assert!(second.contains("auditor-50") && !second.contains("auditor-49"));
    admin.get("/desk/accounts?page=-1").await.expect(200);
    admin.get("/desk/accounts?page=99999").await.expect(200);
}

/// Value of a hidden field.
fn value_of(page: &str, field: &str) -> String {
    let after = page.split(&format!(r#"name="{field}" value=""#)).nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

/// Body of a change to an account that was read, as a client would send it.
fn change_of(account: &Value, change: impl FnOnce(&mut Value)) -> Value {
    let mut body = account.clone();
    for only_read in ["login", "roles", "proposed", "home_province"] {
        body.as_object_mut().unwrap().remove(only_read);
    }
    change(&mut body);
    body
}
