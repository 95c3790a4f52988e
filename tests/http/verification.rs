//! The checks of supervision teams, by API and by page.

use entity::stored::AssignmentState;
use serde_json::json;

use testing::desk::ROW;
use testing::{Desk, TestApp};

fn page(noun: &str) -> String {
    format!("/desk/assignments/{ROW}/{noun}")
}

#[tokio::test]
async fn a_check_needs_its_words_and_keeps_them_over_a_refusal() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Resolved).await;
    let fields = [("seen", "5"), ("test", ""), ("findings", "八分钟办完")];
    let text = desk.leader.post_form(&page("verification"), &fields).await.expect(422).text();
    assert!(text.contains("八分钟办完") && text.contains("<a href=\"#test\">"));
    let fields = [("seen", "5"), ("test", "实办"), ("findings", " ")];
    let text = desk.leader.post_form(&page("rejection"), &fields).await.expect(422).text();
    assert!(text.contains("实办") && text.contains("<a href=\"#findings\">"));
    assert_eq!(desk.moves(ROW).await, 5);
}

#[tokio::test]
async fn only_the_leader_of_the_provinces_team_checks() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Resolved).await;
    for noun in ["verification", "rejection"] {
        for person in [&desk.coordinator, &desk.handler, &desk.organiser, &desk.auditor] {
            let answer = desk.post(person, ROW, noun, Desk::body(noun)).await.expect(403);
            assert_eq!(answer.code(), "assignment.not_yours");
            person.get(&page(noun)).await.expect(403);
        }
        for person in [&desk.other_leader, &desk.other_coordinator] {
            desk.post(person, ROW, noun, Desk::body(noun)).await.expect(404);
            person.get(&page(noun)).await.expect(404);
        }
    }
    let early = desk.post(&desk.leader, ROW, "relapse", Desk::body("relapse")).await;
    assert_eq!(early.expect(409).code(), "assignment.wrong_state");
}

#[tokio::test]
async fn a_check_twice_is_one_check() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Resolved).await;
    desk.make_move(&desk.leader, "verification").await;
    let body = Desk::body("verification");
    let again = desk.post(&desk.leader, ROW, "verification", body).await.expect(409);
    assert_eq!(again.code(), "assignment.wrong_state");
    let mut stale = Desk::body("rejection");
    stale["seen"] = json!(5);
    let again = desk.post(&desk.leader, ROW, "rejection", stale).await.expect(409);
    assert_eq!(again.code(), "assignment.stale");
    assert_eq!(desk.moves(ROW).await, 6);
}

#[tokio::test]
async fn a_relapse_puts_the_finding_before_the_province_and_ends_the_claim() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Verified).await;
    desk.make_move(&desk.leader, "relapse").await;
    let row = desk.handler.get(&format!("/desk/assignments/{ROW}")).await.expect(200).text();
    assert!(row.contains("返工：窗口仍要求交复印件"));
    assert!(row.contains("反弹") && row.contains("起不再有效"));
    assert!(row.contains("手机实办一件"), "the check that held stays in the record");
}

#[tokio::test]
async fn the_document_of_the_api_knows_every_move() {
    let app = TestApp::new().await;
    let document = app.nobody().get("/api/v1/openapi.json").await.expect(200).json();
    for act in entity::stored::Move::ALL {
        if *act != entity::stored::Move::Dispatch {
            let path = format!("/assignments/{{issue}}/{{province}}/{act}");
            assert!(document["paths"][&path]["post"].is_object(), "{path}");
        }
    }
}
