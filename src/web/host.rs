//! The Host line of a request: exactly one, with a name or an address and at most a port (RFC 9112, section 3.2; RFC 3986, section
//! 3.2.2). Two lines, or a line with anything else, could be read differently by a proxy and by this server.

use std::future::ready;

use futures_util::future::Either;
use poem::http::{StatusCode, Version, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

/// Middleware of the listener that refuses requests of HTTP/1.1 without one Host line, and every request with an unreadable host.
pub struct OneHost;

impl<E: Endpoint> Middleware<E> for OneHost {
    type Output = OneHostEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        OneHostEndpoint(endpoint)
    }
}

/// Endpoint of the middleware [`OneHost`].
pub struct OneHostEndpoint<E>(E);

impl<E: Endpoint> Endpoint for OneHostEndpoint<E> {
    type Output = Response;

    fn call(&self, request: Request) -> impl Future<Output = poem::Result<Self::Output>> + Send {
        if is_clear(&request) {
            Either::Left(async { self.0.call(request).await.map(IntoResponse::into_response) })
        } else {
            Either::Right(ready(Ok(refusal())))
        }
    }
}

fn is_clear(request: &Request) -> bool {
    let mut lines = request.headers().get_all(header::HOST).iter();
    match (lines.next(), lines.next()) {
        (Some(host), None) => is_host(host.as_bytes()),
        (None, _) => request.version() < Version::HTTP_11,
        (Some(_), Some(_)) => false,
    }
}

/// Whether the bytes are a name, an IPv4 address or an IPv6 address in brackets, with a port or without one.
fn is_host(line: &[u8]) -> bool {
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let (is_named, rest) = match line.strip_prefix('[').and_then(|line| line.split_once(']')) {
        Some((address, rest)) => (address.parse::<std::net::Ipv6Addr>().is_ok(), rest),
        None => {
            let (name, rest) = line.split_at(line.find(':').unwrap_or(line.len()));
            let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
            (!name.is_empty() && name.bytes().all(is_letter), rest)
        }
    };
    let port = rest.strip_prefix(':').unwrap_or_default();
    is_named && (rest.is_empty() || rest.starts_with(':')) && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Answer in plain text: without a host the request belongs to no site with pages.
fn refusal() -> Response {
    let text = "A request has exactly one Host line, with a host and at most a port (RFC 9112, section 3.2).\n";
    let answer = Response::builder().status(StatusCode::BAD_REQUEST).content_type("text/plain; charset=utf-8");
    answer.header(header::CONNECTION, "close").body(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_with_at_most_a_port() {
        for host in
            ["a", "shudu.example", "xn--fiqs8s.example:8443", "a_b.", "127.0.0.1:80", "[::1]", "[2001:db8::1]:80", "a:"]
        {
            assert!(is_host(host.as_bytes()), "{host:?}");
        }
        for other in [
            "",
            " ",
            ":80",
            "a, b",
            "a,b",
            "a b",
            "a/b",
            "a\\b",
            "a@b",
            "a?b",
            "a#b",
            "a:b",
            "a:80:80",
            "[::1",
            "[a]",
            "[::1]b",
            "\u{6570}.example",
        ] {
            assert!(!is_host(other.as_bytes()), "{other:?}");
        }
    }
}
