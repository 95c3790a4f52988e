//! Fuzzing of inputs from outside: whatever the bytes, an input is accepted or refused, and no parser panics.

use poem::http::Method;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use public_log::cosignature::Witness;
use public_log::leaf::Entry;
use public_log::note::{Checkpoint, Verifier};
use public_log::witness::Request;
use shudu::base::main_store::Changes;
use shudu::import::pabulib;
use shudu::pass::resident::Resident;
use shudu::pass::seal::Pass;
use shudu::programme::commands::Year;

use testing::desk::{PDF, ROW};
use testing::{Desk, TestApp, given};

proptest! {
    #[test]
    fn notes_passes_numbers_and_leaves_are_read_without_stumbling(
        text in "\\PC{0,300}|[A-Za-z0-9+/=_-]{0,200}|(\u{2014} |\n|[a-z.]{0,9}|[0-9]{0,20}|[A-Za-z0-9+/]{0,44}={0,2}){0,20}|[0-9Xx０-９ ]{0,24}",
        bytes: Vec<u8>,
    ) {
        let _ = Checkpoint::read(&text);
        let _ = Verifier::parse(&text);
        let _ = Witness::parse(&text);
        let _ = Request::read(&text);
        let _ = Year::parse(2018, &text, &text);
        let _ = Pass::parse(&text);
        let _ = shudu::ballot::receipts::parse(&text);
        let _ = Resident::parse(&text, given::day("2018-04-01"));
        let _ = Entry::read(&bytes);
        let _ = Entry::read(&[b"\0\x0eshudu/ballot/1", &bytes[..]].concat());
    }

    #[test]
    fn vote_files_are_read_without_stumbling(
        lines in "((META|PROJECTS|VOTES)\r?\n|key;value\n|project_id;cost;votes\n|voter_id;vote\n|[a-z_]{1,12};[0-9a-z,\"]{0,12}(;[0-9]{1,4})?\r?\n|\"|;|\u{feff}){0,40}",
        bytes: Vec<u8>,
    ) {
        let _ = pabulib::parse(lines.as_bytes());
        let _ = pabulib::parse(&bytes);
    }
}

/// Values of a strategy, the same in every run.
fn some<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

#[tokio::test]
async fn calls_are_refused_whatever_is_in_them() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let texts = "\\PC{0,80}|[A-Za-z0-9_-]{0,90}|\\{\"pass\":\"[A-Za-z0-9_-]{0,60}\",\"place\":\"[0-9]{0,7}\",\"choices\":\\[[0-9,\"T-]{0,20}\\]\\}";
    for text in some(texts, 60) {
        let escaped = shudu::web::query::encode_header(&text);
        for path in [
            format!("/receipts?number={escaped}"),
            format!("/receipts/{escaped}"),
            format!("/dashboard?as_of={escaped}"),
        ] {
            let answer = app.nobody().get(&path).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
        }
        for path in ["ballots", "passes", "challenges"] {
            let media = Some("application/json");
            let path = format!("/api/v1/campaigns/t1/{path}");
            let answer = app.nobody().send(Method::POST, &path, media, text.clone().into_bytes()).await;
            assert!(answer.status.as_u16() < 500, "{path} {text}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn tables_of_options_are_refused_whatever_is_in_them() {
    let app = TestApp::new().await;
    let organiser = app.staff(entity::stored::Role::Organiser, "").await;
    let ctx = app.ctx(&organiser);
    app.app
        .stores
        .main
        .write(Changes::Campaigns, async |tx| shudu::campaign::commands::create(tx, &ctx, &given::draft("t1")).await)
        .await
        .unwrap();
    let header = "code,ballot_no,title_zh,title_en,short_zh,short_en,theme_zh,theme_en,domain,lead_department,co_departments,root_cause,remedies,affected,proposed_by";
    for rows in some("([T0-9\",\r\n=-]|\\PC){0,200}|(\"?T1-[0-9]{1,3}\"?,[0-9]{0,30},[a-z\"]{0,5},,,\n){0,30}", 60) {
        for csv in [rows.clone(), format!("{header}\n{rows}"), format!("\u{feff}{header}\r\n{rows}")] {
            let body = serde_json::json!({ "revision": 1, "csv": csv });
            let answer = organiser.send_json(Method::PUT, "/api/v1/campaigns/t1/options", &body).await;
            assert_eq!(answer.status, 422, "{csv:?}");
        }
    }
}

#[tokio::test]
async fn forms_with_files_are_refused_whatever_is_in_them() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.make_move(&desk.handler, "plan").await;
    let pieces = "(--frontier(--)?\r\n|Content-Disposition: form-data; name=\"[a-z]{0,8}\"(; filename=\"[a-z.\u{202e}]{0,8}\")?\r\n|Content-Type: [a-z/]{0,9}\r\n|\r\n|%PDF-|\\PC{0,9}|\n){0,25}";
    let kinds = [
        "multipart/form-data; boundary=frontier",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"f;\"",
    ];
    for (number, body) in some(pieces, 120).into_iter().enumerate() {
        for path in [format!("/desk/assignments/{ROW}/report"), format!("/api/v1/assignments/{ROW}/evidence")] {
            let answer =
                desk.handler.send(Method::POST, &path, Some(kinds[number % 8 % 4]), body.clone().into_bytes()).await;
            assert!(answer.status.as_u16() < 500, "{path} {body:?}: {} {}", answer.status, answer.text());
        }
    }
    // Of two hundred files in one form, twenty are processed; the rest is read and dropped.
    let names: Vec<(String, Vec<u8>)> =
        (0..200).map(|n| (format!("{n}.pdf"), [format!("%PDF-1.4 {n}\n").as_bytes(), PDF].concat())).collect();
    let files: Vec<(&str, &str, &[u8])> =
        names.iter().map(|(name, bytes)| ("evidence", name.as_str(), bytes.as_slice())).collect();
    let page = desk.handler.post_files(&format!("/desk/assignments/{ROW}/report"), &[("act", "upload")], &files).await;
    let text = page.expect(422).text();
    assert!(text.contains("一次最多传20个文件") && text.contains("已上传20个文件"), "{text}");
}
