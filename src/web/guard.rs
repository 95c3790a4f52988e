//! The outermost middleware.
//!
//! * Every answer, errors included, carries a request id and the security headers (poem's own header middleware misses
//!   errors).
//! * An unsafe request runs in a task of its own: a client that hangs up cancels nothing halfway, and no dropped future
//!   leaves a database connection inside an open transaction.
//! * A panic in a handler is answered, logged, and harms no other request.

use std::sync::Arc;
use std::time::Instant;

use poem::http::{HeaderName, HeaderValue, header};
use poem::{Endpoint, Middleware, Request, Response};

use super::problem::RequestId;
use crate::error::Error;
use crate::keys;

/// See the module.
pub struct Guard;

impl<E: Endpoint<Output = Response> + 'static> Middleware<E> for Guard {
    type Output = GuardEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        GuardEndpoint(Arc::new(endpoint))
    }
}

/// See [`Guard`].
pub struct GuardEndpoint<E>(Arc<E>);

impl<E: Endpoint<Output = Response> + 'static> Endpoint for GuardEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let started = Instant::now();
        let id = RequestId(hex::encode(keys::random::<6>()?));
        request.set_data(id.clone());
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let result = if method.is_safe() {
            self.0.call(request).await
        } else {
            let endpoint = Arc::clone(&self.0);
            tokio::spawn(async move { endpoint.call(request).await }).await.unwrap_or_else(|panic| {
                tracing::error!(request = %id.0, error = %panic, "handler panicked");
                Err(Error::Internal("handler panicked".to_owned()).into())
            })
        };
        let mut response = result.unwrap_or_else(|error| error.into_response());
        decorate(&mut response, &path, &id);
        tracing::debug!(
            request = %id.0, method = %method, status = response.status().as_u16(),
            micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX), "answered"
        );
        Ok(response)
    }
}

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The API explorer brings its own inline script and style; it shows the public document and nothing else.
const EXPLORER_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

fn decorate(response: &mut Response, path: &str, id: &RequestId) {
    let policy = if path.starts_with("/api/docs") { EXPLORER_POLICY } else { POLICY };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}
