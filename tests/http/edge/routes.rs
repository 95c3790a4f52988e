//! All addresses of the product, with example values.

use std::collections::BTreeMap;

use poem::http::Method;
use testing::TestApp;

/// An address with its methods.
#[derive(Clone, Debug)]
pub struct Address {
    /// Path with example values.
    pub path: String,
    /// Methods that the address takes.
    pub methods: Vec<Method>,
}

/// All calls and all pages.
pub fn all() -> Vec<Address> {
    let mut found: BTreeMap<String, Vec<Method>> = BTreeMap::new();
    for (method, pattern, _) in shudu::router::entries() {
        found.entry(filled(&pattern)).or_default().push(method);
    }
    assert!(found.len() > 140, "{}", found.len());
    found.into_iter().map(|(path, methods)| Address { path, methods }).collect()
}

/// Fills a pattern with fitting values: the dispatched campaign `t1` and its first issue in Jiangsu.
pub fn filled(pattern: &str) -> String {
    let value = |part: &str| match part {
        ":slug" | ":campaign" => "t1".to_owned(),
        ":issue" | ":code" if !pattern.contains("/provinces/:code") => "T1-1".to_owned(),
        ":province" | ":code" => "320000".to_owned(),
        ":part" => "issues".to_owned(),
        ":login" => "organiser".to_owned(),
        ":year" => "2018".to_owned(),
        "*path" => "t1/checkpoint".to_owned(),
        part if part.starts_with([':', '*']) => "1".to_owned(),
        part => part.to_owned(),
    };
    pattern.split('/').map(value).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn an_address_with_the_end_of_a_sentence_leads_to_the_address() {
    let app = TestApp::new().await;
    for (sent, meant) in [
        ("/campaigns/", "/campaigns"),
        ("/dashboard.", "/dashboard"),
        ("/privacy%E3%80%82", "/privacy"),
        ("/receipts)?lang=en", "/receipts?lang=en"),
        ("/provinces/320000/,", "/provinces/320000"),
    ] {
        let answer = app.nobody().get(sent).await.expect(308);
        assert_eq!(answer.headers["location"], meant, "{sent}");
    }
    let head = app.nobody().send(Method::HEAD, "/campaigns/", None, Vec::new()).await.expect(308);
    assert_eq!(head.headers["location"], "/campaigns");
    for elsewhere in ["/nowhere", "//evil.example/", "/%2Fevil.example/."] {
        app.nobody().get(elsewhere).await.expect(404);
    }
    app.nobody().get("/api/v1/campaigns/").await.expect(404);
}

#[tokio::test]
async fn a_desk_page_leads_to_the_sign_in_and_back_by_head_as_by_get() {
    let app = TestApp::new().await;
    for method in [Method::GET, Method::HEAD] {
        let answer =
            app.nobody().send(method.clone(), "/desk/campaigns?done=rules", None, Vec::new()).await.expect(303);
        assert_eq!(answer.headers["location"], "/sign-in?next=/desk/campaigns%3Fdone%3Drules", "{method}");
    }
}
