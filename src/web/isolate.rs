//! Isolation of handlers: an unsafe request runs in a task of its own. A client that hangs up therefore cancels nothing halfway,
//! and no dropped future leaves a database connection inside an open transaction. A panic is answered like any fault, logged, and
//! harms no other request.

use std::future::ready;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::Either;
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

    fn call(&self, request: Request) -> impl Future<Output = poem::Result<Self::Output>> + Send {
        let ended = if request.method().is_safe() {
            // The layers within begin their work before their future is polled.
            match catch_unwind(AssertUnwindSafe(|| self.0.call(request))) {
                Ok(begun) => Either::Left(Either::Left(AssertUnwindSafe(begun).catch_unwind().map(Result::ok))),
                Err(_) => Either::Left(Either::Right(ready(None))),
            }
        } else {
            let endpoint = Arc::clone(&self.0);
            Either::Right(tokio::spawn(async move { endpoint.call(request).await }).map(Result::ok))
        };
        // The message of the panic is on standard error already.
        ended.map(|ended| ended.unwrap_or_else(|| Err(Error::Internal("handler panicked".to_owned()).into())))
    }
}
