//! The API document as a page: light, the calls for everybody first, every call and every object once.

use serde_json::Value;

use testing::TestApp;

/// Largest size of the page on the wire, in bytes.
const MOST: usize = 40_000;

#[tokio::test]
async fn the_page_has_every_call_in_its_part_and_is_light() {
    let app = TestApp::new().await;
    let document: Value = app.nobody().get("/api/v1/openapi.json").await.expect(200).json();
    for (path, language) in [("/api/docs", "zh-CN"), ("/api/docs?lang=en", "en")] {
        let answer = app.nobody().get(path).await.expect(200);
        let page = answer.text();
        let size = shudu::web::assets::gzip(page.as_bytes()).len();
        assert!(size <= MOST, "{path}: {size} bytes");
        assert!(page.contains(&format!("<html lang=\"{language}\"")), "{path}");
        assert!(
            page.contains("class=\"brand\"") && page.contains("href=\"/api/explorer\""),
            "the head, and the explorer"
        );
        let staff = page.find("id=\"staff-").unwrap();
        let mut calls = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let call =
                    format!("<code>{} {}</code>", method.to_uppercase(), path.replace('{', ":").replace('}', ""));
                let at = page.find(&call).unwrap_or_else(|| panic!("{call} is missing"));
                assert_eq!(page.matches(&call).count(), 1, "{call}");
                if operation.get("security").is_some() {
                    assert!(at > staff, "{call} is a call of staff");
                }
                calls += 1;
            }
        }
        assert!(calls > 90, "{calls}");
        for public in ["GET /dashboard", "POST /campaigns/:slug/ballots", "GET /receipts/:receipt"] {
            assert!(page.find(&format!("<code>{public}</code>")).unwrap() < staff, "{public}");
        }
        for link in page.split("href=\"#").skip(1) {
            let anchor = link.split('"').next().unwrap();
            assert!(page.contains(&format!("id=\"{anchor}\"")), "nothing is named {anchor}");
        }
    }
}

#[tokio::test]
async fn the_document_says_which_calls_need_a_session() {
    let app = TestApp::new().await;
    let document: Value = app.nobody().get("/api/v1/openapi.json").await.expect(200).json();
    assert_eq!(document["components"]["securitySchemes"]["session"]["scheme"], "bearer");
    let needs = |path: &str, method: &str| document["paths"][path][method].get("security").is_some();
    for (path, method) in
        [("/account", "get"), ("/campaigns", "post"), ("/audit", "get"), ("/sessions/current", "delete")]
    {
        assert!(needs(path, method), "{method} {path}");
    }
    for (path, method) in [
        ("/dashboard", "get"),
        ("/campaigns/{slug}/ballots", "post"),
        ("/sessions", "post"),
        ("/receipts/{receipt}", "get"),
    ] {
        assert!(!needs(path, method), "{method} {path}");
    }
    let explorer = app.nobody().get("/api/explorer").await.expect(200).text();
    assert!(explorer.contains("securitySchemes"));
}
