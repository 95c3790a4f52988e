//! Separation of duties: one office makes accounts, one grants roles, one confirms weighty roles. Nobody judges the own work.

use entity::stored::{AssignmentState, Role};
use poem::http::Method;
use serde_json::{Value, json};
use shudu::base::main_store::Changes;

use testing::desk::ROW;
use testing::{Desk, Person, TestApp};

async fn put(person: &Person, login: &str, roles: Value) -> testing::Answer {
    let account = person.get(&format!("/api/v1/accounts/{login}")).await.expect(200).json();
    let body = json!({ "roles": roles, "home_province": "", "version": account["version"] });
    person.send_json(Method::PUT, &format!("/api/v1/accounts/{login}/roles"), &body).await
}

fn role(role: &str, scope: &str) -> Value {
    json!({ "role": role, "scope": scope })
}

#[tokio::test]
async fn an_account_begins_without_roles_and_the_security_administrator_grants_them() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let security = app.staff(Role::SecurityAdmin, "").await;
    let body = json!({ "login": "wang", "name": "王", "office": "处" });
    let made = admin.post_json("/api/v1/accounts", &body).await.expect(201).json();
    assert_eq!(made["account"]["roles"], json!([]));
    security.post_json("/api/v1/accounts", &body).await.expect(404);
    assert_eq!(put(&admin, "wang", json!([role("handler", "320000")])).await.status, 404);
    let granted = put(&security, "wang", json!([role("handler", "320000")])).await.expect(200).json();
    assert_eq!(granted["roles"], json!([role("handler", "320000")]));
    assert_eq!(put(&security, "wang", json!([])).await.expect(200).json()["roles"], json!([]));
}

#[tokio::test]
async fn a_weighty_role_waits_for_a_system_administrator() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let security = app.staff(Role::SecurityAdmin, "").await;
    let auditor = app.staff(Role::Auditor, "").await;
    let person = app.staff_with("zhao", &[]).await;
    for weighty in ["approver", "auditor", "sysadmin", "security_admin"] {
        let waiting = put(&security, "zhao", json!([role(weighty, "")])).await.expect(200).json();
        assert_eq!((waiting["roles"].clone(), &waiting["proposed"][0]["role"]), (json!([]), &json!(weighty)));
    }
    // A proposal that is not repeated lapses, so one is left.
    let account = admin.get("/api/v1/accounts/zhao").await.expect(200).json();
    assert_eq!(account["proposed"].as_array().unwrap().len(), 1);
    put(&security, "zhao", json!([role("approver", "")])).await.expect(200);
    let account = admin.get("/api/v1/accounts/zhao").await.expect(200).json();
    let at = format!("/api/v1/accounts/zhao/roles/{}", account["proposed"][0]["number"]);
    for other in [&security, &auditor, &person] {
        other.post_json(&format!("{at}/confirmation"), &json!({})).await.expect(404);
    }
    let page = admin.get("/desk/accounts/zhao").await.expect(200).text();
    assert!(page.contains("等待确认的角色") && page.contains("/confirmation") && !page.contains("保存角色"));
    admin.post_json(&format!("{at}/confirmation"), &json!({})).await.expect(200);
    assert_eq!(app.sign_in_again(&person).await.get("/desk/campaigns").await.status, 200);
    admin.post_json(&format!("{at}/confirmation"), &json!({})).await.expect(404);
    // After the decision, a second confirmation and a refusal change nothing.
    admin.post_json(&format!("{at}/refusal"), &json!({})).await.expect(404);
}

#[tokio::test]
async fn nobody_grants_to_oneself_and_nobody_confirms_the_own_proposal() {
    let app = TestApp::new().await;
    let security = app.staff(Role::SecurityAdmin, "").await;
    let other = app.staff_with("zhao", &[]).await;
    assert_eq!(put(&security, &security.login, json!([role("auditor", "")])).await.expect(409).code(), "account.own");
    put(&security, &other.login, json!([role("approver", "")])).await.expect(200);
    // The proposer counts as the same person after a move to the other office.
    let changed = app.change_role(&security, Role::Sysadmin, "").await;
    let account = changed.get("/api/v1/accounts/zhao").await.expect(200).json();
    let at = format!("/api/v1/accounts/zhao/roles/{}/confirmation", account["proposed"][0]["number"]);
    assert_eq!(changed.post_json(&at, &json!({})).await.expect(403).code(), "role.proposer");
}

