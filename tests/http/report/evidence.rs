//! Evidence files: recognised by content, stored once, given only to those who work on the assignment, and never served as a
//! page.

use poem::http::Method;
use serde_json::json;

use testing::Desk;
use testing::app::noon;
use testing::desk::{PDF, ROW, png};

fn download(row: &str, hash: &str) -> String {
    format!("/desk/assignments/{row}/evidence/{hash}")
}

#[tokio::test]
async fn a_file_is_known_by_its_content_and_answers_the_same_again() {
    let desk = Desk::new().await;
    let first = desk.upload(&desk.handler, ROW, "%E9%80%9A%E7%9F%A5.pdf", PDF).await.expect(200).json();
    assert_eq!(first["name"], "通知.pdf");
    assert_eq!((&first["media"], &first["size"]), (&json!("application/pdf"), &json!(PDF.len())));
    let again = desk.upload(&desk.coordinator, ROW, "other.png", PDF).await.expect(200).json();
    assert_eq!(again, first);
    let picture = desk.upload(&desk.handler, ROW, "a.pdf", &png()).await.expect(200).json();
    assert_eq!(picture["media"], "image/png", "the name is not believed");
    let path = format!("/api/v1/assignments/{ROW}/evidence");
    let form = desk.handler.post_files(&path, &[("note", "x")], &[("file", "通知.pdf", PDF)]).await;
    assert_eq!(form.expect(200).json()["sha256"], first["sha256"]);
    let empty = desk.handler.post_files(&path, &[("note", "x")], &[]).await;
    assert_eq!(empty.expect(422).code(), "evidence.none");
}

#[tokio::test]
async fn a_file_whose_name_cannot_be_read_is_taken_without_its_name() {
    let desk = Desk::new().await;
    for name in [&b"filename=\"\xb2\xc4\xc1\xcf.pdf\""[..], b"filename*=UTF-8''%E9%80%9A%E7%9F%A5.pdf"] {
        let head = [b"--frontier\r\nContent-Disposition: form-data; name=\"file\"; ", name].concat();
        let middle = b"\r\nContent-Type: application/pdf\r\n\r\n";
        let body = [head.as_slice(), middle, PDF, b"\r\n--frontier--\r\n"].concat();
        let media = Some("multipart/form-data; boundary=frontier");
        let path = format!("/api/v1/assignments/{ROW}/evidence");
        let answer = desk.handler.send(Method::POST, &path, media, body).await.expect(200).json();
        assert_eq!((&answer["name"], &answer["media"]), (&json!("file"), &json!("application/pdf")));
    }
}

