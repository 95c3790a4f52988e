//! Separation of duties: a reporter cannot sign the own report.

use testing::Desk;
use testing::desk::{PDF, ROW};

fn page(noun: &str) -> String {
    format!("/desk/assignments/{ROW}/{noun}")
}

/// An assignment that the first coordinator reported.
async fn reported() -> Desk {
    let desk = Desk::new().await;
    for noun in ["acknowledgement", "plan", "report"] {
        desk.make_move(&desk.coordinator, noun).await;
    }
    desk
}

#[tokio::test]
async fn a_reporter_cannot_sign_the_own_report_and_is_told_who_can() {
    let desk = reported().await;
    let refused = desk.post(&desk.coordinator, ROW, "signature", serde_json::json!({})).await;
    let refused = refused.expect(403);
    assert_eq!(refused.code(), "assignment.own_report");
    assert_eq!(refused.json()["title"], "上报人不能给自己签字。本省还有1人可以签");
    let row = desk.coordinator.get(&format!("/desk/assignments/{ROW}")).await.expect(200).text();
    assert!(row.contains("上报人不能给自己签字。江苏省还有1人可以签：name of coordinator-2"));
    for answer in [
        desk.coordinator.get(&page("signature")).await,
        desk.coordinator.post_form(&page("signature"), &[("seen", "4")]).await,
    ] {
        assert!(answer.expect(403).text().contains("上报人不能给自己签字"));
    }
    let english = desk.coordinator.clone().in_english();
    let row = english.get(&format!("/desk/assignments/{ROW}")).await.expect(200).text();
    assert!(row.contains("A reporter cannot sign the own report. 1 other in Jiangsu can"));
    desk.make_move(&desk.second, "signature").await;
}

#[tokio::test]
async fn only_the_reporter_takes_a_report_back() {
    let desk = reported().await;
    for person in [&desk.second, &desk.handler] {
        let body = Desk::body("withdrawal");
        let answer = desk.post(person, ROW, "withdrawal", body).await.expect(403);
        assert_eq!(answer.code(), "assignment.not_yours");
    }
    desk.make_move(&desk.coordinator, "withdrawal").await;
    let again = desk.post(&desk.coordinator, ROW, "withdrawal", Desk::body("withdrawal")).await;
    assert_eq!(again.expect(409).code(), "assignment.wrong_state");
}

#[tokio::test]
async fn taking_back_and_sending_back_need_a_reason() {
    let desk = reported().await;
    for (person, noun) in [(&desk.coordinator, "withdrawal"), (&desk.second, "sending-back")] {
        let empty = serde_json::json!({ "reason": "" });
        let answer = desk.post(person, ROW, noun, empty).await.expect(422).json();
        assert_eq!(answer["errors"][0]["field"], "reason");
        let form = person.post_form(&page(noun), &[("reason", "")]).await.expect(422).text();
        assert!(form.contains("<a href=\"#reason\">") && form.contains("：这里不能空着</a>"), "{form}");
    }
}

#[tokio::test]
async fn a_file_that_serves_several_rows_is_pointed_out_to_who_signs() {
    let desk = Desk::new().await;
    desk.upload(&desk.handler, "T1-2/320000", "same.pdf", PDF).await.expect(200);
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.make_move(&desk.handler, "plan").await;
    let fields =
        [("before", "以前"), ("after", "现在"), ("effective_on", "2018-04-10"), ("covered", "98"), ("coverable", "98")];
    let files: [(&str, &str, &[u8]); 1] = [("evidence", "same.pdf", PDF)];
    desk.handler.post_files(&page("report"), &fields, &files).await.expect(303);
    let form = desk.coordinator.get(&page("signature")).await.expect(200).text();
    assert!(form.contains("同一文件还用于1项任务"));
}
