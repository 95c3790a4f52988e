//! The outermost middleware but the one that watches, and the innermost of those that answer for errors.
//!
//! * [`Guard`]: every request gets an id and knows its client; every answer, errors included, carries the id and the security
//!   headers (poem's own header middleware misses errors). What does not say how long it may be kept is not kept.
//! * [`Apart`]: an unsafe request runs in a task of its own: a client that hangs up cancels nothing halfway, and no dropped
//!   future leaves a database connection inside an open transaction. A panic is answered like any fault, logged, and harms no
//!   other request.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;

use futures_util::FutureExt;
use poem::http::{HeaderName, HeaderValue, header};
use poem::{Endpoint, Middleware, Request, Response};

use super::client::Trusted;
use super::problem::RequestId;
use crate::base::error::Error;
use crate::base::keys;

/// Carries the number of a request, in and out.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// See the module.
pub struct Guard {
    /// Whose notes are believed.
    pub trusted: Trusted,
}

impl<E: Endpoint<Output = Response>> Middleware<E> for Guard {
    type Output = GuardEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        GuardEndpoint { endpoint, trusted: self.trusted.clone() }
    }
}

/// See [`Guard`].
pub struct GuardEndpoint<E> {
    endpoint: E,
    trusted: Trusted,
}

impl<E: Endpoint<Output = Response>> Endpoint for GuardEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let id = match given_id(&request).filter(|_| self.trusted.believes(&request)) {
            Some(id) => RequestId(id),
            None => RequestId(hex::encode(keys::random::<6>()?)),
        };
        request.set_data(self.trusted.client(&request));
        request.set_data(id.clone());
        let mut response = self.endpoint.get_response(request).await;
        decorate(&mut response, &id);
        Ok(response)
    }
}

/// The id that came along, where it looks like one: it goes into logs.
fn given_id(request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let fits = (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    fits.then(|| id.to_owned())
}

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const FEATURES: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
    microphone=(), payment=(), usb=()";

fn decorate(response: &mut Response, id: &RequestId) {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), FEATURES),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if headers.contains_key(header::SET_COOKIE) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(REQUEST_ID, value);
    }
}

/// See the module.
pub struct Apart;

impl<E: Endpoint + 'static> Middleware<E> for Apart {
    type Output = ApartEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        ApartEndpoint(Arc::new(endpoint))
    }
}

/// See [`Apart`].
pub struct ApartEndpoint<E>(Arc<E>);

impl<E: Endpoint + 'static> Endpoint for ApartEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, request: Request) -> poem::Result<Self::Output> {
        let ended = if request.method().is_safe() {
            AssertUnwindSafe(pin!(self.0.call(request))).catch_unwind().await.ok()
        } else {
            let endpoint = Arc::clone(&self.0);
            tokio::spawn(async move { endpoint.call(request).await }).await.ok()
        };
        // What the panic said stands on standard error already.
        ended.unwrap_or_else(|| Err(Error::Internal("handler panicked".to_owned()).into()))
    }
}
