//! Views of a campaign's pages: counted for answers from memory too, without robots and prefetch, and kept without anything about
//! readers.

use poem::Request;
use poem::http::Method;
use sea_orm::EntityTrait;
use serde_json::Value;

use testing::{Answer, Desk, TestApp, given};

const PHONE: &str = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36";

/// Headers of a browser in which somebody opens a page.
const READER: [(&str, &str); 3] = [("accept", "text/html"), ("user-agent", PHONE), ("sec-fetch-dest", "document")];

async fn open(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path.parse().unwrap()).header("host", "shudu.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.nobody().request(request.finish()).await
}

async fn counted(app: &TestApp, slug: &str) -> Value {
    app.nobody().get(&format!("/api/v1/campaigns/{slug}/views")).await.expect(200).json()
}

fn of_group(views: &Value, group: &str) -> i64 {
    let pages = views["pages"].as_array().unwrap();
    pages.iter().find(|page| page["page"] == group).map_or(0, |page| page["views"].as_i64().unwrap())
}

#[tokio::test]
async fn every_view_counts_whoever_renders_it_and_robots_and_prefetch_do_not() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    assert_eq!(counted(&app, "t1").await["views"], 0);
    for _ in 0..3 {
        open(&app, Method::GET, "/campaigns/t1", &READER).await.expect(200);
    }
    // An answer without bytes is a view as well.
    let tag = open(&app, Method::GET, "/campaigns/t1", &READER).await.headers["etag"].to_str().unwrap().to_owned();
    open(&app, Method::GET, "/campaigns/t1", &[READER.as_slice(), &[("if-none-match", &*tag)]].concat())
        .await
        .expect(304);
    open(&app, Method::GET, "/campaigns/t1/results", &READER).await.expect(200);
    open(&app, Method::GET, "/dashboard/matrix?campaign=t1", &READER).await.expect(200);
    open(&app, Method::GET, "/issues/T1-1", &READER).await.expect(200);
    open(&app, Method::GET, "/issues/T1-2", &READER).await.expect(200);
    let all = 5 + 1 + 1 + 2;

    let without = |name: &str| READER.iter().copied().filter(|(n, _)| *n != name).collect::<Vec<_>>();
    let with = |name: &'static str, value: &'static str| [without(name), vec![(name, value)]].concat();
    for headers in [
        with("user-agent", "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"),
        with("user-agent", "curl/8.5.0"),
        with("sec-purpose", "prefetch"),
        with("sec-fetch-dest", "empty"),
        with("accept", "*/*"),
        without("user-agent"),
    ] {
        open(&app, Method::GET, "/campaigns/t1", &headers).await.expect(200);
    }
    open(&app, Method::HEAD, "/campaigns/t1", &READER).await;
    open(&app, Method::GET, "/campaigns/none", &READER).await.expect(404);
    open(&app, Method::GET, "/campaigns", &READER).await.expect(200);

    let views = counted(&app, "t1").await;
    assert_eq!(views["views"], all, "{views}");
    for (group, expected) in [("campaign", 5), ("ballot", 0), ("results", 1), ("dashboard", 1), ("issues", 2)] {
        assert_eq!(of_group(&views, group), expected, "{group}: {views}");
    }
    assert!(entity::page_view::Entity::find().all(app.app.stores.main.db()).await.unwrap().is_empty());

    // Stored counts and counts in memory add up, and nothing is lost between them.
    app.app.page_views.flush(&app.app.stores.main).await.unwrap();
    assert_eq!(counted(&app, "t1").await["views"], all);
    open(&app, Method::GET, "/campaigns/t1/results", &READER).await.expect(200);
    app.app.page_views.flush(&app.app.stores.main).await.unwrap();
    app.app.page_views.flush(&app.app.stores.main).await.unwrap();
    let views = counted(&app, "t1").await;
    assert_eq!((views["views"].as_i64(), of_group(&views, "results")), (Some(all + 1), 2), "{views}");
    let rows = entity::page_view::Entity::find().all(app.app.stores.main.db()).await.unwrap();
    assert_eq!(rows.len(), 4, "one row for each group and day: {rows:?}");

    // The pages say the number, with its dates and a link to its definition.
    app.clock.wait(chrono::TimeDelta::seconds(5));
    for (path, line) in [
        ("/campaigns/t1", "浏览10次（"),
        ("/campaigns/t1/results", "浏览10次（"),
        ("/campaigns/t1?lang=en", "Viewed 10 times ("),
    ] {
        let page = app.nobody().get(path).await.expect(200).text();
        assert!(page.contains(line), "{path}: {page}");
        assert!(page.contains("/definitions"), "{path}");
    }
    assert!(app.nobody().get("/definitions").await.text().contains("id=\"views\""));
}

#[tokio::test]
async fn the_ballot_counts_and_a_draft_is_absent() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    open(&app, Method::GET, "/campaigns/t1/ballot?o=3", &READER).await.expect(200);
    open(&app, Method::GET, "/campaigns/t1/ballot?o=4", &READER).await.expect(200);
    assert_eq!(of_group(&counted(&app, "t1").await, "ballot"), 2);
    app.nobody().get("/api/v1/campaigns/t9/views").await.expect(404);
    let desk = Desk::new().await;
    assert_eq!(counted(&desk.app, "t1").await["since"], Value::Null);
}
