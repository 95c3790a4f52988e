//! Tests of the slice `programme`, over HTTP: the working-day calendar.

use entity::stored::Role;
use poem::http::Method;
use serde_json::json;
use shudu::base::main_store::Changes;
use shudu::programme::calendar::Known;

use testing::TestApp;
use testing::given::day;

#[tokio::test]
async fn a_year_is_loaded_from_pasted_dates_and_counts_at_once() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let page = admin.get("/desk/calendar").await.expect(200).text();
    assert!(page.contains("2018年的放假安排还没有载入"));
    let fields =
        [("holidays", "2018-04-05\r\n2018年4月6日\r\n2018/4/7\r\n\r\n2018-05-01"), ("makeup_days", "2018-04-08")];
    let answer = admin.post_form("/desk/calendar/2018", &fields).await.expect(303);
    assert_eq!(answer.location(), "/desk/calendar?year=2018&done=load");
    let page = admin.get(&answer.location()).await.expect(200).text();
    for shown in [
        "2018年的安排已载入。",
        "4月5日（周四）至4月7日（周六）",
        "4月8日（周日）",
        "全年365天，259个工作日。",
        "2018-04-06\n2018-04-07\n2018-05-01</textarea>",
    ] {
        assert!(page.contains(shown), "{shown}\n{page}");
    }
    assert!(!page.contains("还没有载入"));
    let calendar = shudu::programme::queries::calendar(app.app.stores.main.db(), Known::Now).await.unwrap();
    assert!(!calendar.is_working_day(day("2018-04-06")));
    assert!(calendar.is_working_day(day("2018-04-08")));
}

#[tokio::test]
async fn loading_a_year_again_adds_an_arrangement_and_leaves_others() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    for (year, holiday) in [(2018, "2018-10-01"), (2019, "2019-10-01"), (2018, "2018-10-02")] {
        let body = json!({ "holidays": [holiday], "makeup_days": [] });
        let address = format!("/api/v1/calendar/{year}");
        admin.send_json(Method::PUT, &address, &body).await.expect(200);
    }
    let year = admin.get("/api/v1/calendar/2018").await.expect(200).json();
    assert_eq!(
        year,
        json!({
            "year": 2018, "loaded": true, "holidays": ["2018-10-02"], "makeup_days": [], "working_days": 260,
            "known_from": "2018-04-01T04:00:00+00:00",
            "earlier": [{ "known_from": "2018-04-01T04:00:00+00:00", "holidays": ["2018-10-01"], "makeup_days": [] }],
        })
    );
    let year = admin.get("/api/v1/calendar/2019").await.expect(200).json();
    assert_eq!(year["holidays"], json!(["2019-10-01"]));
    let year = admin.get("/api/v1/calendar/2020").await.expect(200).json();
    assert_eq!((&year["loaded"], &year["working_days"]), (&json!(false), &json!(262)));
}

#[tokio::test]
async fn wrong_lines_are_named_and_everything_pasted_is_kept() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let fields = [("holidays", "2018-10-01\n国庆节\n2019-10-02"), ("makeup_days", "2018-10-08")];
    let page = admin.post_form("/desk/calendar/2018", &fields).await.expect(422).text();
    for shown in [
        "有3处要改，填写的内容都还在",
        "第2行“国庆节”不是日期",
        "第3行“2019-10-02”不在2018年",
        "补班日：第1行“2018-10-08”本来就是工作日",
        "2018-10-01\n国庆节\n2019-10-02</textarea>",
        r##"href="#makeup_days""##,
    ] {
        assert!(page.contains(shown), "{shown}\n{page}");
    }
    let english = admin.clone().in_english();
    let page = english.post_form("/desk/calendar/2018", &fields).await.expect(422);
    assert!(page.text().contains("Line 2, “国庆节”, is not a date"));
    let body = json!({ "holidays": ["soon"], "makeup_days": [] });
    let problem = admin.send_json(Method::PUT, "/api/v1/calendar/2018", &body).await;
    assert_eq!(problem.expect(422).code(), "calendar.no_date");
    let empty = json!({ "holidays": [], "makeup_days": [] });
    let problem = admin.send_json(Method::PUT, "/api/v1/calendar/1999", &empty).await;
    assert_eq!(problem.expect(422).code(), "calendar.year");
    admin.post_form("/desk/calendar/nonsense", &fields).await.expect(404);
    let year = admin.get("/api/v1/calendar/2018").await.expect(200).json();
    assert_eq!(year["loaded"], false, "nothing was half done");
}

