//! Dual control over the ways into an account with a weighty role: no administrator can change them alone, by any address.

use chrono::TimeDelta;
use entity::stored::{Role, SessionKind};
use poem::http::Method;
use serde_json::{Value, json};

use testing::actors::PASSWORD;
use testing::{Answer, Person, TestApp};

const NEW: &str = "snow on the old bridge";

/// An office with two system administrators, two security administrators, an auditor, two approvers and an organiser.
struct Offices {
    app: TestApp,
    admin: Person,
    second: Person,
    security: Person,
    approver: Person,
}

const WEIGHTY: [&str; 4] = ["approver", "security_admin", "auditor", "second"];

impl Offices {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let admin = app.staff(Role::Sysadmin, "").await;
        let second = app.staff_as("second", Role::Sysadmin, "").await;
        let security = app.staff(Role::SecurityAdmin, "").await;
        app.staff(Role::Auditor, "").await;
        let approver = app.staff(Role::Approver, "").await;
        app.staff(Role::Organiser, "").await;
        Self { app, admin, second, security, approver }
    }

    async fn propose(&self, person: &Person, login: &str, kind: &str) -> Answer {
        person.post_json(&format!("/api/v1/accounts/{login}/access"), &json!({ "kind": kind })).await
    }

    async fn decide(&self, person: &Person, login: &str, number: &Value, noun: &str) -> Answer {
        person.post_json(&format!("/api/v1/accounts/{login}/access/{number}/{noun}"), &json!({})).await
    }

    async fn accept(&self, link: &Value, code: &str) -> Answer {
        let token = link.as_str().unwrap().rsplit('/').next().unwrap();
        let body = json!({ "token": token, "code": code, "new": NEW });
        self.app.nobody().post_json("/api/v1/invitations/acceptance", &body).await
    }

    async fn signs_in(&self, login: &str, password: &str) -> bool {
        let body = json!({ "login": login, "password": password });
        self.app.nobody().post_json("/api/v1/sessions", &body).await.status == 201
    }
}

#[tokio::test]
async fn one_system_administrator_enters_no_weighty_account() {
    let o = Offices::new().await;
    for login in WEIGHTY {
        for (method, path) in [
            (Method::POST, format!("/api/v1/accounts/{login}/invitation")),
            (Method::DELETE, format!("/api/v1/accounts/{login}/second-factor")),
        ] {
            let answer = o.admin.send(method, &path, None, Vec::new()).await.expect(409);
            assert_eq!(answer.code(), "account.two_people", "{path}");
        }
        for noun in ["invitation", "second-factor/removal"] {
            let page = o.admin.post_form(&format!("/desk/accounts/{login}/{noun}"), &[]).await.expect(409);
            assert!(page.text().contains("要由一位系统管理员提出"), "{login} {noun}");
        }
        let page = o.admin.get(&format!("/desk/accounts/{login}")).await.expect(200).text();
        assert!(!page.contains(&format!("/desk/accounts/{login}/invitation\"")) && page.contains("提出重新邀请"));
        // The link of an unconfirmed proposal opens nothing.
        let made = o.propose(&o.admin, login, "second_factor").await.expect(201).json();
        assert_eq!(o.accept(&made["link"], "").await.expect(409).code(), "account.invitation");
        let own = o.decide(&o.admin, login, &made["number"], "confirmation").await.expect(403);
        assert_eq!(own.code(), "access.proposer");
        assert!(o.signs_in(login, PASSWORD).await, "{login} goes on");
    }
    // One person is enough to invite the holder of an account without a weighty role.
    o.admin.post_json("/api/v1/accounts/organiser/invitation", &json!({})).await.expect(201);
}

