//! The context of a request: its id, its client, and the headers of every answer.
//!
//! Every answer, errors included, carries the id and the security headers. The header middleware of poem would miss errors.

use poem::http::{HeaderName, HeaderValue};
use poem::{Endpoint, Middleware, Request, Response};

use super::client::Trusted;
use super::problem::RequestId;
use super::security_headers;
use crate::base::keys;

/// Header with the id of a request, in requests and answers.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Middleware that adds the context of a request.
pub struct RequestContext {
    /// Proxies whose headers are believed.
    pub trusted: Trusted,
}

impl<E: Endpoint<Output = Response>> Middleware<E> for RequestContext {
    type Output = RequestContextEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        RequestContextEndpoint { endpoint, trusted: self.trusted.clone() }
    }
}

/// Endpoint of the middleware [`RequestContext`].
pub struct RequestContextEndpoint<E> {
    endpoint: E,
    trusted: Trusted,
}

impl<E: Endpoint<Output = Response>> Endpoint for RequestContextEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let id = match given_id(&request).filter(|_| self.trusted.believes(&request)) {
            Some(id) => RequestId(id),
            None => RequestId(hex::encode(keys::random::<6>()?)),
        };
        request.set_data(self.trusted.client(&request));
        request.set_data(id.clone());
        let mut response = self.endpoint.get_response(request).await;
        security_headers::add(response.headers_mut());
        if let Ok(value) = HeaderValue::from_str(&id.0) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        Ok(response)
    }
}

/// Id that the request carries, if the id has a valid form: the id goes into logs.
fn given_id(request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let fits = (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    fits.then(|| id.to_owned())
}
