//! Load shedding: excess requests are refused with 503 and `Retry-After` before any work, and voting is refused last.

use poem::http::header;
use shudu::edge::Edge;

use crate::ballot::voting;
use testing::{TestApp, given};

#[tokio::test]
async fn what_has_no_place_is_refused_in_both_shapes_and_ballots_are_taken() {
    let app = TestApp::with_config(|config| {
        config.edge = Edge::default().place("voting=64 reading=1 exports=1 staff=1").unwrap()
    })
    .await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    // Many readers at once hold the only place for reading.
    let asked: Vec<_> = (0..40)
        .map(|n| {
            let (who, path) = (app.nobody(), format!("/api/v1/dashboard?as_of=2018-04-{:02}", n % 28 + 1));
            tokio::spawn(async move { who.get(&path).await })
        })
        .collect();
    let mut refused = 0;
    for _ in 0..10 {
        let pass = voting::pass(&app.nobody()).await;
        voting::cast_from(&app.nobody(), &pass, "320000", &["T1-1"]).await.expect(201);
        app.nobody().get(voting::BALLOT_PAGE).await.expect(200);
    }
    for answer in asked {
        let answer = answer.await.unwrap();
        if answer.status.as_u16() == 503 {
            assert_eq!((answer.headers[header::RETRY_AFTER].to_str().unwrap(), answer.code().as_str()), ("2", "busy"));
            refused += 1;
        }
    }
    println!("{refused} of 40 had no place");
    // Afterwards, all places are free again.
    app.nobody().get("/api/v1/dashboard").await.expect(200);
}
