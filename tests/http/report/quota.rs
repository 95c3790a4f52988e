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

/// A file without a row is beside the quota, so it is removed at once: refused uploads do not fill the disk.
#[tokio::test]
async fn a_file_that_is_refused_or_removed_leaves_the_disk_at_once() {
    let desk = with_quota(1000, 3000).await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.make_move(&desk.handler, "plan").await;
    let folder = desk.app.app.config.data.join("objects/evidence");
    let kept = || {
        let shelves = std::fs::read_dir(&folder).unwrap().map(|shelf| shelf.unwrap().path());
        shelves.map(|shelf| std::fs::read_dir(shelf).unwrap().count()).sum::<usize>()
    };
    let file = |number: u8| pdf(&[number; 1000]);
    let first = desk.upload(&desk.handler, ROW, "a.pdf", &file(b'a')).await.expect(200).json();
    desk.upload(&desk.handler, OTHER_ROW, "b.pdf", &file(b'b')).await.expect(200);
    desk.upload(&desk.handler, OTHER_ROW, "same.pdf", &file(b'a')).await.expect(422);
    assert_eq!(kept(), 2, "a file that another row names stays");
    desk.upload(&desk.handler, ROW, "c.pdf", &file(b'c')).await.expect(422);
    let page = format!("/desk/assignments/{ROW}/report");
    let (d, e) = (file(b'd'), file(b'e'));
    let files: [(&str, &str, &[u8]); 2] = [("evidence", "d.pdf", &d), ("evidence", "e.pdf", &e)];
    desk.handler.post_files(&page, &[("act", "upload")], &files).await.expect(422);
    assert_eq!(kept(), 2, "what the quota refused is gone");

    let sha256 = first["sha256"].as_str().unwrap();
    let path = format!("/api/v1/assignments/{ROW}/evidence/{sha256}");
    desk.handler.send(Method::DELETE, &path, None, Vec::new()).await.expect(200);
    assert_eq!(kept(), 1, "what was removed is gone");
    desk.handler.post_files(&page, &[("act", "upload")], &[("evidence", "a.pdf", &file(b'a'))]).await.expect(200);
    desk.handler.post_files(&page, &[("drop", sha256)], &[]).await.expect(200);
    assert_eq!(kept(), 1, "in the form as well");
}
