//! Permissions on campaigns: desks and writing calls do not exist for people without the role.

use entity::stored::Role;
use poem::http::Method;
use serde_json::json;

use super::{draft, form, rules, send, table};
use testing::{Person, TestApp, given};

const READ: [&str; 4] = ["", "/t1", "/t1/preview", "/t1/options.csv"];
const WRITE: [&str; 3] = ["/new", "/t1/rules", "/t1/options"];
const MOVES: [&str; 8] = [
    "submission",
    "sending-back",
    "publication",
    "suspension",
    "halt-request",
    "halt-confirmation",
    "resumption",
    "cancellation",
];

async fn writes_nothing(person: &Person) {
    for page in WRITE {
        person.get(&format!("/desk/campaigns{page}")).await.expect(404);
    }
    send(person, "/new", &form("t2")).await.expect(404);
    send(person, "/t1/rules", &form("t1")).await.expect(404);
    let options = [("revision", "2".to_owned()), ("options", table("t1"))];
    send(person, "/t1/options", &options).await.expect(404);
    person.post_json("/api/v1/campaigns", &rules("t2")).await.expect(404);
    let mut change = rules("t1");
    change["revision"] = json!(2);
    person.send_json(Method::PUT, "/api/v1/campaigns/t1", &change).await.expect(404);
    let list = json!({"revision": 2, "csv": table("t1")});
    person.send_json(Method::PUT, "/api/v1/campaigns/t1/options", &list).await.expect(404);
}

#[tokio::test]
async fn for_other_roles_the_desks_do_not_exist() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    draft(&organiser, "t1").await;
    for (role, scope) in [
        (Role::ProvinceCoordinator, "320000"),
        (Role::Handler, "320000"),
        (Role::TeamLeader, "T3"),
        (Role::Sysadmin, ""),
    ] {
        let other = app.staff(role, scope).await;
        for page in READ {
            other.get(&format!("/desk/campaigns{page}")).await.expect(404);
        }
        writes_nothing(&other).await;
        for act in MOVES {
            other.get(&format!("/desk/campaigns/t1/{act}")).await.expect(404);
            let fields = [("revision", "2".to_owned()), ("reason", "x".to_owned())];
            send(&other, &format!("/t1/{act}"), &fields).await.expect(404);
            let path = format!("/api/v1/campaigns/t1/{act}");
            other.post_json(&path, &json!({"reason": "x"})).await.expect(404);
        }
        other.get("/api/v1/campaigns/t1").await.expect(404);
    }
}

#[tokio::test]
async fn approvers_sign_and_do_not_write() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    draft(&people.organiser, "t1").await;
    for page in READ {
        people.approver.get(&format!("/desk/campaigns{page}")).await.expect(200);
    }
    writes_nothing(&people.approver).await;
    let fields = [("revision", "2".to_owned())];
    send(&people.approver, "/t1/submission", &fields).await.expect(404);
}

#[tokio::test]
async fn auditors_read_and_move_nothing() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let auditor = app.staff(Role::Auditor, "").await;
    draft(&people.organiser, "t1").await;
    for page in READ {
        auditor.get(&format!("/desk/campaigns{page}")).await.expect(200);
    }
    writes_nothing(&auditor).await;
    let page = auditor.get("/desk/campaigns/t1").await.expect(200).text();
    assert!(page.contains("现在没有要在这里办的事。"));
    let fields = [("revision", "2".to_owned()), ("reason", "x".to_owned())];
    send(&auditor, "/t1/submission", &fields).await.expect(404);
    send(&auditor, "/t1/cancellation", &fields).await.expect(404);
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_sign_in() {
    let app = TestApp::new().await;
    let visitor = app.nobody();
    let answer = visitor.get("/desk/campaigns/t1").await.expect(303);
    assert_eq!(answer.location(), "/sign-in?next=/desk/campaigns/t1");
    visitor.post_json("/api/v1/campaigns", &rules("t1")).await.expect(401);
    visitor.post_json("/api/v1/campaigns/t1/publication", &json!({})).await.expect(401);
}

#[tokio::test]
async fn an_unknown_campaign_is_nowhere() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    for page in ["", "/rules", "/options", "/options.csv", "/preview"] {
        let path = format!("/desk/campaigns/t9{page}");
        people.organiser.get(&path).await.expect(404);
    }
    let fields = [("revision", "1".to_owned())];
    send(&people.organiser, "/t9/submission", &fields).await.expect(404);
    send(&people.organiser, "/t9/rules", &super::with(form("t9"), "revision", "1")).await.expect(404);
    let visitor = app.nobody();
    for path in ["/campaigns/t9", "/api/v1/campaigns/t9", "/api/v1/campaigns/t9/questionnaire"] {
        visitor.get(path).await.expect(404);
    }
}
