//! Figures as of a day: the day ends at 24:00 in China, by recording time, to the microsecond.

use chrono::{DateTime, Utc};
use entity::stored::Move;

use super::{dashboard, small, words};
use testing::TestApp;
use testing::app::noon;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_move_counts_from_the_end_of_its_day_in_china_and_not_of_its_day_in_london() {
    use Move::{Acknowledgement, Plan, Report, Signature};
    let app = TestApp::new().await;
    let field = small(&app).await;
    let reader = app.nobody();
    for (issue, instant) in [
        ("T1-1", "2018-04-20T15:59:59.999999Z"), // the last microsecond of 20 April in China
        ("T1-2", "2018-04-20T16:00:00Z"),        // the first instant of 21 April
    ] {
        field.make_moves(issue, "320000", &[Acknowledgement, Plan, Report]).await;
        app.clock.set(at(instant));
        field.make_move(issue, "320000", Signature).await;
    }
    app.clock.set(noon("2018-05-01"));
    for (day, resolved) in
        [("2018-04-10", 0), ("2018-04-19", 0), ("2018-04-20", 1), ("2018-04-21", 2), ("2018-05-01", 2)]
    {
        let answer = dashboard(&reader, &format!("?as_of={day}")).await;
        assert_eq!(answer["as_of"], day);
        assert_eq!(answer["total"]["resolved"], resolved, "{day}");
        assert_eq!(answer["total"]["assignments"], 6, "{day}");
        let path = format!("/api/v1/assignments/T1-1/320000?as_of={day}");
        let one = reader.get(&path).await.expect(200).json();
        assert_eq!(one["state"] == "resolved", resolved > 0, "{day}");
    }
}

#[tokio::test]
async fn nothing_is_overdue_until_the_deadline_day_is_over_in_china() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    field.resolve("T1-1", "320000").await;
    let reader = app.nobody();
    // 30 June 2018 is a Saturday, so the deadline rolled forward to Monday, 2 July.
    for (now, overdue) in [("2018-07-02T15:59:59.999999Z", 0), ("2018-07-02T16:00:00Z", 5)] {
        app.clock.set(at(now));
        let answer = dashboard(&reader, "").await;
        assert_eq!(answer["total"]["overdue"], overdue, "{now}");
    }
    app.clock.set(noon("2018-07-07"));
    for (day, overdue) in [("2018-07-01", 0), ("2018-07-02", 0), ("2018-07-03", 5)] {
        let answer = dashboard(&reader, &format!("?as_of={day}")).await;
        assert_eq!(answer["total"]["overdue"], overdue, "{day}");
    }
    let one = reader.get("/api/v1/assignments/T1-2/610000").await.json();
    assert_eq!(one["working_days_late"], 4);
    let page = reader.get("/issues/T1-2/provinces/610000").await.expect(200);
    assert!(words(&page.text()).contains("逾期4个工作日（期限7月2日）"), "{}", words(&page.text()));
    let page = reader.get("/issues/T1-2/provinces/610000?as_of=2018-07-02").await;
    assert!(words(&page.text()).contains("今天到期（期限7月2日）"));
}

#[tokio::test]
async fn days_that_cannot_be_shown_are_refused_with_the_last_one_that_can() {
    let app = TestApp::new().await;
    small(&app).await;
    app.clock.set(noon("2018-05-01"));
    let reader = app.nobody();
    for (day, code) in [
        ("2018-05-02", "as_of.future"),
        ("2999-01-01", "as_of.future"),
        ("2018-02-30", "as_of.no_date"),
        ("yesterday", "as_of.no_date"),
    ] {
        for path in ["/dashboard", "/assignments", "/assignments/T1-1/320000"] {
            let answer = reader.get(&format!("/api/v1{path}?as_of={day}")).await.expect(422);
            assert_eq!(answer.code(), code, "{path} {day}");
            assert_eq!(answer.json()["errors"][0]["field"], "as_of");
        }
        for path in ["/dashboard", "/issues/T1-1", "/provinces/320000", "/issues/T1-1/provinces/320000"] {
            let answer = reader.get(&format!("{path}?as_of={day}")).await.expect(422);
            let html = answer.text();
            assert!(html.contains(&format!("value=\"{day}\"")), "typed text is gone");
            assert!(html.contains(&format!("href=\"{path}\"")), "no way to today");
            if code == "as_of.future" {
                assert!(words(&html).contains("最晚可以看2018-05-01"), "{}", words(&html));
            }
        }
        reader.get(&format!("/dashboard.csv?as_of={day}")).await.expect(422);
    }
    // The last microsecond of a day in China is still that day.
    app.clock.set(at("2018-05-02T15:59:59.999999Z"));
    dashboard(&reader, "?as_of=2018-05-02").await;
    reader.get("/api/v1/dashboard?as_of=2018-05-03").await.expect(422);
}

