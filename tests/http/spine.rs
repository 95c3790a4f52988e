//! The main path of the product: from a draft to assignments, through commands.

use testing::{TestApp, given};

#[tokio::test]
async fn a_dispatched_campaign_has_every_issue_at_every_province() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    let db = app.app.stores.main.db();
    let (total, rows) =
        shudu::dispatch::queries::list(db, &shudu::base::access::Provinces::public(), &Default::default(), (0, 50))
            .await
            .unwrap();
    assert_eq!(total, 6);
    assert_eq!(rows[0].issue.code, "T1-1");
    // 30 June 2018 is a Saturday, so the deadline rolls forward to Monday.
    assert_eq!(shudu::base::clock::day_of(rows[0].assignment.due_at).to_string(), "2018-07-03");
}
