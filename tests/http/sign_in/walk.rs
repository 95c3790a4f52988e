//! Lists of every staff page and every operation. Pages come from the routes of the product, operations from the API document.

use std::collections::BTreeSet;

use poem::http::Method;
use regex::Regex;
use serde_json::Value;

use testing::TestApp;

/// Fills a pattern with values; the named objects need not exist.
fn filled(pattern: &str) -> String {
    let part = Regex::new(r"[:{]([a-z_0-9]+)\}?").unwrap();
    let value = |name: &str| match name {
        "year" => "2018",
        "number" => "1",
        "province" => "320000",
        "sha256" | "key" | "hash" => "0000000000000000000000000000000000000000000000000000000000000000",
        _ => "x1",
    };
    part.replace_all(pattern, |found: &regex::Captures<'_>| value(&found[1]).to_owned()).into_owned()
}

/// Patterns of all desk pages.
pub fn desk_patterns() -> Vec<String> {
    let pages = shudu::router::pages();
    let patterns: BTreeSet<_> = pages.entries().iter().map(|(_, pattern, _)| pattern.clone()).collect();
    let found: Vec<_> = patterns.into_iter().filter(|pattern| pattern.starts_with("/desk")).collect();
    assert!(found.len() > 30, "{found:?}");
    found
}

/// All desk addresses; some accept only forms.
pub fn desk_pages() -> Vec<String> {
    let moves = entity::stored::Move::ALL.iter().map(|noun| format!("/desk/assignments/:issue/:province/{noun}"));
    desk_patterns().into_iter().chain(moves).map(|pattern| filled(&pattern)).collect()
}

/// All operations of the API.
pub fn operations() -> Vec<(Method, String)> {
    let document: Value = serde_json::from_str(&shudu::router::api().spec()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            found.push((method, filled(&format!("/api/v1{path}"))));
        }
    }
    assert!(found.len() > 40);
    found
}

/// Whether an operation requires no sign-in.
pub async fn is_open_to_anybody(app: &TestApp, method: &Method, path: &str) -> bool {
    let media = (*method != Method::GET).then_some("application/json");
    let answer = app.nobody().send(method.clone(), path, media, b"{}".to_vec()).await;
    answer.status.as_u16() != 401
}
