//! Staff sign in at their ministry's provider (single sign-on).

use entity::stored::Role;
use entity::{audit_entry, audit_opening};
use poem::Request;
use poem::http::header;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use shudu::accounts::commands::{RolesChange, put_roles};
use shudu::accounts::queries;
use shudu::base::ctx::Ctx;
use shudu::base::main_store::Changes;
use shudu::config::Config;
use shudu::sign_in::second_factor::SecondFactor;

use super::browser::{Browser, parameter, staff};
use super::hostile::{LIES, Provider, SECRET, Trick};
use testing::actors::PASSWORD;
use testing::{Answer, Person, TestApp};

/// Claims of a person with a second factor and these groups.
fn member(subject: &str, groups: &[&str]) -> Value {
    json!({ "sub": subject, "groups": groups, "amr": ["pwd", "otp"] })
}

/// A site with single sign-on, an administrator, and a person with a province.
async fn office(more: &str) -> (TestApp, Provider, Person) {
    let provider = Provider::start(member("u-1", &["shudu/coordinator/320000"])).await;
    let app = TestApp::without_demo_with(staff(&provider.url, SECRET, more)).await;
    let admin = app.staff_as("admin", Role::Sysadmin, "").await;
    app.staff_as("wang", Role::ProvinceCoordinator, "330000").await;
    (app, provider, admin)
}

/// Leaves for the provider. Returns the path by which the provider sends the browser back.
async fn leave(browser: &Browser, provider: &Provider, path: &str) -> String {
    let address = browser.get(path).await.expect(303).location().parse().unwrap();
    provider.was_asked(&address);
    format!("/sign-in/return?code=c&state={}", parameter(&address, "state"))
}

async fn arrive(app: &TestApp, provider: &Provider) -> (Browser, Answer) {
    let browser = Browser::of(app);
    let back = leave(&browser, provider, "/sign-in/provider").await;
    let answer = browser.arrive(&back).await;
    (browser, answer)
}

async fn link(admin: &Person, login: &str, subject: &str) {
    admin.post_form(&format!("/desk/accounts/{login}/sign-on"), &[("subject", subject)]).await.expect(303);
}

/// Address of an invitation, as shown to the administrator.
async fn invitation(admin: &Person, login: &str) -> String {
    let page = admin.post_form(&format!("/desk/accounts/{login}/sign-on/invitation"), &[]).await.expect(200).text();
    let code = page.split("/sign-in/provider?invitation=").nth(1).unwrap().split('<').next().unwrap().to_owned();
    format!("/sign-in/provider?invitation={code}")
}

async fn roles(app: &TestApp, login: &str) -> Vec<String> {
    let (_, staff) = queries::account(app.app.stores.main.db(), login).await.unwrap();
    let mut roles: Vec<String> = staff.grants.iter().map(|g| format!("{} {}", g.role, g.scope)).collect();
    roles.sort();
    roles
}

async fn acts(app: &TestApp, login: &str) -> Vec<String> {
    // A login is personal: entries only commit to it, and the openings are in a table of their own.
    let db = app.app.stores.main.db();
    let about = audit_opening::Entity::find().filter(audit_opening::COLUMN.value.eq(login)).all(db).await.unwrap();
    let numbers = about.into_iter().map(|opening| opening.entry);
    let found = audit_entry::Entity::find().filter(audit_entry::COLUMN.number.is_in(numbers)).all(db).await.unwrap();
    found.into_iter().map(|entry| entry.act).collect()
}

#[tokio::test]
async fn a_linked_account_signs_in_with_the_roles_that_the_provider_gives() {
    let (app, provider, admin) = office("").await;
    link(&admin, "wang", "u-1").await;
    let browser = Browser::of(&app);
    let page = browser.get("/sign-in?next=/desk/assignments").await.expect(200).text();
    assert!(page.contains("用网证登录") && page.contains("/sign-in/provider?next=%2Fdesk%2Fassignments"), "{page}");
    let back = leave(&browser, &provider, "/sign-in/provider?next=/desk/assignments").await;
    assert_eq!(browser.arrive(&back).await.expect(303).location(), "/desk/assignments");
    browser.get("/desk/assignments").await.expect(200);
    assert_eq!(roles(&app, "wang").await, ["province_coordinator 320000", "province_coordinator 330000"]);
    let acts = acts(&app, "wang").await;
    for act in ["identity.link_sign_on", "identity.sign_on_roles", "identity.sign_in"] {
        assert!(acts.iter().any(|found| found == act), "{act}: {acts:?}");
    }
    let cookies: Vec<String> = browser.cookies().into_keys().collect();
    assert_eq!(
        cookies,
        ["__Host-shudu", "__Host-shudu-device"],
        "the session, what the browser is known by, nothing else"
    );
}

