//! The site as visitors, search engines and operators look for it.

mod files;
mod head;
mod operator;

use testing::{TestApp, given};

#[tokio::test]
async fn pages_about_the_site_state_nothing_about_an_operator_who_is_not_set() {
    let app = TestApp::without_demo().await;
    for (path, words) in [
        ("/about", "运营单位还没有在这里写明名称"),
        ("/accessibility", "还没有请使用读屏软件的人系统试用过"),
        ("/terms", "运营单位没有在这里声明许可"),
    ] {
        let page = app.nobody().get(path).await.expect(200).text();
        assert!(page.contains(words) && page.contains("运营单位还没有在这里公布联系方式"), "{path}: {page}");
        assert!(!page.contains("演示站") && !page.contains("mailto:"), "{path}");
        let english = app.nobody().get(&format!("{path}?lang=en")).await.expect(200).text();
        assert!(english.contains("The operator has not published a contact here yet"), "{path}: {english}");
    }
    let demo = TestApp::new().await;
    assert!(demo.nobody().get("/about").await.text().contains("这是演示站：各省结果为虚构"));
}

#[tokio::test]
async fn the_foot_of_every_page_leads_to_the_pages_that_explain() {
    let app = TestApp::new().await;
    for path in ["/", "/campaigns", "/issues", "/sign-in", "/nowhere"] {
        let page = app.nobody().get(path).await.text();
        let foot = page.split("<footer").nth(1).unwrap();
        for link in [
            "/verify",
            "/definitions",
            "/about",
            "/accessibility",
            "/privacy",
            "/terms",
            "/api/docs",
            "/issues",
            "/provinces",
        ] {
            assert!(foot.contains(&format!("href=\"{link}\"")), "{path}: {link}");
        }
    }
}

#[tokio::test]
async fn a_browser_reads_the_folders_of_the_log_and_a_program_gets_bare_links() {
    use poem::Request;
    use poem::http::header;
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::certified(&app, &people, "t1").await;
    let browse = async |path: &str| {
        let request = Request::builder()
            .uri(path.parse().unwrap())
            .header(header::HOST, "shudu.test")
            .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
            .header(header::ACCEPT_LANGUAGE, "zh-CN");
        app.nobody().request(request.finish()).await.expect(200)
    };
    let root = browse("/log/").await;
    assert_eq!(root.headers[header::VARY], "Accept, Accept-Language");
    let root = root.text();
    assert!(
        root.contains("<h1>公开日志</h1>") && root.contains("小试的选票日志") && root.contains("href=\"t1/\""),
        "{root}"
    );
    let page = browse("/log/t1/").await.text();
    for (name, words) in [
        ("key", "签名公钥"),
        ("questionnaire", "题目、规则和能选几项"),
        ("checkpoint", "最新的签名"),
        ("batches", "每封存一批"),
        ("history/", "每一批封存时的签名"),
        ("tile/", "摘要值组成的树"),
        ("places/", "选票的地点"),
        ("tally", "签过名的计票结果"),
    ] {
        assert!(page.contains(&format!("href=\"{name}\"")) && page.contains(words), "{name}: {page}");
    }
    let size = app.nobody().get("/log/t1/key").await.expect(200).body.len();
    assert!(page.contains(&format!("{size}字节")) && page.contains("wget -m http://localhost:0/log/t1/"), "{page}");
    assert!(page.contains("href=\"/verify\"") && page.contains("href=\"/campaigns/t1\""), "{page}");
    assert!(browse("/log/t1/tile/entries/").await.text().contains("每个文件最多256张选票"));
    let bare = app.nobody().get("/log/t1/").await.expect(200);
    assert_eq!(bare.headers[header::CACHE_CONTROL], "public, no-cache");
    let bare = bare.text();
    assert_eq!(bare.matches("href=").count(), 8, "a mirror follows these links alone: {bare}");
    assert!(bare.contains("<li><a href=\"tally\">tally</a></li>"), "{bare}");
}