#[tokio::test]
async fn no_account_holds_two_offices_or_an_office_and_business() {
    let app = TestApp::new().await;
    let security = app.staff(Role::SecurityAdmin, "").await;
    app.staff_with("zhao", &[]).await;
    let offices = ["sysadmin", "security_admin", "auditor"];
    for office in offices {
        for other in ["sysadmin", "security_admin", "auditor", "organiser", "approver"].iter().filter(|o| **o != office)
        {
            let answer = put(&security, "zhao", json!([role(office, ""), role(other, "")])).await.expect(422);
            assert_eq!(answer.code(), "account.offices_apart", "{office} {other}");
        }
    }
}

#[tokio::test]
async fn a_leader_does_not_check_the_province_that_he_comes_from() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Resolved).await;
    let security = desk.app.staff(Role::SecurityAdmin, "").await;
    let account = security.get("/api/v1/accounts/team_leader-t3").await.expect(200).json();
    let body = json!({
        "roles": account["roles"], "home_province": "320000", "version": account["version"],
    });
    security.send_json(Method::PUT, "/api/v1/accounts/team_leader-t3/roles", &body).await.expect(200);
    let leader = desk.app.sign_in_again(&desk.leader).await;
    for noun in ["verification", "rejection"] {
        let answer = desk.post(&leader, ROW, noun, Desk::body(noun)).await.expect(403);
        assert_eq!(answer.code(), "assignment.own_province");
    }
    assert!(!leader.get("/desk").await.expect(200).text().contains("待核验"));
    // Another leader of the team may verify.
    let other = desk.app.staff_as("leader-2", Role::TeamLeader, "T3").await;
    desk.post(&other, ROW, "verification", Desk::body("verification")).await.expect(200);
}

#[tokio::test]
async fn who_worked_on_a_row_for_the_province_does_not_check_or_exempt_it_in_another_role() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Resolved).await;
    let handler = desk.app.change_role(&desk.handler, Role::TeamLeader, "T3").await;
    let answer = desk.post(&handler, ROW, "verification", Desk::body("verification")).await.expect(403);
    assert_eq!(answer.code(), "assignment.own_work");
    desk.make_move_on(&desk.coordinator, "T1-2/320000", "exemption-request").await;
    let asker = desk.app.change_role(&desk.coordinator, Role::Organiser, "").await;
    for noun in ["exemption", "exemption-refusal"] {
        let answer = desk.post(&asker, "T1-2/320000", noun, Desk::body(noun)).await.expect(403);
        assert_eq!(answer.code(), "assignment.own_work");
    }
    desk.post(&desk.organiser, "T1-2/320000", "exemption", Desk::body("exemption")).await.expect(200);
}

#[tokio::test]
async fn the_reporter_stays_the_reporter_after_a_change_of_role() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Reported).await;
    let promoted = desk.app.change_role(&desk.handler, Role::ProvinceCoordinator, "320000").await;
    let answer = desk.post(&promoted, ROW, "signature", json!({})).await.expect(403);
    assert_eq!(answer.code(), "assignment.own_report");
    desk.post(&desk.coordinator, ROW, "signature", json!({})).await.expect(200);
}

#[tokio::test]
async fn another_organiser_who_changed_the_draft_does_not_publish_it() {
    let app = TestApp::new().await;
    let people = testing::given::organisation(&app).await;
    let second = app.staff_as("organiser-2", Role::Organiser, "").await;
    let draft = testing::given::draft("t1");
    let (first, other) = (app.ctx(&people.organiser), app.ctx(&second));
    use shudu::campaign::commands as campaigns;
    app.app
        .stores
        .main
        .write(Changes::Campaigns, async |tx| {
            let made = campaigns::create(tx, &first, &draft).await?;
            campaigns::put_options(tx, &other, "t1", made.revision, &testing::given::options("t1")).await?;
            campaigns::advance(tx, &first, "t1", entity::stored::CampaignMove::Submission, "").await
        })
        .await
        .unwrap();
    let changed = app.change_role(&second, Role::Approver, "").await;
    let answer = changed.post_json("/api/v1/campaigns/t1/publication", &json!({})).await.expect(403);
    assert_eq!(answer.code(), "campaign.own");
    people.approver.post_json("/api/v1/campaigns/t1/publication", &json!({})).await.expect(200);
}
