//! The Host line of a request: exactly one (RFC 9112, section 3.2). Two lines could be read differently by a proxy and by this
//! server.

use std::future::ready;

use futures_util::future::Either;
use poem::http::{StatusCode, Version, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

/// Middleware of the listener that refuses requests of HTTP/1.1 without one Host line.
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
    let lines = request.headers().get_all(header::HOST).iter().count();
    lines == 1 || (lines == 0 && request.version() < Version::HTTP_11)
}

/// Answer in plain text: without a host the request belongs to no site with pages.
fn refusal() -> Response {
    let text = "A request has exactly one Host line (RFC 9112, section 3.2).\n";
    let answer = Response::builder().status(StatusCode::BAD_REQUEST).content_type("text/plain; charset=utf-8");
    answer.header(header::CONNECTION, "close").body(text)
}
