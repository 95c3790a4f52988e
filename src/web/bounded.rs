//! What comes as JSON or as a form without files is read up to a limit before a handler sees it: whatever length the
//! sender claims, the bytes are counted. Files are counted by those who take them.

use poem::http::header;
use poem::{Endpoint, Middleware, Request};

use super::form::MOST_TEXT;
use crate::error::Error;

/// See the module.
pub struct Bounded;

impl<E: Endpoint> Middleware<E> for Bounded {
    type Output = BoundedEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        BoundedEndpoint(endpoint)
    }
}

/// See [`Bounded`].
pub struct BoundedEndpoint<E>(E);

impl<E: Endpoint> Endpoint for BoundedEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, mut request: Request) -> poem::Result<Self::Output> {
        if !request.method().is_safe() && is_text(&request) {
            let body = request.take_body().into_bytes_limit(MOST_TEXT).await;
            request.set_body(body.map_err(|_| Error::TooLarge(MOST_TEXT as u64))?);
        }
        self.0.call(request).await
    }
}

fn is_text(request: &Request) -> bool {
    let media = request.header(header::CONTENT_TYPE).unwrap_or("").to_ascii_lowercase();
    media.starts_with("application/json") || media.starts_with("application/x-www-form-urlencoded")
}
