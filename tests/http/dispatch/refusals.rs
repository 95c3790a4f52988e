//! Refusals of moves: the wrong state, the wrong role, another province, a stale form, a late return, missing text.

use entity::stored::AssignmentState;
use serde_json::{Value, json};

use testing::desk::ROW;
use testing::{Desk, Person};

/// Every move, with a person whom the table allows to make it.
fn moves(desk: &Desk) -> [(&'static str, &Person); 13] {
    [
        ("acknowledgement", &desk.coordinator),
        ("return", &desk.coordinator),
        ("ruling", &desk.organiser),
        ("plan", &desk.handler),
        ("withdrawal", &desk.handler),
        ("signature", &desk.coordinator),
        ("sending-back", &desk.coordinator),
        ("verification", &desk.leader),
        ("rejection", &desk.leader),
        ("relapse", &desk.leader),
        ("exemption-request", &desk.coordinator),
        ("exemption", &desk.organiser),
        ("exemption-refusal", &desk.organiser),
    ]
}

fn report() -> Value {
    json!({
        "before": "以前", "after": "现在", "effective_on": "2018-04-10",
        "covered": 1, "coverable": 1, "evidence": ["00"],
    })
}

#[tokio::test]
async fn a_move_from_the_wrong_state_is_refused_and_says_the_state() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Exempt).await;
    for (noun, person) in moves(&desk) {
        let answer = desk.post(person, ROW, noun, Desk::body(noun)).await.expect(409);
        let code = answer.code();
        if noun == "exemption-refusal" {
            assert_eq!(code, "exemption.not_asked");
        } else {
            assert_eq!(code, "assignment.wrong_state", "{noun}");
            assert!(answer.json()["title"].as_str().unwrap().contains("免办"));
        }
    }
    let answer = desk.post(&desk.handler, ROW, "report", report()).await;
    assert_eq!(answer.expect(409).code(), "assignment.wrong_state");
    let english = desk.coordinator.clone().in_english();
    let answer = desk.post(&english, ROW, "plan", Desk::body("plan")).await;
    assert_eq!(answer.expect(409).json()["title"], "It is now “Exempt”; this cannot be done");
}

#[tokio::test]
async fn a_move_by_another_hand_is_refused_and_says_whose_it_is() {
    let desk = Desk::new().await;
    let cases = [
        ("acknowledgement", &desk.handler, "省级统筹"),
        ("return", &desk.leader, "省级统筹"),
        ("acknowledgement", &desk.auditor, "省级统筹"),
        ("exemption-request", &desk.handler, "省级统筹"),
        ("exemption-refusal", &desk.coordinator, "主办方"),
    ];
    for (noun, person, hand) in cases {
        let answer = desk.post(person, ROW, noun, Desk::body(noun)).await.expect(403);
        assert_eq!(answer.code(), "assignment.not_yours", "{noun}");
        assert!(answer.json()["title"].as_str().unwrap().contains(hand), "{noun}");
    }
    desk.advance_to(AssignmentState::Reported).await;
    let cases = [
        ("withdrawal", &desk.coordinator, "上报人本人"),
        ("signature", &desk.handler, "省级统筹"),
        ("sending-back", &desk.organiser, "省级统筹"),
    ];
    for (noun, person, hand) in cases {
        let answer = desk.post(person, ROW, noun, Desk::body(noun)).await.expect(403);
        assert!(answer.json()["title"].as_str().unwrap().contains(hand), "{noun}");
    }
    desk.make_move(&desk.coordinator, "signature").await;
    for (noun, person) in [("verification", &desk.coordinator), ("rejection", &desk.organiser)] {
        let answer = desk.post(person, ROW, noun, Desk::body(noun)).await.expect(403);
        assert!(answer.json()["title"].as_str().unwrap().contains("督导组长"));
    }
}

#[tokio::test]
async fn another_provinces_row_does_not_exist() {
    let desk = Desk::new().await;
    let strangers = [&desk.other_coordinator, &desk.other_leader, &desk.approver, &desk.sysadmin];
    let page = format!("/desk/assignments/{ROW}");
    for person in strangers {
        for (noun, _) in moves(&desk) {
            desk.post(person, ROW, noun, Desk::body(noun)).await.expect(404);
            person.get(&format!("{page}/{noun}")).await.expect(404);
            person.post_form(&format!("{page}/{noun}"), &[]).await.expect(404);
        }
        desk.post(person, ROW, "report", report()).await.expect(404);
        person.get(&page).await.expect(404);
        person.get(&format!("{page}/report")).await.expect(404);
        person.get(&format!("{page}/plan")).await.expect(404);
    }
    let nobody = desk.app.nobody();
    desk.post(&nobody, ROW, "signature", json!({})).await.expect(401);
    let sent = nobody.get(&page).await.expect(303);
    assert!(sent.location().starts_with("/sign-in?next="));
    assert_eq!(desk.moves(ROW).await, 1);
}

