//! The end of a request (request smuggling). A request that a proxy and this server could cut apart in two ways is refused, and
//! text inside or behind a request is never answered as a request of its own.

use std::time::Duration;

use futures_util::future::join_all;

use super::listening::{Site, rest};

/// The smuggled request. An answer to it says `ok`.
const HIDDEN: &str = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
const BODY: &str = "login=nobody&password=x";

/// A sign-in with the given header lines about its length, and with the smuggled request behind it.
fn sign_in(lines: &str, body: &str) -> String {
    let media = "application/x-www-form-urlencoded";
    format!("POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: {media}\r\n{lines}\r\n\r\n{body}{HIDDEN}")
}

/// A body in chunked encoding: one chunk and the last chunk.
fn chunked(body: &str) -> String {
    format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
}

/// All answers until the server closes the connection.
async fn answered(site: &Site, said: &str) -> String {
    let mut socket = site.says(said).await;
    rest(&mut socket).await.unwrap_or_else(|| panic!("not closed: {said:?}"))
}

fn answers(text: &str) -> usize {
    text.matches("HTTP/1.1 ").count()
}

/// The server's deadline for idle connections is longer here than the test waits. So a closed connection was closed for its
/// request.
#[tokio::test(flavor = "multi_thread")]
async fn a_length_that_can_be_read_in_two_ways_is_refused_with_everything_behind_it() {
    let site = Site::new(|_| ()).await;
    let (length, longer) = (BODY.len(), BODY.len() + HIDDEN.len());
    let clear = answered(&site, &sign_in(&format!("Content-Length: {length}"), BODY)).await;
    assert!(answers(&clear) == 2 && clear.ends_with("ok\n"), "with one length both are answered: {clear}");
    let chunks = chunked(BODY);
    for (lines, body) in [
        // Two lengths.
        (format!("Content-Length: {length}\r\nContent-Length: {longer}"), BODY),
        (format!("Content-Length: {longer}\r\nContent-Length: {length}"), BODY),
        (format!("Content-Length: {length}, {longer}"), BODY),
        (format!("Content-Length: +{length}"), BODY),
        // Header lines that continue in the next line (obsolete line folding): a part of the value for some servers, a header for
        // others.
        (format!("Content-Length: {length}\r\nX-Note: a\r\n Transfer-Encoding: chunked"), BODY),
        (format!("X-Note: a\r\n\tContent-Length: {longer}\r\nContent-Length: {length}"), BODY),
        ("Transfer-Encoding:\r\n chunked".to_owned(), chunks.as_str()),
        // A blank before the colon: another header name for some servers, the usual one for others.
        (format!("Content-Length: {length}\r\nTransfer-Encoding : chunked"), BODY),
        ("Transfer-Encoding : chunked".to_owned(), chunks.as_str()),
        (format!("Content-Length : {longer}\r\nContent-Length: {length}"), BODY),
        // Transfer codings that are chunked for some servers only.
        ("Transfer-Encoding: xchunked".to_owned(), chunks.as_str()),
        ("Transfer-Encoding: chunked, identity".to_owned(), chunks.as_str()),
    ] {
        let text = answered(&site, &sign_in(&lines, body)).await;
        assert!(text.starts_with("HTTP/1.1 400"), "{lines:?}: {text}");
        assert_eq!(answers(&text), 1, "{lines:?}: {text}");
    }
}

/// A request with both a length and chunks is read by its chunks (RFC 9112, 6.3), in either order of the two headers. The
/// connection ends with the answer.
#[tokio::test(flavor = "multi_thread")]
async fn beside_chunks_no_length_counts_and_nothing_behind_them_is_answered() {
    let site = Site::new(|_| ()).await;
    let body = chunked(BODY);
    let chunks = "Transfer-Encoding: chunked".to_owned();
    for wrong in [5, body.len() + HIDDEN.len()] {
        let length = format!("Content-Length: {wrong}");
        for lines in [[&length, &chunks], [&chunks, &length]] {
            let lines = lines.map(String::as_str).join("\r\n");
            let text = answered(&site, &sign_in(&lines, &body)).await;
            assert!(text.starts_with("HTTP/1.1 422"), "{lines:?}: {text}");
            assert!(text.contains("value=\"nobody\""), "{lines:?}: read by its chunks: {text}");
            assert_eq!(answers(&text), 1, "{lines:?}: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_nobody_reads_is_not_answered_as_a_request() {
    let site = Site::new(|edge| edge.deadlines.idle = Duration::from_secs(1)).await;
    let length = format!("Content-Length: {}\r\n\r\n{HIDDEN}", HIDDEN.len());
    let chunks = format!("Transfer-Encoding: chunked\r\n\r\n{}", chunked(HIDDEN));
    let requests = [
        ("GET /healthz HTTP/1.1\r\n", 200),
        ("POST /nowhere HTTP/1.1\r\n", 404),
        ("POST /sign-in HTTP/1.1\r\nSec-Fetch-Site: cross-site\r\n", 403),
    ];
    let asked = requests.iter().flat_map(|(line, status)| [&length, &chunks].map(|body| (line, status, body)));
    let site = &site;
    join_all(asked.map(|(line, status, body)| async move {
        let text = answered(site, &format!("{line}Host: a\r\n{body}")).await;
        assert!(text.starts_with(&format!("HTTP/1.1 {status}")), "{line:?}: {text}");
        assert_eq!(answers(&text), 1, "{line:?}: {text}");
    }))
    .await;
}

/// A proxy may route by the first Host line, and a server answer by the last (RFC 9112, 3.2).
#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_exactly_one_host_line_is_refused() {
    let site = Site::new(|_| ()).await;
    for lines in ["", "Host: a\r\nHost: b\r\n", "Host: a\r\nHost: a\r\n", "Host: a\r\nX: y\r\nhost: b\r\n"] {
        let text = answered(&site, &format!("GET /healthz HTTP/1.1\r\n{lines}\r\n{HIDDEN}")).await;
        assert!(text.starts_with("HTTP/1.1 400") && answers(&text) == 1, "{lines:?}: {text}");
    }
    for host in ["", " ", "a, b", "a b", "a/b", "a@b", "a:b", "[a]"] {
        let text = answered(&site, &format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n{HIDDEN}")).await;
        assert!(text.starts_with("HTTP/1.1 400") && answers(&text) == 1, "{host:?}: {text}");
    }
    for host in ["shudu.example", "shudu.example:8443", "127.0.0.1:80", "[::1]:80"] {
        let text =
            answered(&site, &format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
        assert!(text.starts_with("HTTP/1.1 200"), "{host:?}: {text}");
    }
    let old = answered(&site, "GET /healthz HTTP/1.0\r\n\r\n").await;
    assert!(old.starts_with("HTTP/1.0 200"), "HTTP/1.0 has no Host line: {old}");
}
