//! The lists of all issues and of all provinces.

use super::{small, words};
use testing::{TestApp, given};

#[tokio::test]
async fn every_issue_stands_in_one_line_and_filters_leave_a_way_on() {
    let app = TestApp::new().await;
    let staff = small(&app).await;
    staff.resolve("T1-1", "320000").await;
    let page = app.nobody().get("/issues").await.expect(200).text();
    let text = words(&page);
    assert!(text.contains("1季选出2个堵点。截至2018年4月10日，6项任务里省级确认解决1项"), "{text}");
    assert!(page.contains("href=\"/issues/T1-1\"") && page.contains("href=\"/issues/T1-2\""), "{page}");
    assert!(text.contains("T1-1 麻烦事1 1/3") && text.contains("T1-2 麻烦事2 0/3"), "{text}");
    assert!(!page.contains("href=\"/issues/T1-3\""), "an option that was not selected is no issue");
    let english = words(&app.nobody().get("/issues?lang=en").await.expect(200).text());
    assert!(english.contains("2 issues of 1 season. On"), "{english}");
    for (query, lines) in
        [("?campaign=t1", 2), ("?theme=%E7%AA%97%E5%8F%A3", 2), ("?campaign=t1&theme=%E7%BD%91%E4%B8%8A", 0)]
    {
        let page = app.nobody().get(&format!("/issues{query}")).await.expect(200).text();
        assert_eq!(page.matches("<li><a href=\"/issues/T1-").count(), lines, "{query}: {page}");
        assert_eq!(page.contains("看全部堵点"), lines == 0, "{query}");
    }
    let chosen = app.nobody().get("/issues?campaign=t1").await.text();
    assert!(chosen.contains("<option value=\"t1\" selected>小试</option>"), "{chosen}");
}

#[tokio::test]
async fn before_the_first_dispatch_the_lists_say_so_and_a_signed_selection_is_listed() {
    let app = TestApp::new().await;
    let page = app.nobody().get("/issues").await.expect(200).text();
    assert!(page.contains("href=\"/campaigns\""), "{page}");
    let people = given::organisation(&app).await;
    given::certified(&app, &people, "t1").await;
    let page = words(&app.nobody().get("/issues").await.expect(200).text());
    assert!(page.contains("名单已经签字，还没有交办") && page.contains("T1-1 麻烦事1"), "{page}");
    let provinces = app.nobody().get("/provinces").await.expect(200).text();
    assert!(provinces.contains("href=\"/provinces/110000\"") && !provinces.contains("0/0"), "{provinces}");
}

#[tokio::test]
async fn provinces_stand_in_the_order_of_their_codes_whatever_their_rates() {
    let app = TestApp::new().await;
    let staff = small(&app).await;
    staff.resolve("T1-1", "610000").await;
    let page = app.nobody().get("/provinces").await.expect(200).text();
    let main = page.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    let codes: Vec<&str> = main.split("href=\"/provinces/").skip(1).map(|rest| &rest[..6]).collect();
    assert_eq!((codes[0], codes[30]), ("110000", "650000"), "{codes:?}");
    assert!(codes[..31].is_sorted() && codes[31..].contains(&"710000"), "{codes:?}");
    let text = words(&page);
    assert!(text.contains("陕西 1/2") && text.contains("江苏 0/2"), "{text}");
    assert!(text.contains("不排名次") && text.contains("不在交办范围的地区"), "{text}");
    app.clock.set(testing::app::noon("2018-07-07"));
    let late = words(&app.nobody().get("/provinces").await.expect(200).text());
    assert!(late.contains("陕西 1/2 逾期1项") && late.contains("江苏 0/2 逾期2项"), "{late}");
}
