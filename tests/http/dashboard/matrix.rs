//! The dashboard at its full size, with 620 marks, and the caching of its pages.

use std::collections::HashMap;

use entity::stored::{AssignmentState, Move};
use poem::http::{Method, header};
use shudu::base::access::Provinces;
use shudu::dashboard::queries::{AsOf, dashboard};
use shudu::dispatch::queries::{assignment, events};

use super::{full, small, words};
use testing::app::noon;
use testing::{TestApp, given};

#[tokio::test]
async fn every_assignment_is_one_mark_with_a_place_and_a_word() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    full::matrix(&app, &people).await;
    let reader = app.nobody();
    let page = reader.get("/dashboard/matrix").await.expect(200).text();
    let marks = page.matches("<td role=\"cell\"><a href=\"/issues/").count();
    assert_eq!(marks, full::ISSUES * full::PROVINCES);
    assert!(page.len() < 400_000, "{} bytes", page.len());
    let said = words(&page);
    assert!(said.contains("20个堵点，31个省份"));
    assert!(said.contains("每个堵点在每个省份的状态，截至2018年7月7日，按投票名次排列"));
    // With provinces as rows, the same marks are in columns of issues.
    let turned = reader.get("/dashboard/matrix?rows=provinces").await.expect(200).text();
    assert_eq!(turned.matches("<td role=\"cell\"><a href=\"/issues/").count(), full::ISSUES * full::PROVINCES);
    assert!(turned.contains("class=\"mx mx-t\""));
    // The filter highlights the matching marks and dims the others.
    let filtered = reader.get("/dashboard/matrix?state=rework").await.expect(200).text();
    let hits = filtered.matches("class=\"hit\"").count();
    let rework = super::dashboard(&reader, "").await["total"]["states"]["rework"].as_u64().unwrap();
    assert_eq!(hits as u64, rework);
    assert!(rework > 0 && filtered.contains("mx-dim"));
    // The file has one row for each mark, or for each mark that passes the filter.
    let all = super::table(&reader.get("/dashboard-matrix.csv").await.expect(200));
    assert_eq!(all.len(), 1 + 620);
    let some = super::table(&reader.get("/dashboard-matrix.csv?state=rework").await);
    assert_eq!(some.len() as u64, 1 + rework);
    let english = app.nobody().in_english().get("/dashboard/matrix").await.text();
    assert!(words(&english).contains("20 issues, 31 provinces"));
}

#[tokio::test]
async fn of_two_campaigns_the_matrix_of_the_last_is_shown_with_its_own_legend() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    app.clock.set(noon("2018-04-03"));
    given::dispatched(&app, &people, "t2").await;
    let page = app.nobody().get("/dashboard/matrix?campaign=t1,t2").await.expect(200).text();
    assert!(page.contains("id=\"matrix-t2\"") && !page.contains("id=\"matrix-t1\""), "{page}");
    let marks = page.matches("<td role=\"cell\"><a href=\"/issues/").count();
    assert!(words(&page).contains(&format!("已交办 {marks}")), "{marks}: {}", words(&page));
    assert!(page.contains("href=\"/dashboard/matrix?campaign=t1\""), "{page}");
    for key in ["逾期</span>", "即将到期</span>", "部分解决</span>"] {
        assert!(page.contains(key), "{key}: {page}");
    }
}

#[tokio::test]
async fn a_past_day_shows_what_the_moves_up_to_it_say() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    full::matrix(&app, &people).await;
    let db = app.app.stores.main.db();
    let now = app.clock.now();
    for day in ["2018-04-10", "2018-04-11", "2018-05-14", "2018-06-30", "2018-07-07"] {
        let as_of = AsOf::read(Some(day), now).unwrap();
        let shown = dashboard(db, as_of, None).await.unwrap();
        // The reference computation replays every move, one after another.
        let mut replayed: HashMap<_, (AssignmentState, _, Option<(i64, i64)>)> = HashMap::new();
        for standing in &shown.standings {
            let found = assignment(db, &Provinces::public(), &standing.issue, &standing.province).await.unwrap();
            for event in events(db, &found, Some(as_of.instant)).await.unwrap() {
                let number = |name: &str| event.detail[name].as_i64();
                let coverage = number("covered").zip(number("coverable"));
                let coverage = coverage.filter(|_| event.act == Move::Report);
                replayed.insert(standing.id, (event.to_state, event.at, coverage));
            }
        }
        assert_eq!(replayed.len(), 620, "{day}");
        for standing in &shown.standings {
            assert_eq!(
                (standing.state, standing.since, standing.coverage),
                replayed[&standing.id],
                "{day} {}/{}",
                standing.issue,
                standing.province
            );
        }
    }
}

#[tokio::test]
async fn a_page_that_did_not_change_is_not_sent_again_and_one_that_did_is() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    let reader = app.nobody();
    let ask = async |tag: Option<&str>| {
        let mut request = poem::Request::builder()
            .method(Method::GET)
            .uri("/dashboard".parse().unwrap())
            .header(header::HOST, "shudu.test");
        if let Some(tag) = tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        reader.request(request.finish()).await
    };
    let first = ask(None).await.expect(200);
    let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
    assert!(!first.headers.contains_key(header::SET_COOKIE));
    let again = ask(Some(&tag)).await.expect(304);
    assert!(again.body.is_empty());
    field.make_move("T1-1", "320000", Move::Acknowledgement).await;
    let changed = ask(Some(&tag)).await.expect(200);
    assert_ne!(changed.headers[header::ETAG].to_str().unwrap(), tag);
    // The figures of a past day never change.
    let past = "/dashboard.csv?as_of=2018-04-10&campaign=t1";
    app.clock.set("2018-04-12T04:00:00Z".parse().unwrap());
    let before = reader.get(past).await.expect(200).body;
    field.resolve("T1-2", "610000").await;
    assert_eq!(reader.get(past).await.body, before);
}
