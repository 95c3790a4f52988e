//! Addresses that cannot be read: bytes that are not UTF-8, NUL, which one of the two databases cannot store, and parameters that
//! are given twice.
//!
//! Such a path names nothing (404), and such a query is a fault of the client (422). The answer is the same with both databases,
//! because no store is asked.

use std::future::ready;

use futures_util::future::Either;
use poem::http::Uri;
use poem::{Endpoint, Middleware, Request};

use super::query;
use crate::base::error::{Error, Refusal, Result};

/// Middleware that refuses addresses that cannot be read.
pub struct WellFormed;

impl<E: Endpoint> Middleware<E> for WellFormed {
    type Output = WellFormedEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        WellFormedEndpoint(endpoint)
    }
}

/// Endpoint of the middleware [`WellFormed`].
pub struct WellFormedEndpoint<E>(E);

impl<E: Endpoint> Endpoint for WellFormedEndpoint<E> {
    type Output = E::Output;

    // No future of its own: an `async fn` would carry the request once more.
    fn call(&self, request: Request) -> impl Future<Output = poem::Result<Self::Output>> + Send {
        match check(request.uri()) {
            Ok(()) => Either::Left(self.0.call(request)),
            Err(error) => Either::Right(ready(Err(error.into()))),
        }
    }
}

/// # Errors
/// `NotFound` for the path; `Invalid` with `malformed` for the query, with `named_twice` for a parameter.
fn check(address: &Uri) -> Result<()> {
    if !is_readable(address.path()) {
        return Err(Error::NotFound("page"));
    }
    if !is_readable(address.query().unwrap_or_default()) {
        return Err(Error::field("request", Refusal::new("malformed")));
    }
    match query::given_twice(address.query().unwrap_or_default()) {
        Some(name) => Err(query::named_twice(&name)),
        None => Ok(()),
    }
}

fn is_readable(part: &str) -> bool {
    // Without an escape there is no byte that is not a character of the address itself.
    !part.contains('%') || std::str::from_utf8(&query::decode(part.as_bytes())).is_ok_and(|part| !part.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_refused_in_a_path_and_in_a_query() {
        let answer = |address: &str| check(&address.parse().unwrap()).map_err(|error| error.status()).err();
        for (address, expected) in [
            ("/issues/S1-03?lang=en", None),
            ("/issues/%E5%8A%9E?q=%E5%8A%9E+%25", None),
            ("/issues/%", None),
            ("/issues/%00", Some(404)),
            ("/issues/%B0%EC", Some(404)),
            ("/issues/S1-03?q=a%00b", Some(422)),
            ("/issues/S1-03?q=%B0%EC", Some(422)),
            ("/issues/S1-03?q=%ED%A0%80", Some(422)),
            ("/issues?q=a&province=110000&&", None),
            ("/issues?q=a&q=a", Some(422)),
            ("/issues?q=a&%71=b", Some(422)),
            ("/issues?q&q", Some(422)),
        ] {
            assert_eq!(answer(address), expected, "{address}");
        }
    }
}