#[tokio::test]
async fn a_role_that_the_provider_gives_no_more_is_withdrawn_and_one_granted_by_hand_stays() {
    let (app, provider, admin) = office("").await;
    link(&admin, "wang", "u-1").await;
    let (before, _) = arrive(&app, &provider).await;
    before.get("/desk").await.expect(200);
    provider.vouch(member("u-1", &["canteen"]));
    let (after, _) = arrive(&app, &provider).await;
    assert_eq!(roles(&app, "wang").await, ["province_coordinator 330000"]);
    after.get("/desk").await.expect(200);
    assert_eq!(before.get("/desk").await.expect(303).location(), "/sign-in?next=/desk", "the old session ended");
}

#[tokio::test]
async fn a_role_that_stood_by_hand_is_not_the_providers_to_withdraw() {
    let (app, provider, admin) = office("").await;
    link(&admin, "wang", "u-1").await;
    provider.vouch(member("u-1", &["shudu/coordinator/330000"]));
    arrive(&app, &provider).await.1.expect(303);
    provider.vouch(member("u-1", &[]));
    arrive(&app, &provider).await.1.expect(303);
    assert_eq!(roles(&app, "wang").await, ["province_coordinator 330000"]);
}

#[tokio::test]
async fn whose_last_role_went_away_is_signed_in_nowhere() {
    let (app, provider, admin) = office("").await;
    app.staff_as("zhao", Role::Organiser, "").await;
    link(&admin, "zhao", "u-2").await;
    provider.vouch(member("u-2", &["shudu/coordinator/320000"]));
    arrive(&app, &provider).await.1.expect(303);
    let (row, held) = queries::account(app.app.stores.main.db(), "zhao").await.unwrap();
    let change = RolesChange {
        grants: held.grants.iter().filter(|g| g.role != Role::Organiser).cloned().collect(),
        home_province: String::new(),
        version: queries::version(&row, &held.grants),
    };
    let system = Ctx::system("test", &app.clock);
    app.app.stores.main.write(Changes::Public, async |tx| put_roles(tx, &system, "zhao", change).await).await.unwrap();
    let (before, _) = arrive(&app, &provider).await;
    before.get("/desk").await.expect(200);
    provider.vouch(member("u-2", &[]));
    let (after, refused) = arrive(&app, &provider).await;
    assert!(refused.expect(403).text().contains("没有给出角色"));
    assert!(roles(&app, "zhao").await.is_empty());
    for browser in [before, after] {
        assert_eq!(browser.get("/desk").await.expect(303).location(), "/sign-in?next=/desk");
    }
}

#[tokio::test]
async fn roles_that_do_not_go_together_are_refused_as_they_are_by_hand() {
    let (app, provider, admin) = office("").await;
    link(&admin, "wang", "u-1").await;
    for groups in [&["shudu/leader/T4", "shudu/coordinator/320000"][..], &["shudu/coordinator/999999"]] {
        provider.vouch(member("u-1", groups));
        let (browser, refused) = arrive(&app, &provider).await;
        assert!(refused.expect(403).text().contains("不能由一个人兼任"), "{groups:?}");
        browser.get("/desk").await.expect(303);
        assert_eq!(roles(&app, "wang").await, ["province_coordinator 330000"], "{groups:?}");
    }
}

#[tokio::test]
async fn nobody_is_let_in_by_a_name_or_a_mail_address() {
    let (app, provider, _) = office("").await;
    provider.vouch(json!({
        "sub": "u-9", "amr": ["otp"], "groups": ["shudu/organiser"], "email": "admin@example.cn", "email_verified": true,
        "preferred_username": "admin", "name": "name of admin", "login": "admin",
    }));
    let (browser, refused) = arrive(&app, &provider).await;
    assert!(refused.expect(403).text().contains("u-9"), "the own identifier is told");
    browser.get("/desk").await.expect(303);
}

