//! The readiness probe: a process that cannot keep ballots says so, and acknowledges none.

use poem::http::Method;

use crate::ballot::voting;
use testing::TestApp;

#[tokio::test]
async fn a_store_that_was_removed_takes_nothing_and_the_probe_says_so() {
    let (app, _) = voting::open().await;
    if app.app.config.ballots_url.is_some() {
        return; // no files on PostgreSQL
    }
    app.nobody().get("/readyz").await.expect(200);
    let pass = voting::pass(&app.nobody()).await;
    let file = app.app.config.data.join("ballots.db");
    let kept = file.with_extension("kept");
    std::fs::rename(&file, &kept).unwrap();
    app.nobody().get("/readyz").await.expect(503);
    voting::cast(&app.nobody(), &pass, &["T1-1"]).await.expect(503);
    std::fs::rename(&kept, &file).unwrap();
    app.nobody().get("/readyz").await.expect(200);
    voting::cast(&app.nobody(), &pass, &["T1-1"]).await.expect(201);
}

#[tokio::test]
async fn a_log_that_was_removed_is_not_ready() {
    let (app, _) = voting::open().await;
    testing::given::ballots(&app, "t1", &[("320000", &[1])]).await;
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    app.nobody().get("/readyz").await.expect(200);
    std::fs::remove_dir_all(app.app.config.data.join("objects")).unwrap();
    app.nobody().get("/readyz").await.expect(503);
}

#[tokio::test]
async fn a_text_of_any_kind_has_the_limit_of_texts() {
    let (app, _) = voting::open().await;
    let large = format!("{{\"place\":\"{}\"}}", "x".repeat(2 << 20)).into_bytes();
    for media in ["application/json", "application/vnd.api+json", " Application/JSON; a=b", "text/json", ""] {
        let path = "/api/v1/assignments/S1-01/320000/report";
        let answer = app.nobody().send(Method::POST, path, Some(media), large.clone()).await;
        assert_eq!(answer.status.as_u16(), 413, "{media}");
    }
}

#[tokio::test]
async fn a_private_parameter_is_not_shown_to_the_next_visitor() {
    let app = TestApp::new().await;
    app.nobody().get("/privacy?my-x=SECRET").await.expect(200);
    let next = app.nobody().get("/privacy?my-x=other").await.expect(200).text();
    assert!(!next.contains("SECRET") && !next.contains("other"), "{next}");
}
