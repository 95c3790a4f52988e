//! Cross-site refusal: an unsafe request must come from our own pages or from a program.
//!
//! Browsers say where a request comes from (`Sec-Fetch-Site`, else `Origin`), pages cannot forge it, and public pages stay
//! free of tokens, so that they can be kept and shared. A program that sends a bearer token, or no cookie at all, is not a
//! browser carrying somebody's session; it is let through.

use poem::http::header;
use poem::{Endpoint, Middleware, Request};

use crate::error::{Error, Refusal};

/// See the module.
pub struct Origin;

impl<E: Endpoint> Middleware<E> for Origin {
    type Output = OriginEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        OriginEndpoint(endpoint)
    }
}

/// See [`Origin`].
pub struct OriginEndpoint<E>(E);

impl<E: Endpoint> Endpoint for OriginEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, request: Request) -> poem::Result<Self::Output> {
        if request.method().is_safe() || is_own(&request) {
            self.0.call(request).await
        } else {
            Err(Error::Forbidden(Refusal::new("cross_site")).into())
        }
    }
}

fn is_own(request: &Request) -> bool {
    if let Some(site) = request.header("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    match request.header(header::ORIGIN) {
        Some(origin) => {
            let host = request.header(header::HOST).unwrap_or("");
            origin.split_once("://").is_some_and(|(_, from)| !host.is_empty() && from == host)
        }
        // Neither header: no browser of the last years. Without a cookie there is no session to abuse.
        None => request.header(header::COOKIE).is_none(),
    }
}