#[tokio::test]
async fn an_invitation_links_its_account_once() {
    let (app, provider, admin) = office("").await;
    let stale = invitation(&admin, "wang").await;
    let good = invitation(&admin, "wang").await;
    for (path, status) in [(&stale, 409), (&good, 303), (&good, 409)] {
        let browser = Browser::of(&app);
        let back = leave(&browser, &provider, path).await;
        browser.arrive(&back).await.expect(status);
    }
    arrive(&app, &provider).await.1.expect(303);
    provider.vouch(member("u-2", &[]));
    let browser = Browser::of(&app);
    let back = leave(&browser, &provider, &good).await;
    assert!(browser.arrive(&back).await.expect(409).text().contains("邀请"));
}

#[tokio::test]
async fn an_invitation_ends_after_three_days() {
    let (app, provider, admin) = office("").await;
    let path = invitation(&admin, "wang").await;
    app.clock.wait(chrono::TimeDelta::hours(72));
    let browser = Browser::of(&app);
    let back = leave(&browser, &provider, &path).await;
    browser.arrive(&back).await.expect(409);
}

#[tokio::test]
async fn signing_in_at_a_provider_is_as_fresh_a_proof_as_it_says() {
    let (app, provider, admin) = office("").await;
    link(&admin, "wang", "u-1").await;
    let vouch = |minutes: Option<i64>| {
        let mut claims = member("u-1", &[]);
        if let Some(minutes) = minutes {
            claims["auth_time"] = json!(app.clock.system().timestamp() - 60 * minutes);
        }
        provider.vouch(claims);
    };
    for (minutes, is_fresh) in [(Some(1), true), (Some(11), false), (None, false)] {
        vouch(minutes);
        let (browser, answer) = arrive(&app, &provider).await;
        answer.expect(303);
        browser.get("/desk").await.expect(200);
        let page = browser.get("/desk/password").await;
        assert_eq!(page.status.as_u16(), if is_fresh { 200 } else { 403 }, "{minutes:?}");
    }
    // The page leads to the provider, which is asked for a fresh sign-in and has to confirm it in `auth_time`.
    vouch(Some(11));
    let (browser, answer) = arrive(&app, &provider).await;
    answer.expect(303);
    let page = browser.get("/desk/password").await.expect(403).text();
    assert!(page.contains("/sign-in/provider?anew=true") && page.contains("用网证重新登录"), "{page}");
    for (minutes, status) in [(None, 403), (Some(20), 403), (Some(0), 303)] {
        let address: url::Url =
            browser.get("/sign-in/provider?anew=true&next=/desk").await.expect(303).location().parse().unwrap();
        provider.was_asked(&address);
        assert_eq!([parameter(&address, "prompt"), parameter(&address, "max_age")], ["login", "0"]);
        vouch(minutes);
        let back = format!("/sign-in/return?code=c&state={}", parameter(&address, "state"));
        browser.arrive(&back).await.expect(status);
    }
    browser.get("/desk/password").await.expect(200);
}

#[tokio::test]
async fn one_factor_is_not_enough() {
    let (app, provider, admin) = office("").await;
    link(&admin, "wang", "u-1").await;
    for amr in [json!(["pwd"]), json!([]), Value::Null] {
        provider.vouch(json!({ "sub": "u-1", "groups": [], "amr": amr }));
        let (browser, refused) = arrive(&app, &provider).await;
        assert!(refused.expect(403).text().contains("核验方式"), "{amr}");
        browser.get("/desk").await.expect(303);
    }
}

#[tokio::test]
async fn where_a_second_factor_is_demanded_the_one_shown_at_the_provider_is_enough() {
    let provider = Provider::start(member("u-1", &["shudu/coordinator/320000"])).await;
    let demanding = |vouches: bool| {
        let change = staff(&provider.url, SECRET, "");
        move |config: &mut Config| {
            change(config);
            config.second_factor = Some(SecondFactor::Required);
            if let Some(settings) = config.single_sign_on.as_mut().filter(|_| !vouches) {
                settings.provider.amr.clear();
            }
        }
    };
    for (vouches, leads_to) in [(true, "/desk"), (false, "/sign-in/enrolment?next=")] {
        let app = TestApp::without_demo_with(demanding(vouches)).await;
        let admin = app.staff_as("admin", Role::Sysadmin, "").await;
        app.staff_as("wang", Role::ProvinceCoordinator, "330000").await;
        link(&admin, "wang", "u-1").await;
        let (browser, answer) = arrive(&app, &provider).await;
        let location = answer.expect(303).location();
        assert!(location.starts_with(leads_to), "{location}");
        assert_eq!(browser.get("/desk/account/devices").await.status.as_u16() == 200, vouches);
        assert_eq!(acts(&app, "wang").await.contains(&"identity.sign_in".to_owned()), vouches);
    }
}