#[tokio::test]
async fn the_link_of_the_first_and_the_code_of_the_second_open_the_account_together() {
    let o = Offices::new().await;
    let made = o.propose(&o.admin, "approver", "invitation").await.expect(201).json();
    for other in [&o.approver, &o.app.staff_as("organiser-2", Role::Organiser, "").await] {
        o.decide(other, "approver", &made["number"], "confirmation").await.expect(404);
    }
    // The proposal is on the desks of those who may confirm, and on no other desk.
    for (person, waits) in [(&o.security, true), (&o.second, true), (&o.admin, false), (&o.approver, false)] {
        let desk = person.get("/desk").await.expect(200).text();
        assert_eq!(desk.contains("等您确认的账号变更"), waits, "{}", person.login);
    }
    let shown = o.security.get("/desk/accounts/approver").await.expect(200).text();
    assert!(
        shown.contains("等待确认的登录变更") && shown.contains("name of sysadmin") && shown.contains("/confirmation")
    );
    let done = o.decide(&o.security, "approver", &made["number"], "confirmation").await.expect(200).json();
    let code = done["code"].as_str().unwrap();
    assert!(!o.signs_in("approver", PASSWORD).await);
    for wrong in ["", "0000-0000", &code[1..]] {
        let answer = o.accept(&made["link"], wrong).await.expect(422);
        assert_eq!(answer.json()["errors"][0]["code"], "account.invitation_code", "{wrong}");
    }
    let path = made["link"].as_str().unwrap().split_once("localhost:0").unwrap().1.to_owned();
    let page = o.app.nobody().get(&path).await.expect(200).text();
    assert!(page.contains("name=\"code\""));
    let fields = [("code", "x"), ("new", NEW), ("again", NEW)];
    let page = o.app.nobody().post_form(&path, &fields).await.expect(422).text();
    assert!(page.contains("验证码不对"), "{page}");
    let session = o.accept(&made["link"], &code.to_uppercase()).await.expect(201).json();
    o.accept(&made["link"], code).await.expect(409);
    o.decide(&o.security, "approver", &made["number"], "confirmation").await.expect(404);
    // The holder is told who proposed and who confirmed the change.
    let mut holder = o.app.nobody();
    holder.token = Some((SessionKind::Bearer, session["token"].as_str().unwrap().to_owned()));
    for page in ["/desk", "/desk/account/devices"] {
        let page = holder.get(page).await.expect(200).text();
        let told = "name of sysadmin提出，name of security_admin确认";
        assert!(page.contains("您的账号最近有变更") && page.contains(told), "{page}");
    }
    let english = holder.in_english().get("/desk").await.expect(200).text();
    assert!(english.contains("proposed by name of sysadmin, confirmed by name of security_admin"));
}

#[tokio::test]
async fn a_proposal_lapses_after_seven_days_is_withdrawn_or_refused_and_one_waits_at_a_time() {
    let o = Offices::new().await;
    let first = o.propose(&o.admin, "approver", "invitation").await.expect(201).json();
    assert_eq!(o.propose(&o.second, "approver", "invitation").await.expect(409).code(), "access.waits");
    let again = o.propose(&o.admin, "approver", "second_factor").await.expect(201).json();
    o.decide(&o.security, "approver", &first["number"], "confirmation").await.expect(404);
    let account = o.decide(&o.admin, "approver", &again["number"], "refusal").await.expect(200).json();
    assert!(account.get("access").is_none_or(Value::is_null));
    o.decide(&o.security, "approver", &again["number"], "confirmation").await.expect(404);
    let third = o.propose(&o.second, "approver", "invitation").await.expect(201).json();
    o.app.clock.wait(TimeDelta::days(7));
    let security = o.app.sign_in_again(&o.security).await;
    o.decide(&security, "approver", &third["number"], "confirmation").await.expect(404);
    assert!(!security.get("/desk").await.expect(200).text().contains("等您确认的账号变更"));
    assert!(o.signs_in("approver", PASSWORD).await);
    let acts = o.app.app.stores.main.db();
    for act in ["identity.propose_access", "identity.refuse_access"] {
        use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter};
        let found = entity::audit_entry::Entity::find().filter(entity::audit_entry::COLUMN.act.eq(act));
        assert!(found.count(acts).await.unwrap() > 0, "{act}");
    }
}

#[tokio::test]
async fn a_suspended_holder_comes_back_by_two_people_only() {
    let o = Offices::new().await;
    o.admin.post_form("/desk/accounts/approver/suspension", &[]).await.expect(303);
    o.admin.post_form("/desk/accounts/approver/reinstatement", &[]).await.expect(409);
    let account = o.admin.get("/api/v1/accounts/approver").await.expect(200).json();
    let mut body = json!({ "name": "甲", "office": "处", "active": true, "version": account["version"] });
    let put = async |body: &Value| o.admin.send_json(Method::PUT, "/api/v1/accounts/approver", body).await;
    assert_eq!(put(&body).await.expect(409).code(), "account.two_people");
    body["active"] = json!(false);
    put(&body).await.expect(200);
    let made = o.propose(&o.admin, "approver", "reinstatement").await.expect(201).json();
    assert!(made.get("link").is_none_or(Value::is_null));
    o.decide(&o.second, "approver", &made["number"], "confirmation").await.expect(200);
    assert!(o.signs_in("approver", PASSWORD).await);
    let needless = o.propose(&o.admin, "approver", "reinstatement").await;
    assert_eq!(needless.expect(409).code(), "access.active");
}