#[tokio::test]
async fn a_row_that_is_not_there_is_unknown() {
    let desk = Desk::new().await;
    for row in ["T1-3/320000", "T1-1/110000", "T1-1/nowhere", "nothing/320000"] {
        desk.post(&desk.coordinator, row, "acknowledgement", Desk::body("acknowledgement")).await.expect(404);
        let page = format!("/desk/assignments/{row}");
        desk.organiser.get(&page).await.expect(404);
        desk.organiser.get(&format!("{page}/ruling")).await.expect(404);
    }
}

#[tokio::test]
async fn a_move_made_from_an_old_page_is_refused_and_names_what_changed() {
    let desk = Desk::new().await;
    let mut body = Desk::body("acknowledgement");
    body["expected_version"] = json!(1);
    let first = desk.post(&desk.coordinator, ROW, "acknowledgement", body.clone()).await;
    first.expect(200);
    for (person, noun) in [(&desk.second, "acknowledgement"), (&desk.handler, "plan")] {
        let mut body = Desk::body(noun);
        body["expected_version"] = json!(1);
        let refused = desk.post(person, ROW, noun, body).await.expect(409);
        assert_eq!(refused.code(), "assignment.stale");
        // Version 0.1 called this member `seen`.
        let mut body = Desk::body(noun);
        body["seen"] = json!(1);
        assert_eq!(desk.post(person, ROW, noun, body).await.expect(409).code(), "assignment.stale");
        let title = refused.json()["title"].as_str().unwrap().to_owned();
        assert!(title.contains("office of province_coordinator-320000"), "{title}");
        assert!(title.contains("2018-04-10 12:00签收，现在是“已签收”"), "{title}");
    }
    let mut body = Desk::body("plan");
    body["expected_version"] = json!(2);
    body["seen"] = json!(1);
    desk.post(&desk.handler, ROW, "plan", body).await.expect(200);
}

#[tokio::test]
async fn a_return_after_its_limit_is_refused_with_the_day() {
    let desk = Desk::new().await;
    desk.app.clock.set(testing::app::noon("2018-04-11"));
    desk.make_move_on(&desk.coordinator, "T1-2/320000", "return").await;
    desk.app.clock.set(testing::app::noon("2018-04-12"));
    let late = desk.post(&desk.coordinator, ROW, "return", Desk::body("return")).await;
    let late = late.expect(409);
    assert_eq!(late.code(), "assignment.return_late");
    assert_eq!(late.json()["title"], "退回期限2018年4月11日已过，不能再退");
}

#[tokio::test]
async fn missing_words_are_named_by_their_field() {
    let desk = Desk::new().await;
    let empty = [
        (&desk.coordinator, "acknowledgement", json!({ "department": " " }), "department"),
        (&desk.coordinator, "return", json!({ "basis": "" }), "basis"),
        (&desk.coordinator, "exemption-request", json!({ "class": "law_forbids", "basis": "" }), "basis"),
    ];
    for (person, noun, body, field) in empty {
        let answer = desk.post(person, ROW, noun, body).await.expect(422).json();
        assert_eq!(answer["errors"][0]["field"], field, "{noun}");
        assert_eq!(answer["errors"][0]["code"], "form.empty", "{noun}");
    }
    let long = json!({ "department": "厅".repeat(61) });
    let answer = desk.post(&desk.coordinator, ROW, "acknowledgement", long).await;
    assert_eq!(answer.expect(422).code(), "form.too_long");
    desk.advance_to(AssignmentState::Resolved).await;
    let body = json!({ "test": "", "findings": "好" });
    let answer = desk.post(&desk.leader, ROW, "verification", body).await;
    assert_eq!(answer.expect(422).json()["errors"][0]["field"], "test");
    let body = json!({ "findings": "" });
    let answer = desk.post(&desk.leader, ROW, "rejection", body).await;
    assert_eq!(answer.expect(422).json()["errors"][0]["field"], "findings");
}