#[tokio::test]
async fn from_november_the_coming_year_is_asked_for() {
    let app = TestApp::at("2018-10-31").await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let empty = json!({ "holidays": [], "makeup_days": [] });
    admin.send_json(Method::PUT, "/api/v1/calendar/2018", &empty).await.expect(200);
    let page = admin.get("/desk/calendar").await.text();
    assert!(!page.contains("2019年的放假安排还没有载入"));
    app.clock.advance(chrono::TimeDelta::days(1));
    let page = admin.get("/desk/calendar").await.text();
    assert!(page.contains("2019年的放假安排还没有载入"));
    assert!(page.contains(r#"href="/desk/calendar?year=2019""#));
    for year in ["-2147483648", "2147483647", "nonsense", ""] {
        admin.get(&format!("/desk/calendar?year={year}")).await.expect(200);
    }
    admin.get("/api/v1/calendar/-2147483648").await.expect(200);
}

#[tokio::test]
async fn the_page_says_what_a_new_arrangement_changes_and_shows_earlier_ones() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let put = async |holidays: serde_json::Value| {
        let body = json!({ "holidays": holidays, "makeup_days": [] });
        admin.send_json(Method::PUT, "/api/v1/calendar/2018", &body).await.expect(200);
    };
    put(json!(["2018-10-01"])).await;
    let page = admin.get("/desk/calendar").await.expect(200).text();
    assert!(page.contains("今天起的数字按新安排算，过去各天的数字仍按当时的安排算"), "{page}");
    assert!(page.contains("2018年4月1日起的数字按它算") && !page.contains("以前载入的安排"), "{page}");
    app.clock.advance(chrono::TimeDelta::days(30));
    put(json!([])).await;
    put(json!(["2018-10-03"])).await;
    let page = admin.get("/desk/calendar").await.expect(200).text();
    let places: Vec<usize> = [
        "2018年5月1日起的数字按它算",
        "10月3日（周三）",
        "2018年以前载入的安排",
        "2018年5月1日载入，当天又换了：没有哪一天的数字按它算",
        "2018年4月1日至2018年4月30日的数字按它算",
        "10月1日（周一）",
    ]
    .iter()
    .map(|text| page.find(text).unwrap_or_else(|| panic!("{text}: {page}")))
    .collect();
    assert!(places.is_sorted(), "{places:?}");
    let english = admin.clone().in_english().get("/desk/calendar").await.expect(200).text();
    for text in ["past days keep the arrangement known then", "Figures of 1 April 2018 to 30 April 2018 go by it"] {
        assert!(english.contains(text), "{text}: {english}");
    }
}

#[tokio::test]
async fn a_set_up_changes_nothing_in_a_store_that_has_places() {
    use sea_orm::ConnectionTrait;
    let app = TestApp::new().await;
    let db = app.app.stores.main.db();
    db.execute_unprepared("UPDATE place SET short_zh = '别名', team = 'T1' WHERE code = '320000'").await.unwrap();
    db.execute_unprepared("DELETE FROM place WHERE code = '820000'").await.unwrap();
    db.execute_unprepared("UPDATE team SET name_zh = '别组'").await.unwrap();
    db.execute_unprepared("DELETE FROM term WHERE kind = 'remedy'").await.unwrap();
    let told = async || {
        let (places, teams) = (shudu::programme::queries::places(db).await, shudu::programme::queries::teams(db).await);
        let words = shudu::programme::queries::words(db).await.unwrap();
        (places.unwrap(), teams.unwrap(), words.len())
    };
    let before = told().await;
    app.app.stores.main.write(Changes::Public, shudu::programme::reference::fill).await.unwrap();
    assert_eq!(told().await, before);
}

#[tokio::test]
async fn a_notice_begins_with_the_last_days_of_the_year_before() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    let notice = "一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。\r\n二、春节：2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。";
    let fields = [("holidays", notice), ("makeup_days", "")];
    let page = admin.post_form("/desk/calendar/2019", &fields).await.expect(422).text();
    assert!(page.contains("2018年的安排还没有载入。请先载入2018年") && page.contains("一、元旦"), "{page}");
    let of_2018 = [("holidays", "2018-10-01\n2018-12-31"), ("makeup_days", "2018-09-29")];
    admin.post_form("/desk/calendar/2018", &of_2018).await.expect(303);
    admin.post_form("/desk/calendar/2019", &fields).await.expect(303);
    let year = |year: i32| {
        let admin = admin.clone();
        async move { admin.get(&format!("/api/v1/calendar/{year}")).await.expect(200).json() }
    };
    let (before, after) = (year(2018).await, year(2019).await);
    assert_eq!(before["holidays"], json!(["2018-10-01", "2018-12-30", "2018-12-31"]));
    assert_eq!(before["makeup_days"], json!(["2018-09-29", "2018-12-29"]));
    assert_eq!(before["earlier"].as_array().unwrap().len(), 1);
    assert_eq!(after["holidays"].as_array().unwrap().len(), 8);
    assert_eq!(after["makeup_days"], json!(["2019-02-02", "2019-02-03"]));
    let calendar = shudu::programme::queries::calendar(app.app.stores.main.db(), Known::Now).await.unwrap();
    assert!(calendar.is_working_day(day("2018-12-29")) && !calendar.is_working_day(day("2018-12-31")));
    // The call takes the same days as a list.
    let body = json!({ "holidays": ["2018-12-30", "2019-01-01"], "makeup_days": [] });
    admin.send_json(Method::PUT, "/api/v1/calendar/2019", &body).await.expect(200);
    let body = json!({ "holidays": ["2018-11-30"], "makeup_days": [] });
    let refused = admin.send_json(Method::PUT, "/api/v1/calendar/2019", &body).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "calendar.other_year");
}