#[tokio::test]
async fn what_is_no_document_or_picture_is_refused_by_its_name() {
    let desk = Desk::new().await;
    let answer = desk.upload(&desk.handler, ROW, "photo.heic", b"\0\0\0 ftypheic").await.expect(415);
    assert_eq!(answer.code(), "evidence.kind");
    assert_eq!(
        answer.json()["title"],
        "“photo.heic”没有收下：内容是HEIC，是新款手机的照片格式。请在相机设置里选“兼容性最佳”，或者另存为JPG"
    );
    // The content is named, whatever the name of the file says.
    let called_jpg = desk.upload(&desk.handler, ROW, "IMG_4711.jpg", b"\0\0\0\x18ftypmif1").await.expect(415);
    assert!(called_jpg.json()["title"].as_str().unwrap().contains("HEIC"));
    let page = desk.upload(&desk.handler, ROW, "a.pdf", b"<html><script>").await.expect(415);
    assert_eq!(page.code(), "evidence.kind");
    assert_eq!(page.json()["title"], "“a.pdf”没有收下：内容是网页。请打印成PDF，或者截成图片");
    for (name, content, said) in [
        ("a.pdf", &b"{\\rtf1\\ansi}"[..], "RTF文档"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG图形"),
        ("a.jpg", b"\xff\x4f\xff\x51", "JPEG 2000图片"),
        ("a.jpg", b"\xff\x0a\x10", "JPEG XL图片"),
        ("a.jpg", b"8BPS\0\x01", "Photoshop文件"),
        ("a.jpg", b"Rar!\x1a\x07\0", "压缩包"),
        ("a.jpg", b"\0\0\0\x18ftypcrx ", "RAW原始照片"),
        ("a.jpg", b"\0\0\0\x18ftypM4A ", "录音"),
        ("a.pdf", b"%!PS-Adobe-3.0", "PostScript文件"),
        ("a.pdf", b"hello", "只收PDF、JPG、PNG，20MB以内"),
    ] {
        let answer = desk.upload(&desk.handler, ROW, name, content).await.expect(415).json();
        assert!(answer["title"].as_str().unwrap().contains(said), "{said}: {answer}");
    }
    let empty = desk.upload(&desk.handler, ROW, "a.pdf", b"").await.expect(422);
    assert_eq!(empty.code(), "evidence.empty");
    let mut large = b"%PDF-1.4".to_vec();
    large.resize((20 << 20) + 1 - PDF.len(), b' ');
    large.extend(PDF);
    let answer = desk.upload(&desk.handler, ROW, "large.pdf", &large).await.expect(413);
    assert_eq!(answer.code(), "too_large");
    large.remove(20);
    desk.upload(&desk.handler, ROW, "large.pdf", &large).await.expect(200);
}

#[tokio::test]
async fn a_file_comes_back_as_a_download_that_can_do_nothing() {
    let desk = Desk::new().await;
    let stored = desk.upload(&desk.handler, ROW, "%E9%80%9A%E7%9F%A5%22.pdf", PDF).await.expect(200).json();
    let hash = stored["sha256"].as_str().unwrap();
    for person in [&desk.handler, &desk.second, &desk.leader, &desk.organiser, &desk.auditor] {
        let answer = person.get(&download(ROW, hash)).await.expect(200);
        assert_eq!(answer.body, PDF);
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/pdf");
        assert_eq!(
            header("content-disposition"),
            format!("attachment; filename=\"evidence-{}.pdf\"; filename*=UTF-8''%E9%80%9A%E7%9F%A5_.pdf", &hash[..8])
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'; frame-ancestors 'none'");
        assert_eq!(header("cache-control"), "private, no-store");
    }
}

#[tokio::test]
async fn another_provinces_file_does_not_exist() {
    let desk = Desk::new().await;
    let stored = desk.upload(&desk.handler, ROW, "a.pdf", PDF).await.expect(200).json();
    let hash = stored["sha256"].as_str().unwrap();
    for person in [&desk.other_coordinator, &desk.other_leader, &desk.approver, &desk.sysadmin] {
        person.get(&download(ROW, hash)).await.expect(404);
        desk.upload(person, ROW, "a.pdf", PDF).await.expect(404);
    }
    // The person's own assignment does not open a file of another assignment either.
    desk.other_coordinator.get(&download("T1-1/610000", hash)).await.expect(404);
    desk.handler.get(&download("T1-2/320000", hash)).await.expect(404);
    desk.handler.get(&download(ROW, &"0".repeat(64))).await.expect(404);
    desk.handler.get(&download(ROW, "..%2F..%2Fmain.db")).await.expect(404);
    let sent = desk.app.nobody().get(&download(ROW, hash)).await.expect(303);
    assert!(sent.location().starts_with("/sign-in"));
    desk.upload(&desk.app.nobody(), ROW, "a.pdf", PDF).await.expect(401);
}

#[tokio::test]
async fn files_are_put_down_by_those_who_work_on_an_open_row() {
    let desk = Desk::new().await;
    for person in [&desk.leader, &desk.organiser, &desk.auditor] {
        let answer = desk.upload(person, ROW, "a.pdf", PDF).await.expect(403);
        assert_eq!(answer.code(), "assignment.not_yours");
    }
    desk.advance_to(entity::stored::AssignmentState::Resolved).await;
    let answer = desk.upload(&desk.handler, ROW, "a.pdf", PDF).await.expect(409);
    assert_eq!(answer.code(), "assignment.wrong_state");
}

#[tokio::test]
async fn a_report_names_files_of_its_own_row_that_were_not_filed_before() {
    let desk = Desk::new().await;
    let other = desk.upload(&desk.handler, "T1-2/320000", "a.pdf", PDF).await.expect(200).json();
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.make_move(&desk.handler, "plan").await;
    let mut report = desk.report_of(&desk.handler, ROW, 98).await;
    let own = report["evidence"].clone();
    report["evidence"] = json!([other["sha256"]]);
    let answer = desk.post(&desk.handler, ROW, "report", report.clone()).await.expect(422);
    assert_eq!(answer.code(), "report.unknown_evidence");
    report["evidence"] = json!([]);
    let answer = desk.post(&desk.handler, ROW, "report", report.clone()).await.expect(422);
    assert_eq!(answer.code(), "report.no_evidence");
    report["evidence"] = own.clone();
    desk.post(&desk.handler, ROW, "report", report.clone()).await.expect(200);
    desk.make_move(&desk.handler, "withdrawal").await;
    let answer = desk.post(&desk.handler, ROW, "report", report).await.expect(422);
    assert_eq!(answer.code(), "report.unknown_evidence");
    // A file of a filed report can still be downloaded.
    desk.leader.get(&download(ROW, own[0].as_str().unwrap())).await.expect(200);
}

#[tokio::test]
async fn a_claim_is_checked_field_by_field() {
    let desk = Desk::new().await;
    desk.app.clock.set(noon("2018-04-11"));
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.make_move(&desk.handler, "plan").await;
    let good = desk.report_of(&desk.handler, ROW, 98).await;
    for (field, value, code) in [
        ("before", json!(" "), "form.empty"),
        ("after", json!(""), "form.empty"),
        ("effective_on", json!("2018-04-12"), "report.effective_later"),
        ("covered", json!(99), "report.covered"),
        ("covered", json!(-1), "report.covered"),
        ("coverable", json!(0), "report.coverable"),
    ] {
        let mut report = good.clone();
        report[field] = value;
        let answer = desk.post(&desk.handler, ROW, "report", report).await.expect(422).json();
        let errors = answer["errors"].as_array().unwrap();
        assert!(errors.iter().any(|e| e["field"] == field && e["code"] == code), "{field} {answer}");
    }
    let path = format!("/api/v1/assignments/{ROW}/report");
    let broken = b"{\"before\":".to_vec();
    let answer = desk.handler.send(Method::POST, &path, Some("application/json"), broken).await;
    answer.expect(422);
}

#[tokio::test]
async fn a_file_is_put_away_while_no_report_names_it() {
    let desk = Desk::new().await;
    desk.advance_to(entity::stored::AssignmentState::InProgress).await;
    let stored = desk.upload(&desk.handler, ROW, "a.pdf", PDF).await.expect(200).json();
    let path = format!("/api/v1/assignments/{ROW}/evidence/{}", stored["sha256"].as_str().unwrap());
    let delete = async |person: &testing::Person| person.send(Method::DELETE, &path, None, Vec::new()).await;
    delete(&desk.other_coordinator).await.expect(404);
    assert_eq!(delete(&desk.leader).await.expect(403).code(), "assignment.not_yours");
    desk.make_move(&desk.handler, "report").await;
    delete(&desk.coordinator).await.expect(200);
    delete(&desk.coordinator).await.expect(404);
    // A file that a report names cannot be removed.
    let own = desk.leader.get(&format!("/desk/assignments/{ROW}")).await.expect(200).text();
    let filed = own.split("/evidence/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/api/v1/assignments/{ROW}/evidence/{filed}");
    desk.handler.send(Method::DELETE, &path, None, Vec::new()).await.expect(404);
}
