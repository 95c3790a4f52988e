//! Opening and closing follow the clock of China. Both happen at the exact instant, not when a job runs.

use chrono::{DateTime, Utc};

use super::shown;
use testing::{TestApp, given};

#[tokio::test]
async fn a_campaign_opens_and_closes_at_midnight_in_china() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| ()).await;
    let visitor = app.nobody();
    for (at, phase) in [
        ("2018-04-04T23:59:59.999999+08:00", "scheduled"),
        ("2018-04-05T00:00:00+08:00", "voting"),
        ("2018-04-08T23:59:59.999999+08:00", "voting"),
        ("2018-04-09T00:00:00+08:00", "closed"),
    ] {
        let at: DateTime<Utc> = at.parse().unwrap();
        app.clock.set(at);
        assert_eq!(shown(&visitor, "t1").await["phase"], phase, "{at}");
        let list = visitor.get("/api/v1/campaigns").await.expect(200).json();
        assert_eq!(list[0]["phase"], phase, "{at}");
        let open = phase == "voting";
        let page = visitor.get(&format!("/campaigns/t1?at={phase}{at}").replace(' ', "")).await;
        assert_eq!(page.expect(200).text().contains("/campaigns/t1/ballot"), open, "{at}");
    }
    let rules = shown(&visitor, "t1").await;
    assert_eq!(rules["opens_at"], "2018-04-04T16:00:00+00:00");
    assert_eq!(rules["closes_at"], "2018-04-08T16:00:00+00:00");
    assert_eq!(rules["closes_on"], "2018-04-08");
}

#[tokio::test]
async fn a_kept_page_follows_the_clock_within_seconds() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| ()).await;
    let visitor = app.nobody();
    app.clock.set("2018-04-04T15:59:58Z".parse().unwrap());
    let before = visitor.get("/campaigns/t1").await.expect(200);
    assert!(before.headers.contains_key("etag") && before.text().contains("未开始"));
    app.clock.set("2018-04-04T16:00:04Z".parse().unwrap());
    let after = visitor.get("/campaigns/t1").await.expect(200).text();
    assert!(after.contains("正在投票"), "{after}");
}