#[tokio::test]
async fn no_lie_of_a_provider_signs_anybody_in() {
    let (app, provider, admin) = office("").await;
    link(&admin, "wang", "u-1").await;
    for lie in LIES {
        provider.play(lie);
        let (browser, refused) = arrive(&app, &provider).await;
        assert_eq!(refused.status.as_u16(), if lie == Trick::Endless { 409 } else { 403 }, "{lie:?}");
        assert!(refused.text().contains("没有登录成功"), "{lie:?}");
        browser.get("/desk").await.expect(303);
    }
    provider.play(Trick::Honest);
    arrive(&app, &provider).await.1.expect(303);
}

#[tokio::test]
async fn a_provider_that_publishes_another_issuer_signs_nobody_in() {
    let (app, provider, admin) = office("").await;
    link(&admin, "wang", "u-1").await;
    provider.play(Trick::OtherPublisher);
    let browser = Browser::of(&app);
    let refused = browser.get("/sign-in/provider").await.expect(403);
    assert!(refused.text().contains("没有登录成功"), "{}", refused.text());
    assert!(browser.cookies().is_empty());
    assert_eq!(provider.redeemed(), 0);
    provider.play(Trick::Honest);
    arrive(&app, &provider).await.1.expect(303);
}

/// A provider that still knows the browser asks for nothing, so the click has to be on a page of this site.
#[tokio::test]
async fn a_page_of_another_site_begins_no_session_and_loses_no_invitation() {
    let (app, provider, admin) = office("").await;
    let path = invitation(&admin, "wang").await;
    for site in ["cross-site", "same-site"] {
        let request = Request::builder()
            .uri(format!("{path}&next=/desk/password").parse().unwrap())
            .header(header::HOST, "shudu.test")
            .header("sec-fetch-site", site);
        let answer = app.nobody().request(request.finish()).await.expect(303);
        assert!(answer.location().starts_with("/sign-in?"), "{site}: {}", answer.location());
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
        let page = app.nobody().get(&answer.location()).await.expect(200).text();
        let invited = path.split('=').nth(1).unwrap();
        assert!(page.contains(&format!("invitation={invited}")) && page.contains("next=%2Fdesk%2Fpassword"), "{page}");
    }
    let browser = Browser::of(&app);
    let back = leave(&browser, &provider, &path).await;
    assert_eq!(browser.arrive(&back).await.expect(303).location(), "/desk");
}

#[tokio::test]
async fn what_the_provider_does_not_prove_is_on_record() {
    let (app, provider, _) = office("").await;
    let refusals = async || {
        let found = audit_entry::Entity::find().filter(audit_entry::COLUMN.act.eq("identity.refuse_sign_in"));
        found.all(app.app.stores.main.db()).await.unwrap().len()
    };
    // Two refusals: a person without a linked account, and an answer with an unknown state.
    let (browser, answer) = arrive(&app, &provider).await;
    answer.expect(403);
    assert_eq!(refusals().await, 1);
    leave(&browser, &provider, "/sign-in/provider").await;
    browser.arrive("/sign-in/return?code=c&state=another").await;
    assert_eq!(refusals().await, 2);
}

#[tokio::test]
async fn an_answer_to_another_browser_or_for_the_second_time_signs_nobody_in() {
    let (app, provider, admin) = office("").await;
    link(&admin, "wang", "u-1").await;
    let (browser, stranger) = (Browser::of(&app), Browser::of(&app));
    let back = leave(&browser, &provider, "/sign-in/provider").await;
    stranger.arrive(&back).await.expect(403);
    leave(&stranger, &provider, "/sign-in/provider").await;
    stranger.arrive(&back).await.expect(403);
    assert_eq!(provider.redeemed(), 0);
    let back = leave(&browser, &provider, "/sign-in/provider").await;
    let before = browser.cookies();
    browser.arrive(&back).await.expect(303);
    browser.remember(before);
    browser.arrive(&back).await.expect(403);
    assert_eq!(provider.redeemed(), 1);
}

#[tokio::test]
async fn a_suspended_account_stays_out_and_is_told_no_more_than_a_stranger() {
    let (app, provider, admin) = office("").await;
    link(&admin, "wang", "u-1").await;
    let stranger = {
        provider.vouch(member("u-x", &[]));
        arrive(&app, &provider).await.1.expect(403)
    };
    admin.post_form("/desk/accounts/wang/suspension", &[]).await.expect(303);
    provider.vouch(member("u-1", &["shudu/organiser"]));
    let suspended = arrive(&app, &provider).await.1.expect(403);
    assert_eq!(stranger.text().replace("u-x", ""), suspended.text().replace("u-1", ""));
}

