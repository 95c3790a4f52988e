//! HTTP requests to a provider. No redirect is followed, and both the waiting time and the size of an answer are limited.

use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse, SyncHttpClient};
use ureq::Agent;

/// Time in which a provider has to answer. A person waits for the answer.
const TIMEOUT: Duration = Duration::from_secs(8);
/// Most bytes of an answer.
const MAX_ANSWER: u64 = 256 * 1024;

/// Client that sends requests to one provider. A call blocks its thread: use the client outside the threads that answer requests.
#[derive(Clone)]
pub struct Http(Agent);

/// Failure without an answer: the provider is silent, or sends something that is no HTTP answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Silent(String);

impl Http {
    /// A client that speaks TLS only. For a provider on this machine, `tls_only` is false.
    #[must_use]
    pub fn new(tls_only: bool) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .https_only(tls_only)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .build();
        Self(config.new_agent())
    }
}

impl SyncHttpClient for Http {
    type Error = Silent;

    fn call(&self, request: HttpRequest) -> Result<HttpResponse, Silent> {
        let silent = |error: ureq::Error| Silent(error.to_string());
        let (parts, body) = request.into_parts();
        let answer = if body.is_empty() {
            self.0.run(ureq::http::Request::from_parts(parts, ()))
        } else {
            self.0.run(ureq::http::Request::from_parts(parts, body))
        };
        let (parts, mut body) = answer.map_err(silent)?.into_parts();
        let bytes = body.with_config().limit(MAX_ANSWER).read_to_vec().map_err(silent)?;
        Ok(HttpResponse::from_parts(parts, bytes))
    }
}
