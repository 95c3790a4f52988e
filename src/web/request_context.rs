//! The context of a request: its id, its client, and the headers of every answer. A preflight (CORS), in which a browser asks
//! ahead of a request, is answered here.
//!
//! Every answer, errors included, carries the id and the security headers. The header middleware of poem would miss errors.

use poem::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Middleware, Request, Response};

use super::client::Trusted;
use super::policy::{OtherSites, Policy};
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
        let mut other_sites = Policy::of(&request).other_sites;
        let mut response = if is_preflight(&request, other_sites) {
            preflight_answer()
        } else {
            if request.method() == Method::OPTIONS {
                other_sites = OtherSites::None;
            }
            self.endpoint.get_response(request).await
        };
        security_headers::add(response.headers_mut(), other_sites);
        if let Ok(value) = HeaderValue::from_str(&id.0) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        Ok(response)
    }
}

/// Whether a browser asks ahead of a request if scripts of another site may read an answer that everybody may read.
fn is_preflight(request: &Request, other_sites: OtherSites) -> bool {
    let asked = request.header(header::ACCESS_CONTROL_REQUEST_METHOD);
    request.method() == Method::OPTIONS && other_sites == OtherSites::Read && matches!(asked, Some("GET" | "HEAD"))
}

/// The answer to a preflight: GET and HEAD, without headers beyond those that need no question, for a day.
fn preflight_answer() -> Response {
    Response::builder()
        .status(StatusCode::NO_CONTENT)
        .header(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD")
        .header(header::ACCESS_CONTROL_MAX_AGE, "86400")
        .finish()
}

/// Id that the request carries, if the id has a valid form: the id goes into logs.
fn given_id(request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let fits = (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    fits.then(|| id.to_owned())
}
