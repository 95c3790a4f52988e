//! The dispatch: a dry run, then one signature by an approver who did not write the campaign.

use entity::stored::Role;
use entity::{assignment, assignment_event};
use sea_orm::{EntityTrait, PaginatorTrait};

use testing::actors::carried_version;
use testing::given::Organisation;
use testing::{TestApp, given};

const API: &str = "/api/v1/campaigns/t1/dispatch";
const PAGE: &str = "/desk/campaigns/t1/dispatch";
const APPROVAL: &str = "/desk/campaigns/t1/dispatch/approval";

async fn certified() -> (TestApp, Organisation) {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::certified(&app, &people, "t1").await;
    (app, people)
}

async fn rows(app: &TestApp) -> (u64, u64) {
    let db = app.app.stores.main.db();
    let rows = assignment::Entity::find().count(db).await.unwrap();
    let events = assignment_event::Entity::find().count(db).await.unwrap();
    (rows, events)
}

#[tokio::test]
async fn a_dry_run_tells_rows_and_dates_and_writes_nothing() {
    let (app, people) = certified().await;
    let run = people.organiser.get(API).await.expect(200).json();
    // 30 June 2018 is a Saturday, so the deadline rolls forward.
    insta::assert_json_snapshot!(run, @r#"
        {
          "acknowledge_by": "2018-04-10",
          "campaign": "t1",
          "dispatched_at": null,
          "dispatched_on": "2018-04-09",
          "due_on": "2018-07-02",
          "exceptions": [],
          "issues": [
            "T1-1",
            "T1-2"
          ],
          "rolled_from": "2018-06-30",
          "rows": 6,
          "units": [
            "320000",
            "330000",
            "610000"
          ],
          "unloaded_years": [
            2018
          ],
          "working_days": 60
        }
        "#);
    assert_eq!(rows(&app).await, (0, 0));
}

#[tokio::test]
async fn the_page_of_the_dry_run_says_what_is_unsure_and_who_can_sign() {
    let (app, people) = certified().await;
    let page = people.organiser.get(PAGE).await.expect(200).text();
    for said in [
        "交办试算：6项任务",
        "2个堵点 × 3个省份 = 6项",
        "2018年7月2日（周一）",
        "原定2018年6月30日是休息日",
        "2018年7月2日（周一）24:00",
        "name of approver-1",
        "name of approver-2",
        "第1件办起来很麻烦的事情",
        "公安部",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(page.contains("按周一到周五计算：2018"), "the year is not loaded");
    assert!(!page.contains("method=\"post\" action=\"/desk/campaigns"));
    let approver = people.approver.get(PAGE).await.expect(200).text();
    assert!(approver.contains(&format!("href=\"{APPROVAL}\"")));
    assert!(!approver.contains("method=\"post\" action=\"/desk/campaigns"), "no way past the check");
    let auditor = app.staff(Role::Auditor, "").await;
    auditor.get(PAGE).await.expect(200);
    let english = people.approver.in_english().get(PAGE).await.expect(200);
    assert!(english.text().contains("Dry run: 6 assignments"));
}

#[tokio::test]
async fn an_approver_dispatches_once_and_asking_again_changes_nothing() {
    let (app, people) = certified().await;
    let none = serde_json::json!({});
    let first = people.approver.post_json(API, &none).await.expect(200);
    let first = first.json();
    assert_eq!(first["rows"], 6);
    assert!(!first["dispatched_at"].is_null());
    app.clock.advance(chrono::TimeDelta::days(3));
    for person in [&people.approver, &people.second_approver] {
        let again = person.post_json(API, &none).await.expect(200).json();
        assert_eq!(again, first);
    }
    assert_eq!(people.organiser.get(API).await.expect(200).json(), first);
    assert_eq!(rows(&app).await, (6, 6));
}

#[tokio::test]
async fn the_page_dispatches_and_then_shows_what_was_done() {
    let (app, people) = certified().await;
    let sent = people.approver.check_and_act(APPROVAL, &[]).await.expect(303);
    assert_eq!(sent.location(), "/desk/campaigns/t1/dispatch?done=dispatch");
    let page = people.approver.get(&sent.location()).await.expect(200);
    let page = page.text();
    assert!(page.contains("已交办6项任务"));
    assert!(page.contains("2018-04-09 12:00由name of approver-1交办"));
    assert!(!page.contains("method=\"post\" action=\"/desk/campaigns"));
    assert_eq!(people.second_approver.get(APPROVAL).await.expect(303).location(), PAGE);
    people.second_approver.post_form(APPROVAL, &[]).await.expect(303);
    assert_eq!(rows(&app).await, (6, 6));
}

#[tokio::test]
async fn a_dispatch_is_looked_at_before_it_is_signed_and_holds_for_the_dates_that_were_read() {
    let (app, people) = certified().await;
    let page = people.approver.get(APPROVAL).await.expect(200).text();
    for said in [
        "交办任务：小试",
        "6项任务（2个堵点×3个省份）马上交给3个省份，期限从2018年4月9日（周一）起算：2018年4月10日（周二）24:00前签收，2018年7月2日（周一）24:00前整改完，共60个工作日。",
        "name of approver-1于2018年4月9日12:00签字；name of approver-2于2018年4月9日12:00签字",
        "T1-1、T1-2",
        "原定2018年6月30日（周六）是休息日",
        "按周一到周五计算：2018",
        "办理后不能撤销：",
        "交办不能撤回",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(rows(&app).await, (0, 0), "looking writes nothing");
    let (name, old) = carried_version(&page);
    app.clock.advance(chrono::TimeDelta::days(1));
    for fields in [&[(name, &*old)][..], &[]] {
        let refused = people.approver.post_form(APPROVAL, fields).await.expect(409).text();
        assert!(
            refused.contains("任务数或期限变了") && refused.contains("2018年4月11日（周三）24:00前签收"),
            "{refused}"
        );
    }
    assert_eq!(rows(&app).await, (0, 0));
    people.approver.check_and_act(APPROVAL, &[]).await.expect(303);
    assert_eq!(rows(&app).await, (6, 6));
}

#[tokio::test]
async fn approvers_at_the_same_moment_dispatch_once() {
    let (app, people) = certified().await;
    let none = serde_json::json!({});
    let calls: Vec<_> = (0..10)
        .map(|n| {
            let approvers = [&people.approver, &people.second_approver];
            let (person, none) = (approvers[n % 2].clone(), none.clone());
            tokio::spawn(async move { person.post_json(API, &none).await })
        })
        .collect();
    for call in calls {
        let answer = call.await.unwrap().expect(200);
        assert_eq!(answer.json()["rows"], 6);
    }
    assert_eq!(rows(&app).await, (6, 6));
}

#[tokio::test]
async fn the_author_cannot_sign_even_as_an_approver() {
    let (app, people) = certified().await;
    let author = app.change_role(&people.organiser, Role::Approver, "").await;
    let none = serde_json::json!({});
    let refused = author.post_json(API, &none).await.expect(403);
    assert_eq!(refused.code(), "dispatch.author");
    let page = author.post_form(APPROVAL, &[]).await.expect(403).text();
    assert!(page.contains("起草人不能自己交办，由另一位批准人交办"));
    assert!(!page.contains("method=\"post\" action=\"/desk/campaigns"));
    assert_eq!(rows(&app).await, (0, 0));
}

#[tokio::test]
async fn nobody_but_an_approver_dispatches() {
    let (app, people) = certified().await;
    let none = serde_json::json!({});
    let auditor = app.staff(Role::Auditor, "").await;
    let coordinator = app.staff(Role::ProvinceCoordinator, "320000").await;
    for person in [&people.organiser, &auditor, &coordinator] {
        person.post_json(API, &none).await.expect(404);
        person.post_form(APPROVAL, &[]).await.expect(404);
    }
    coordinator.get(API).await.expect(404);
    coordinator.get(PAGE).await.expect(404);
    app.nobody().post_json(API, &none).await.expect(401);
    let sent = app.nobody().get(PAGE).await.expect(303);
    assert!(sent.location().starts_with("/sign-in"));
    assert_eq!(rows(&app).await, (0, 0));
}

#[tokio::test]
async fn what_was_not_certified_is_not_dispatched() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| ()).await;
    let none = serde_json::json!({});
    let refused = people.approver.post_json(API, &none).await.expect(409);
    assert_eq!(refused.code(), "campaign.wrong_phase");
    people.approver.get(PAGE).await.expect(409);
    let unknown = "/api/v1/campaigns/nothing/dispatch";
    people.approver.post_json(unknown, &none).await.expect(404);
    people.approver.get(unknown).await.expect(404);
}
