//! The small pages for other sites, and the markup by which a site frames them.

use super::{small, words};
use testing::TestApp;

#[tokio::test]
async fn a_frame_says_finding_figures_day_and_source() {
    let app = TestApp::new().await;
    let staff = small(&app).await;
    staff.resolve("T1-1", "320000").await;
    for (path, says) in [
        ("/embed/dashboard", ["督导看板", "省级确认解决", "督导核验通过"]),
        ("/embed/issues/T1-1", ["T1-1", "3省中1省确认解决", "已解决"]),
        ("/embed/provinces/320000", ["江苏省", "2项中1项省级确认解决", "已解决"]),
        ("/embed/trend", ["督导看板", "小试", "交办"]),
    ] {
        let page = app.nobody().get(path).await.expect(200).text();
        let read = words(&page);
        for word in says.into_iter().chain(["来源：疏堵", "截至2018年4月", "演示数据"]) {
            assert!(read.contains(word), "{path}: {word}: {read}");
        }
        assert!(page.len() < 20_000, "{path}: {}", page.len());
    }
    app.clock.wait(chrono::TimeDelta::days(2));
    let past = words(&app.nobody().get("/embed/dashboard?as_of=2018-04-10&lang=en").await.expect(200).text());
    assert!(past.contains("As of 10 April 2018, 24:00"), "{past}");
}

#[tokio::test]
async fn pages_give_the_markup_of_their_frames() {
    let app = TestApp::new().await;
    small(&app).await;
    for (path, address) in [
        ("/dashboard", "/embed/dashboard?campaign=t1&lang=zh-CN"),
        ("/dashboard/trend?lang=en", "/embed/trend?campaign=t1&lang=en"),
        ("/issues/T1-1", "/embed/issues/T1-1?lang=zh-CN"),
        ("/provinces/320000?as_of=2018-04-10", "/embed/provinces/320000?as_of=2018-04-10&lang=zh-CN"),
    ] {
        let page = app.nobody().get(path).await.expect(200).text();
        let (_, code) = page.split_once("<pre id=\"embed-code\">").unwrap_or_else(|| panic!("{path}"));
        let code = code.split("</pre>").next().unwrap();
        // The text is escaped twice: once for the attribute in the markup, once for the page that shows the markup.
        let plain = code.replace("&#38;", "&").replace("&#38;", "&");
        assert!(plain.contains(address) && plain.contains("http://localhost"), "{path}: {code}");
        assert!(page.contains("data-copy=\"embed-code\""), "{path}");
    }
}
