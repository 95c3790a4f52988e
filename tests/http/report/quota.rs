//! The evidence quota of a province: shown before anything is refused, and counted from the rows.

use poem::http::Method;
use shudu::report::evidence::quota::Quota;

use testing::desk::{PDF, ROW};
use testing::hostile::pdf;
use testing::{Desk, TestApp};

const OTHER_ROW: &str = "T1-2/320000";

async fn with_quota(files: i64, bytes: i64) -> Desk {
    Desk::of(TestApp::with_config(|config| config.evidence_room = Quota { files, bytes }).await).await
}

#[tokio::test]
async fn a_province_is_told_what_it_keeps_before_and_when_it_is_full() {
    let desk = with_quota(5, 1 << 30).await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.make_move(&desk.handler, "plan").await;
    let page = format!("/desk/assignments/{ROW}/report");
    let scarce = "个文件（最多5个）。快满了";
    for number in 0..3 {
        desk.upload(&desk.handler, ROW, "a.pdf", &pdf(format!("{number}").as_bytes())).await.expect(200);
    }
    assert!(!desk.handler.get(&page).await.expect(200).text().contains(scarce));
    desk.upload(&desk.handler, OTHER_ROW, "a.pdf", &pdf(b"3")).await.expect(200);
    let told = desk.handler.get(&page).await.expect(200).text();
    assert!(told.contains("本省佐证材料已用1KB（共1.0GB），4个文件（最多5个）。快满了"), "{told}");
    let last = desk.upload(&desk.handler, ROW, "a.pdf", &pdf(b"4")).await.expect(200).json();

    let answer = desk.upload(&desk.handler, OTHER_ROW, "a.pdf", &pdf(b"5")).await.expect(422);
    assert_eq!(answer.code(), "evidence.province_files");
    assert!(answer.json()["title"].as_str().unwrap().contains("本省佐证材料已有5个文件，最多5个"), "{}", answer.json());
    let form =
        desk.handler.post_files(&page, &[("before", "要排队"), ("act", "upload")], &[("evidence", "b.pdf", PDF)]);
    let text = form.await.expect(422).text();
    assert!(text.contains("本省佐证材料已有5个文件") && text.contains("要排队"), "nothing typed is lost");
    // Another province still has room.
    desk.upload(&desk.other_coordinator, "T1-1/610000", "a.pdf", &pdf(b"5")).await.expect(200);

    let path = format!("/api/v1/assignments/{ROW}/evidence/{}", last["sha256"].as_str().unwrap());
    desk.handler.send(Method::DELETE, &path, None, Vec::new()).await.expect(200);
    desk.upload(&desk.handler, OTHER_ROW, "a.pdf", &pdf(b"5")).await.expect(200);
}

#[tokio::test]
async fn bytes_are_counted_over_all_rows_of_a_province() {
    let desk = with_quota(1000, 3000).await;
    let file = |number: u8| pdf(&[number; 1000]);
    desk.upload(&desk.handler, ROW, "a.pdf", &file(b'a')).await.expect(200);
    desk.upload(&desk.handler, OTHER_ROW, "a.pdf", &file(b'b')).await.expect(200);
    let answer = desk.upload(&desk.handler, ROW, "a.pdf", &file(b'c')).await.expect(422);
    assert_eq!(answer.code(), "evidence.province_bytes");
    assert!(answer.json()["title"].as_str().unwrap().contains("本省佐证材料已用2KB，最多3KB"), "{}", answer.json());
    desk.upload(&desk.handler, ROW, "a.pdf", &pdf(b"small")).await.expect(200);
}
