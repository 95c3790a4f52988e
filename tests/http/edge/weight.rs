//! The size of a request's future. Nesting a future in another one moves it as a whole. When futures held everything that a slow
//! answer may need, these moves took a quarter of the time of a cached page.

use poem::{Endpoint, Request};
use shudu::server;

use testing::TestApp;

/// Most bytes that the future of a fresh request may have; an earlier version had 70,552.
const MOST: usize = 11_264;

#[tokio::test]
async fn the_future_of_a_request_is_small() {
    let app = TestApp::new().await;
    let endpoint = server::endpoint(&app.app).unwrap();
    let weight = size_of_val(&endpoint.call(Request::default()));
    assert!(weight <= MOST, "{weight} bytes");
}
