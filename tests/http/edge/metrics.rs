//! Metrics are labelled with the pattern of a route, never with the requested address.

use poem::http::Method;
use shudu::edge::metrics::Readings;

use crate::ballot::voting;
use testing::{Desk, TestApp};

#[tokio::test]
async fn routes_are_named_by_their_patterns_and_nothing_asked_stands_in_metrics() {
    let (app, _) = voting::open().await;
    let who = app.nobody();
    for path in [
        "/campaigns/t1",
        "/campaigns/canary-1",
        "/issues/CANARY-2",
        "/canary-3",
        "/receipts/canary-4?q=canary-5",
        "/campaigns/t1",
    ] {
        who.get(path).await;
    }
    let pass = voting::pass(&who).await;
    voting::cast_from(&who, &pass, "320000", &["T1-1"]).await.expect(201);
    who.send(Method::from_bytes(b"CANARY").unwrap(), "/campaigns", None, Vec::new()).await;
    let text = app.app.watch.text(Readings { queue: 3, clock_jumps: 2, sealed: vec![("t1".to_owned(), 7)] }).unwrap();
    for line in [
        r#"shudu_requests_total{route="/campaigns/:slug",method="GET",status="2xx"} 2"#,
        r#"shudu_requests_total{route="/campaigns/:slug",method="GET",status="4xx"} 1"#,
        r#"shudu_requests_total{route="/issues/:code",method="GET",status="4xx"} 1"#,
        r#"shudu_requests_total{route="none",method="GET",status="4xx"} 1"#,
        r#"shudu_requests_total{route="/api/v1/campaigns/:param0/ballots",method="POST",status="2xx"} 1"#,
        r#"shudu_requests_in_flight{class="voting"} 0"#,
        "shudu_ballot_queue_length 3",
        "shudu_clock_jumps_total 2",
        r#"shudu_ballot_log_entries{campaign="t1"} 7"#,
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    assert!(text.contains(r#"method="other""#), "{text}");
    assert!(!text.to_lowercase().contains("canary") && !text.contains(&pass), "{text}");
}

#[tokio::test]
async fn metrics_do_not_grow_with_what_is_asked() {
    let app = TestApp::new().await;
    let lines = || app.app.watch.text(Readings::default()).unwrap().lines().count();
    let ask = async |n: usize| {
        for path in [
            format!("/campaigns/c{n}"),
            format!("/nowhere/{n}"),
            format!("/api/v1/campaigns/c{n}"),
            format!("/log/{n}"),
        ] {
            app.nobody().get(&path).await;
        }
    };
    ask(0).await;
    let before = lines();
    for n in 1..50 {
        ask(n).await;
    }
    assert_eq!(lines(), before);
}

#[tokio::test]
async fn the_public_listener_has_no_metrics() {
    let desk = Desk::new().await;
    desk.sysadmin.get("/metrics").await.expect(404);
}
