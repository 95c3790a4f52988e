//! Isolation of handlers: an unsafe request runs in a task of its own. A client that hangs up therefore cancels nothing halfway,
//! and no dropped future leaves a database connection inside an open transaction. A panic is answered like any fault, logged, and
//! harms no other request.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;

use futures_util::FutureExt;
use poem::{Endpoint, Middleware, Request};

use crate::base::error::Error;

/// Middleware that runs each handler in isolation.
pub struct Isolate;

impl<E: Endpoint + 'static> Middleware<E> for Isolate {
    type Output = IsolateEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        IsolateEndpoint(Arc::new(endpoint))
    }
}

/// Endpoint of the middleware [`Isolate`].
pub struct IsolateEndpoint<E>(Arc<E>);

impl<E: Endpoint + 'static> Endpoint for IsolateEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, request: Request) -> poem::Result<Self::Output> {
        let ended = if request.method().is_safe() {
            AssertUnwindSafe(pin!(self.0.call(request))).catch_unwind().await.ok()
        } else {
            let endpoint = Arc::clone(&self.0);
            tokio::spawn(async move { endpoint.call(request).await }).await.ok()
        };
        // The message of the panic is on standard error already.
        ended.unwrap_or_else(|| Err(Error::Internal("handler panicked".to_owned()).into()))
    }
}
