//! What a request carries with it through everything that it passes. A future is moved whole wherever one is put into
//! another: when they held all that a slow answer may need, a quarter of the time of a page that was kept went to that.

use poem::{Endpoint, Request};
use shudu::server;

use crate::support::TestApp;

/// Bytes of the future of a request before anything has happened; it was 70,552 once.
const MOST: usize = 12_288;

#[tokio::test]
async fn the_future_of_a_request_is_small() {
    let app = TestApp::new().await;
    let endpoint = server::endpoint(&app.app).unwrap();
    let weight = size_of_val(&endpoint.call(Request::default()));
    assert!(weight <= MOST, "{weight} bytes");
}