#[tokio::test]
async fn an_account_that_one_made_or_invited_a_moment_ago_is_no_second_person() {
    let o = Offices::new().await;
    let put = async |login: &str, role: &str| {
        let account = o.security.get(&format!("/api/v1/accounts/{login}")).await.expect(200).json();
        let roles = json!({ "roles": [{ "role": role, "scope": "" }], "version": account["version"] });
        let put = o.security.send_json(Method::PUT, &format!("/api/v1/accounts/{login}/roles"), &roles).await;
        let number = put.expect(200).json()["proposed"][0]["number"].clone();
        format!("/api/v1/accounts/{login}/roles/{number}/confirmation")
    };
    // The administrator who would confirm the role made this account.
    let body = json!({ "login": "puppet", "name": "王", "office": "处" });
    let made = o.admin.post_json("/api/v1/accounts", &body).await.expect(201).json();
    let at = put("puppet", "security_admin").await;
    assert_eq!(o.admin.post_json(&at, &json!({})).await.expect(403).code(), "role.in_hand");
    // Another administrator cannot confirm either while the invitation link is unused.
    assert_eq!(o.second.post_json(&at, &json!({})).await.expect(409).code(), "role.link_open");
    o.accept(&made["invitation"]["link"], "").await.expect(201);
    assert_eq!(o.admin.post_json(&at, &json!({})).await.expect(403).code(), "role.in_hand");
    // While the role waits, nobody can invite the holder alone.
    assert_eq!(
        o.admin.post_json("/api/v1/accounts/puppet/invitation", &json!({})).await.expect(409).code(),
        "account.two_people"
    );
    o.second.post_json(&at, &json!({})).await.expect(200);
    // For seven days, the account is no second person for the administrator who made it.
    let mut puppet = o.app.nobody();
    let body = json!({ "login": "puppet", "password": NEW });
    let token = o.app.nobody().post_json("/api/v1/sessions", &body).await.expect(201).json()["token"].clone();
    puppet.token = Some((SessionKind::Bearer, token.as_str().unwrap().to_owned()));
    let made = o.propose(&o.admin, "approver", "invitation").await.expect(201).json();
    let answer = o.decide(&puppet, "approver", &made["number"], "confirmation").await.expect(403);
    assert_eq!(answer.code(), "access.in_hand");
    // The proposal of an administrator who was suspended meanwhile can no longer be confirmed.
    o.second.post_form("/desk/accounts/sysadmin/suspension", &[]).await.expect(303);
    let gone = o.decide(&o.security, "approver", &made["number"], "confirmation").await.expect(409);
    assert_eq!(gone.code(), "access.proposer_gone");
    // The same holds for an account that was invited anew before the role was proposed.
    o.second.post_json("/api/v1/accounts/organiser/invitation", &json!({})).await.expect(201);
    let at = put("organiser", "approver").await;
    assert_eq!(o.second.post_json(&at, &json!({})).await.expect(403).code(), "role.in_hand");
}

#[tokio::test]
async fn the_pages_propose_confirm_and_show_each_half_once() {
    let o = Offices::new().await;
    let page = o.admin.post_form("/desk/accounts/approver/access", &[("kind", "invitation")]).await.expect(200).text();
    assert!(page.contains("/invitations/") && page.contains("另一位管理员确认以前打不开"));
    let page = o.security.get("/desk/accounts/approver").await.expect(200).text();
    let at = page.split("action=\"").find_map(|part| part.split_once('"').map(|(at, _)| at));
    assert!(at.is_some() && !page.contains("/invitations/"));
    let number = page.split("/desk/accounts/approver/access/").nth(1).unwrap().split('/').next().unwrap();
    let at = format!("/desk/accounts/approver/access/{number}");
    let page = o.security.post_form(&format!("{at}/confirmation"), &[]).await.expect(200).text();
    assert!(page.contains("邀请验证码") && !page.contains("/invitations/"));
    o.admin.post_form("/desk/accounts/approver/access", &[("kind", "nonsense")]).await.expect(404);
    // Without a provider, no account can be linked.
    o.admin.post_form("/desk/accounts/approver/access", &[("kind", "sign_on"), ("subject", "u-1")]).await.expect(404);
}
