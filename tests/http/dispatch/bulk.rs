//! Bulk acknowledgement: the dry run, the result, and the assignments that were left alone, each with its reason.

use serde_json::json;

use testing::Desk;
use testing::desk::ROW;

const API: &str = "/api/v1/assignments/acknowledgements";
const PAGE: &str = "/desk/assignments/acknowledgements";

#[tokio::test]
async fn a_dry_run_tells_row_by_row_and_writes_nothing() {
    let desk = Desk::new().await;
    let body = json!({
        "province": "320000", "dry_run": true,
        "rows": [{ "issue": "T1-1", "department": "公安厅" }, { "issue": "T1-2", "department": "" }],
    });
    let answer = desk.coordinator.post_json(API, &body).await.expect(200).json();
    assert_eq!((&answer["dry_run"], &answer["done"], &answer["failed"]), (&json!(true), &json!(1), &json!(1)));
    assert_eq!(answer["rows"][0], json!({ "issue": "T1-1", "ok": true, "code": null, "title": null }));
    assert_eq!(answer["rows"][1]["code"], "form.empty");
    assert_eq!((desk.moves(ROW).await, desk.moves("T1-2/320000").await), (1, 1));
}

#[tokio::test]
async fn every_row_that_can_be_taken_is_and_the_others_are_named() {
    let desk = Desk::new().await;
    let rows = json!([
        { "issue": "T1-2", "department": "民政厅" },
        { "issue": "T1-1", "department": "公安厅", "seen": 7 },
        { "issue": "T1-2", "department": "民政厅" },
        { "issue": "T1-9", "department": "民政厅" },
    ]);
    let body = json!({ "province": "320000", "rows": rows });
    let answer = desk.coordinator.post_json(API, &body).await.expect(200).json();
    assert_eq!((&answer["done"], &answer["failed"]), (&json!(1), &json!(2)));
    let codes: Vec<_> = answer["rows"].as_array().unwrap().iter().map(|r| r["code"].clone()).collect();
    assert_eq!(codes, [json!(null), json!("assignment.stale"), json!("not_found")]);
    assert_eq!((desk.moves(ROW).await, desk.moves("T1-2/320000").await), (1, 2));
    // The same call again has nothing to do, and says so.
    let again = desk.coordinator.post_json(API, &body).await.expect(200).json();
    assert_eq!(again["done"], 0);
    assert_eq!(again["rows"][0]["code"], "assignment.wrong_state");
}

#[tokio::test]
async fn only_a_coordinator_takes_rows_and_only_the_own_ones() {
    let desk = Desk::new().await;
    let body = json!({ "province": "320000", "rows": [{ "issue": "T1-1", "department": "公安厅" }] });
    for person in [&desk.handler, &desk.organiser, &desk.leader, &desk.auditor, &desk.sysadmin] {
        person.post_json(API, &body).await.expect(404);
        person.post_form(PAGE, &[("row", ROW)]).await.expect(404);
    }
    desk.app.nobody().post_json(API, &body).await.expect(401);
    let answer = desk.other_coordinator.post_json(API, &body).await.expect(200).json();
    assert_eq!(answer["rows"][0]["code"], "not_found");
    let many: Vec<_> = (0..201).map(|n| json!({ "issue": format!("T1-{n}"), "department": "厅" })).collect();
    let many = json!({ "province": "320000", "rows": many });
    let answer = desk.coordinator.post_json(API, &many).await.expect(422);
    assert_eq!(answer.code(), "assignment.many_rows");
    assert_eq!(desk.moves(ROW).await, 1);
}

#[tokio::test]
async fn ticked_rows_are_shown_with_their_departments_before_they_are_taken() {
    let desk = Desk::new().await;
    let list = desk.coordinator.get("/desk/assignments").await.expect(200).text();
    assert!(list.contains("name=\"row\" value=\"T1-1/320000\""));
    let ticks = [("act", "check"), ("row", "T1-1/320000"), ("row", "T1-2/320000")];
    let page = desk.coordinator.post_form(PAGE, &ticks).await.expect(200).text();
    assert!(page.contains("签收2项任务"));
    assert_eq!(page.matches("value=\"江苏省公安厅\"").count(), 2, "suggested from the lead department");
    assert_eq!(desk.moves(ROW).await, 1);
    let same = [
        ("act", "same"),
        ("everywhere", "江苏省政务办"),
        ("row", "T1-1/320000"),
        ("department", ""),
        ("row", "T1-2/320000"),
        ("department", "江苏省公安厅"),
    ];
    let page = desk.coordinator.post_form(PAGE, &same).await.expect(200).text();
    assert_eq!(page.matches("name=\"department\" type=\"text\" value=\"江苏省政务办\"").count(), 2);
    let apply = [
        ("act", "apply"),
        ("row", "T1-1/320000"),
        ("department", "江苏省政务办"),
        ("seen", "1"),
        ("row", "T1-2/320000"),
        ("department", "江苏省公安厅"),
        ("seen", "1"),
    ];
    let sent = desk.coordinator.post_form(PAGE, &apply).await.expect(303);
    let list = desk.coordinator.get(&sent.location()).await.expect(200).text();
    assert!(list.contains("已签收2项。"));
    assert!(list.contains("江苏省政务办"));
    assert!(!list.contains("name=\"row\""), "nothing is left to tick");
}

#[tokio::test]
async fn rows_that_were_not_taken_stay_on_the_page_with_their_reason() {
    let desk = Desk::new().await;
    let apply = [
        ("act", "apply"),
        ("row", "T1-1/320000"),
        ("department", "江苏省公安厅"),
        ("row", "T1-2/320000"),
        ("department", " "),
    ];
    let page = desk.coordinator.post_form(PAGE, &apply).await.expect(200).text();
    assert!(page.contains("已签收1项；1项没有成功：T1-2缺承办部门"));
    assert!(!page.contains("value=\"T1-1/320000\"") && page.contains("value=\"T1-2/320000\""));
    let none = [("act", "apply"), ("row", "T1-1/320000"), ("department", "江苏省公安厅")];
    let page = desk.coordinator.post_form(PAGE, &none).await.expect(422).text();
    assert!(page.contains("已签收0项；1项没有成功"));
    let english = desk.coordinator.clone().in_english();
    let apply = [("act", "apply"), ("row", "T1-2/320000"), ("department", "")];
    let page = english.post_form(PAGE, &apply).await.expect(422).text();
    assert!(page.contains("0 acknowledged; 1 not: T1-2 (no department)"));
    let page = desk.coordinator.post_form(PAGE, &[("act", "check")]).await.expect(422).text();
    assert!(page.contains("没有选中任何任务"));
}

#[tokio::test]
async fn the_department_that_took_such_work_before_is_put_in_first() {
    let desk = Desk::new().await;
    let body = json!({ "department": "江苏省大数据局" });
    desk.post(&desk.coordinator, ROW, "acknowledgement", body).await.expect(200);
    let form = desk.coordinator.get("/desk/assignments/T1-2/320000/acknowledgement").await;
    assert!(form.expect(200).text().contains("value=\"江苏省大数据局\""));
    let ticks = [("act", "check"), ("row", "T1-2/320000")];
    let page = desk.coordinator.post_form(PAGE, &ticks).await.expect(200).text();
    assert!(page.contains("value=\"江苏省大数据局\""));
}
