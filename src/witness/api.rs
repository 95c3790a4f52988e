//! The witness over HTTP: C2SP tlog-witness.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use poem::http::StatusCode;
use poem::middleware::AddData;
use poem::web::Data;
use poem::{Body, EndpointExt, Response, Route, get, handler, post};
use public_log::cosignature::Witness;
use public_log::note::Verifier;
use public_log::witness::{Refusal, Request};

use super::memory::Memory;
use crate::base::clock::Clock;
use crate::base::error::{Error, Result};
use crate::base::files;
use crate::edge::Edge;
use crate::server;

/// Most bytes of a request: a checkpoint with its signatures, and 63 hashes.
const MAX_BODY: usize = 32 * 1024;

/// A witness that answers requests.
pub struct Service {
    /// Memory of the witness. The lock is held from the look at the last checkpoint until the new one is on disk.
    memory: Mutex<Memory>,
    logs: Vec<Verifier>,
    clock: Clock,
}

impl Service {
    /// A witness with this memory, which watches these logs.
    #[must_use]
    pub fn new(memory: Memory, logs: Vec<Verifier>, clock: Clock) -> Self {
        Self { memory: Mutex::new(memory), logs, clock }
    }

    /// The key by which others check the cosignatures.
    ///
    /// # Errors
    /// A poisoned lock: a thread panicked while it held the memory.
    pub fn witness(&self) -> Result<Witness> {
        Ok(self.memory.lock().map_err(|_| broken())?.witness())
    }

    /// The cosignature line for a request, or why there is none.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn answer(&self, text: &str) -> Result<std::result::Result<String, Refusal>> {
        let Some(request) = Request::read(text) else {
            return Ok(Err(Refusal::Malformed));
        };
        let mut memory = self.memory.lock().map_err(|_| broken())?;
        let last = memory.last(request.origin());
        let checkpoint = match request.judge(&self.logs, last.as_ref()) {
            Ok(checkpoint) => checkpoint,
            Err(refusal) => {
                if matches!(refusal, Refusal::Fork(_) | Refusal::Unproven) {
                    // The log signed this checkpoint, so the log record is evidence.
                    tracing::error!(known = ?last, note = request.note, "a checkpoint that does not follow: {refusal:?}");
                }
                return Ok(Err(refusal));
            }
        };
        let now = self.clock.system().timestamp().unsigned_abs();
        let line = memory.cosign(&checkpoint, request.note, now)?;
        tracing::info!(origin = checkpoint.origin, size = checkpoint.size, "cosigned");
        Ok(Ok(line))
    }
}

fn broken() -> Error {
    Error::Internal("the witness broke down".to_owned())
}

/// Serves until SIGTERM or SIGINT. `ready` receives the bound address.
///
/// # Errors
/// An address that cannot be bound.
pub async fn serve(service: Service, listen: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let route = Route::new().at("/add-checkpoint", post(add_checkpoint)).at("/", get(about));
    server::listen(listen, &Edge::default(), route.with(AddData::new(Arc::new(service))), server::stopped(), ready)
        .await
}

/// The verifier key, for everybody who wants to name this witness.
#[handler]
fn about(service: Data<&Arc<Service>>) -> Result<String> {
    Ok(format!("{}\n", service.witness()?))
}

#[handler]
async fn add_checkpoint(service: Data<&Arc<Service>>, body: Body) -> Response {
    let text = match body.into_bytes_limit(MAX_BODY).await {
        Ok(bytes) => String::from_utf8(bytes.to_vec()).unwrap_or_default(),
        Err(_) => String::new(),
    };
    let service = Arc::clone(&service);
    match files::blocking(move || service.answer(&text)).await {
        Ok(Ok(line)) => answer(StatusCode::OK, "text/plain; charset=utf-8", line),
        Ok(Err(refusal)) => refused(&refusal),
        Err(error) => {
            tracing::error!(error = %error, "witness");
            answer(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", "not cosigned\n".to_owned())
        }
    }
}

fn refused(refusal: &Refusal) -> Response {
    let (status, words) = match refusal {
        Refusal::Malformed => (StatusCode::BAD_REQUEST, "not of the form"),
        Refusal::UnknownLog => (StatusCode::NOT_FOUND, "this log is not watched"),
        Refusal::Unsigned => (StatusCode::FORBIDDEN, "not signed by the key of this log"),
        Refusal::Unproven => (StatusCode::UNPROCESSABLE_ENTITY, "the proof does not show that the log only grew"),
        Refusal::Conflict(size) | Refusal::Fork(size) => {
            return answer(StatusCode::CONFLICT, "text/x.tlog.size", format!("{size}\n"));
        }
    };
    answer(status, "text/plain; charset=utf-8", format!("{words}\n"))
}

fn answer(status: StatusCode, media: &str, body: String) -> Response {
    Response::builder().status(status).content_type(media).body(body)
}