#[tokio::test]
async fn before_the_dispatch_there_are_no_figures_and_the_page_says_so() {
    let app = TestApp::new().await;
    small(&app).await;
    let reader = app.nobody();
    let answer = dashboard(&reader, "?as_of=2018-04-09").await;
    assert_eq!(answer["total"]["assignments"], 0);
    assert_eq!(answer["total"]["resolved_rate"], "–");
    assert_eq!(answer["issues"], serde_json::json!([]));
    for path in ["/dashboard", "/provinces/320000", "/issues/T1-1/provinces/320000"] {
        let page = reader.get(&format!("{path}?as_of=2018-04-09")).await.expect(200);
        assert!(words(&page.text()).contains("交办前，尚无数据"), "{path}");
    }
    let page = reader.get("/issues/T1-1?as_of=2018-04-09").await.expect(200);
    assert!(words(&page.text()).contains("已入选，还没有交办到各省"));
    let page = reader.get("/issues/T1-1?as_of=2018-04-06").await.expect(200);
    assert!(words(&page.text()).contains("正在投票，到2018年4月8日24:00为止"));
    reader.get("/api/v1/assignments/T1-1/320000?as_of=2018-04-09").await.expect(404);
}

#[tokio::test]
async fn a_relapse_lowers_today_and_leaves_the_past_as_it_was() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    app.clock.set(noon("2018-05-14"));
    field.resolve("T1-1", "320000").await;
    app.clock.set(noon("2018-05-28"));
    field.make_move("T1-1", "320000", Move::Verification).await;
    app.clock.set(noon("2018-06-06"));
    field.make_move("T1-1", "320000", Move::Relapse).await;
    let reader = app.nobody();
    let rates = async |day: &str| {
        let total = dashboard(&reader, &format!("?as_of={day}")).await["total"].clone();
        (total["resolved_rate"].as_str().unwrap().to_owned(), total["verified_rate"].as_str().unwrap().to_owned())
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(rates("2018-05-14").await, pair("16.7", "0.0"));
    assert_eq!(rates("2018-05-28").await, pair("16.7", "16.7"));
    assert_eq!(rates("2018-06-05").await, pair("16.7", "16.7"));
    assert_eq!(rates("2018-06-06").await, pair("0.0", "0.0"));
    // On 5 June the claim still stood. Today its page shows the claim as relapsed, and the history keeps every move.
    let path = "/issues/T1-1/provinces/320000";
    let past = reader.get(&format!("{path}?as_of=2018-06-05")).await.text();
    let today = reader.get(path).await.text();
    assert!(words(&past).contains("省内任一受理点"));
    assert!(!words(&past).contains("反弹"));
    let said = words(&today);
    assert!(said.contains("改了什么 还没有重新上报。期限2018年7月2日。"), "{said}");
    assert!(said.contains("上报的内容（2018年5月14日上报，2018年5月28日核验通过，2018年6月6日反弹）"), "{said}");
    assert!(said.contains("省内任一受理点"), "{said}");
    for act in ["反弹", "核验通过", "省级确认解决", "上报", "签收", "交办"] {
        assert!(said.contains(&format!("{act}，转为")), "{act}: {said}");
    }
    let api = reader.get("/api/v1/assignments/T1-1/320000").await.json();
    assert_eq!(api["state"], "rework");
    assert_eq!(api["report"], serde_json::Value::Null);
    assert_eq!(api["events"].as_array().unwrap().len(), 7);
    let file = reader.get(&format!("{path}/history.csv")).await.expect(200);
    assert_eq!(super::table(&file).len(), 1 + 7);
}

#[tokio::test]
async fn the_bar_steps_from_change_to_change_and_names_the_past() {
    let app = TestApp::new().await;
    let field = small(&app).await;
    app.clock.set(noon("2018-04-20"));
    field.make_move("T1-1", "320000", Move::Acknowledgement).await;
    app.clock.set(noon("2018-05-03"));
    field.make_move("T1-2", "330000", Move::Acknowledgement).await;
    app.clock.set(noon("2018-05-10"));
    let reader = app.nobody();
    let past = reader.get("/dashboard?as_of=2018-04-25").await.expect(200).text();
    assert!(past.contains("as_of=2018-04-20"), "no step back");
    assert!(past.contains("as_of=2018-05-03"), "no step on");
    assert!(past.contains("as_of=2018-04-10"), "no day of dispatch");
    assert!(!past.contains("as_of=2018-07-02"), "leads into the future");
    let said = words(&past);
    assert!(said.contains("历史视图"));
    assert!(said.contains("这是2018年4月25日24:00的数据"));
    assert!(past.contains("（截至2018年4月25日）"), "the title hides the day");
    // The page of one province ignores changes in another province.
    let page = reader.get("/provinces/320000?as_of=2018-04-25").await.text();
    assert!(!page.contains("as_of=2018-05-03"));
    let today = reader.get("/dashboard").await.text();
    assert!(!words(&today).contains("历史视图"));
    assert!(words(&today).contains("截至2018年5月10日（今天）"));
}