#[tokio::test]
async fn a_link_that_is_removed_takes_its_roles_and_sessions_with_it() {
    let (app, provider, admin) = office("").await;
    link(&admin, "wang", "u-1").await;
    let (browser, _) = arrive(&app, &provider).await;
    admin.post_form("/desk/accounts/wang/sign-on/removal", &[]).await.expect(303);
    assert_eq!(roles(&app, "wang").await, ["province_coordinator 330000"]);
    browser.get("/desk").await.expect(303);
    arrive(&app, &provider).await.1.expect(403);
}

#[tokio::test]
async fn only_another_administrator_makes_links() {
    let (app, provider, admin) = office("").await;
    let organiser = app.staff_as("lihua", Role::Organiser, "").await;
    for path in ["sign-on", "sign-on/invitation", "sign-on/removal"] {
        organiser.post_form(&format!("/desk/accounts/wang/{path}"), &[("subject", "u-1")]).await.expect(404);
        admin.post_form(&format!("/desk/accounts/admin/{path}"), &[("subject", "u-1")]).await.expect(409);
        admin.post_form(&format!("/desk/accounts/nobody/{path}"), &[("subject", "u-1")]).await.expect(404);
    }
    link(&admin, "wang", "u-1").await;
    admin.post_form("/desk/accounts/lihua/sign-on", &[("subject", "u-1")]).await.expect(422);
    admin.post_form("/desk/accounts/wang/sign-on", &[("subject", "u-2")]).await.expect(422);
    admin.post_form("/desk/accounts/wang/sign-on/invitation", &[]).await.expect(422);
    arrive(&app, &provider).await.1.expect(303);
}

#[tokio::test]
async fn passwords_can_be_kept_for_a_few() {
    let (app, _provider, admin) = office("local_sign_in = ['admin']").await;
    let sign_in = async |login: &str| {
        let form = [("login", login), ("password", PASSWORD)];
        app.nobody().post_form("/sign-in", &form).await
    };
    sign_in("admin").await.expect(303);
    let (known, unknown) = (sign_in("wang").await.expect(422), sign_in("ghost").await.expect(422));
    assert_eq!(known.text().replace("wang", ""), unknown.text().replace("ghost", ""));
    assert!(known.text().contains("不能用密码登录"));
    let body = json!({ "login": "wang", "password": PASSWORD });
    let refused = app.nobody().post_json("/api/v1/sessions", &body).await.expect(422);
    assert_eq!(refused.code(), "account.sign_on_only");
    // An invitation to choose a password does not open the account either.
    let invited = admin.post_json("/api/v1/accounts/wang/invitation", &json!({})).await.expect(201).json();
    let token = invited["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let body = json!({ "token": token, "new": "snow on the old bridge" });
    let refused = app.nobody().post_json("/api/v1/invitations/acceptance", &body).await.expect(422);
    assert_eq!(refused.code(), "account.sign_on_only");
    let fields = [("new", "snow on the old bridge"), ("again", "snow on the old bridge")];
    let page = app.nobody().post_form(&format!("/invitations/{token}"), &fields).await.expect(422).text();
    assert!(page.contains("不能用密码登录"));
}

#[tokio::test]
async fn whoever_signs_out_is_shown_the_way_out_of_the_provider_too() {
    let (app, provider, admin) = office("").await;
    link(&admin, "wang", "u-1").await;
    let (browser, _) = arrive(&app, &provider).await;
    let page = browser.post("/sign-out", &[]).await.expect(303).location();
    let page = browser.get(&page).await.expect(200).text();
    assert!(page.contains("href=\"/sign-in/provider/end\""), "{page}");
    let end = browser.get("/sign-in/provider/end").await.expect(303).location();
    assert!(end.starts_with(&format!("{}/end?client_id=shudu&post_logout_redirect_uri=", provider.url)), "{end}");
}

#[tokio::test]
async fn a_site_without_a_provider_has_none_of_its_pages() {
    let app = TestApp::new().await;
    for path in ["/sign-in/provider", "/sign-in/return?code=c&state=s", "/sign-in/provider/end"] {
        app.nobody().get(path).await.expect(404);
    }
    assert!(!app.nobody().get("/sign-in").await.text().contains("/sign-in/provider"));
}
