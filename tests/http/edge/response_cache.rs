//! The cache of public pages: many requests for one page render it once, and a page that is not public is shared with nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use poem::endpoint::make;
use poem::http::header;
use poem::{Response, Route};
use shudu::web::response_cache::Cacheable;

use testing::TestApp;

/// A product with one slow address, and the number of its renderings.
async fn slow(is_cacheable: bool) -> (TestApp, Arc<AtomicUsize>) {
    let rendered = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&rendered);
    let endpoint = make(move |_| {
        let count = Arc::clone(&count);
        async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let number = count.fetch_add(1, Ordering::Relaxed);
            let mut response = Response::builder().content_type("text/plain").body(format!("page {number}"));
            if is_cacheable {
                response.extensions_mut().insert(Cacheable);
            }
            Ok::<_, poem::Error>(response)
        }
    });
    (TestApp::new().await.serving(Route::new().at("/slow", endpoint)), rendered)
}

async fn texts(app: &TestApp, requests: usize) -> Vec<String> {
    let person = app.nobody();
    let all = (0..requests).map(|_| async { person.get("/slow").await.expect(200).text() });
    futures_util::future::join_all(all).await
}

#[tokio::test]
async fn requests_for_one_page_wait_for_one_rendering() {
    let (app, rendered) = slow(true).await;
    assert_eq!(texts(&app, 20).await, vec!["page 0"; 20]);
    assert_eq!(rendered.load(Ordering::Relaxed), 1);
    app.app.stores.main.announce().await.unwrap();
    assert_eq!(texts(&app, 20).await, vec!["page 1"; 20], "something public was written");
    app.clock.wait(chrono::TimeDelta::seconds(5));
    assert_eq!(texts(&app, 20).await, vec!["page 2"; 20], "the bytes are too old");
}

#[tokio::test]
async fn an_answer_that_is_not_for_everyone_is_rendered_for_each() {
    let (app, rendered) = slow(false).await;
    let mut texts = texts(&app, 20).await;
    texts.sort();
    texts.dedup();
    assert_eq!((texts.len(), rendered.load(Ordering::Relaxed)), (20, 20));
}

#[tokio::test]
async fn equal_bytes_have_one_entity_tag_whoever_computed_it() {
    let app = TestApp::new().await;
    let first = app.nobody().get("/campaigns").await.expect(200);
    let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
    assert!(tag.len() == 34 && tag.starts_with('"'), "{tag}");
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&first.body);
    assert_eq!(tag, format!("\"{}\"", hex::encode(&digest[..16])));
}
