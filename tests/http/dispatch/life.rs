//! The life of an assignment by the API: every move of the table, in the order in which it happens.

use serde_json::json;

use testing::Desk;
use testing::desk::ROW;

#[tokio::test]
async fn a_row_travels_from_dispatch_to_verified_and_back_through_rework() {
    let desk = Desk::new().await;
    let (c, h, l) = (&desk.coordinator, &desk.handler, &desk.leader);
    for (person, noun, state) in [
        (c, "acknowledgement", "acknowledged"),
        (h, "plan", "in_progress"),
        (h, "report", "reported"),
        (h, "withdrawal", "in_progress"),
        (h, "report", "reported"),
        (c, "sending-back", "in_progress"),
        (h, "report", "reported"),
        (c, "signature", "resolved"),
        (l, "verification", "verified"),
        (l, "relapse", "rework"),
        (h, "report", "reported"),
        (c, "signature", "resolved"),
        (l, "rejection", "rework"),
        (h, "report", "reported"),
        (c, "signature", "resolved"),
        (l, "verification", "verified"),
    ] {
        let after = desk.make_move(person, noun).await;
        assert_eq!(after["state"], state, "{noun}");
        assert_eq!(after["due_on"], "2018-07-02", "{noun}");
    }
    assert_eq!(desk.moves(ROW).await, 17);
}

#[tokio::test]
async fn the_answer_tells_how_the_row_stands_and_what_may_follow() {
    let desk = Desk::new().await;
    let after = desk.make_move(&desk.coordinator, "acknowledgement").await;
    assert_eq!(
        after,
        json!({
            "issue": "T1-1", "province": "320000", "campaign": "t1", "state": "acknowledged",
            "since": "2018-04-10T04:00:00+00:00", "due_on": "2018-07-02", "acknowledge_by": "2018-04-11",
            "overdue": false, "returned": false, "department": "江苏省公安厅", "covered": 0, "coverable": 0,
            "exemption_asked": false, "moves": 2, "offers": ["plan"],
        })
    );
}

#[tokio::test]
async fn a_returned_row_comes_back_or_is_exempt_by_the_ruling() {
    let desk = Desk::new().await;
    let after = desk.make_move(&desk.coordinator, "return").await;
    assert_eq!((&after["state"], &after["returned"]), (&json!("returned"), &json!(true)));
    let after = desk.make_move(&desk.organiser, "ruling").await;
    assert_eq!(after["state"], "dispatched");
    // One return is the limit: the state alone would allow another return, and the guard refuses it.
    let again = desk.post(&desk.coordinator, ROW, "return", Desk::body("return")).await.expect(409);
    assert_eq!(again.code(), "assignment.returned_before");

    let row = "T1-2/320000";
    desk.make_move_on(&desk.coordinator, row, "return").await;
    let ruling = json!({ "to": "exempt", "ruling": "省里确无此项" });
    let after = desk.post(&desk.organiser, row, "ruling", ruling).await;
    assert_eq!(after.expect(200).json()["state"], "exempt");
}

#[tokio::test]
async fn an_exemption_is_asked_for_refused_and_granted() {
    let desk = Desk::new().await;
    let (c, o) = (&desk.coordinator, &desk.organiser);
    let asked = desk.make_move(c, "exemption-request").await;
    assert_eq!((&asked["state"], &asked["exemption_asked"]), (&json!("dispatched"), &json!(true)));
    let twice = desk.post(c, ROW, "exemption-request", Desk::body("exemption-request")).await;
    assert_eq!(twice.expect(409).code(), "exemption.asked");
    let refused = desk.make_move(o, "exemption-refusal").await;
    assert_eq!((&refused["state"], &refused["exemption_asked"]), (&json!("dispatched"), &json!(false)));
    for noun in ["exemption", "exemption-refusal"] {
        let answer = desk.post(o, ROW, noun, Desk::body(noun)).await.expect(409);
        assert_eq!(answer.code(), "exemption.not_asked");
    }
    desk.make_move(c, "exemption-request").await;
    assert_eq!(desk.make_move(o, "exemption").await["state"], "exempt");
}

#[tokio::test]
async fn a_report_that_does_not_reach_all_stands_as_partly_resolved() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.make_move(&desk.handler, "plan").await;
    let part = desk.report_of(&desk.handler, ROW, 62).await;
    let after = desk.post(&desk.handler, ROW, "report", part).await.expect(200);
    let after = after.json();
    assert_eq!((&after["covered"], &after["coverable"]), (&json!(62), &json!(98)));
    let refused = desk.post(&desk.coordinator, ROW, "signature", json!({})).await;
    assert_eq!(refused.expect(409).code(), "report.partial");
    assert_eq!(desk.moves(ROW).await, 4);
}

#[tokio::test]
async fn the_clock_runs_on_and_a_late_row_says_so() {
    let desk = Desk::new().await;
    desk.app.clock.set(testing::app::noon("2018-07-03"));
    let after = desk.make_move(&desk.coordinator, "acknowledgement").await;
    assert_eq!((&after["overdue"], &after["due_on"]), (&json!(true), &json!("2018-07-02")));
}

#[tokio::test]
async fn the_same_move_twenty_times_at_once_is_one_event() {
    let desk = Desk::new().await;
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let person = desk.coordinator.clone();
            tokio::spawn(async move {
                let path = format!("/api/v1/assignments/{ROW}/acknowledgement");
                person.post_json(&path, &Desk::body("acknowledgement")).await
            })
        })
        .collect();
    let mut done = 0;
    for call in calls {
        match call.await.unwrap() {
            answer if answer.status == 200 => done += 1,
            answer => {
                let code = answer.expect(409).code();
                assert!(matches!(code.as_str(), "assignment.wrong_state" | "assignment.stale"));
            }
        }
    }
    assert_eq!((done, desk.moves(ROW).await), (1, 2));
}
