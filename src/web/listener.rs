//! The accept loop: HTTP/1.1 over the connections of [`TimeoutAcceptor`].
//!
//! # Why
//! The server of poem 3.1 wraps every socket in a type without vectored writes, behind a lock between its two halves. So hyper copies
//! every body into the buffer of the header. Here hyper writes header and body from where they are, with one system call.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use poem::Endpoint;
use poem::http::{Request, Response};
use poem::listener::Acceptor;

use super::connection::TimeoutAcceptor;

/// Serves an endpoint until `stop` ends. Then no connection is accepted any more, and requests under way have `patience` to end.
pub async fn serve(
    mut acceptor: TimeoutAcceptor,
    endpoint: impl Endpoint + 'static,
    stop: impl Future<Output = ()>,
    patience: Duration,
) {
    let (endpoint, connections) = (Arc::new(endpoint), GracefulShutdown::new());
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = acceptor.accept() => accepted,
        };
        let Ok((socket, local, remote, scheme)) = accepted else {
            continue;
        };
        let endpoint = Arc::clone(&endpoint);
        let service = service_fn(move |request: Request<Incoming>| {
            let endpoint = Arc::clone(&endpoint);
            let request = (request, local.clone(), remote.clone(), scheme.clone()).into();
            async move { Ok::<Response<_>, Infallible>(endpoint.get_response(request).await.into()) }
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(socket), service);
        // A broken connection is an everyday event, which nobody has to be told about.
        tokio::spawn({
            let connection = connections.watch(connection);
            async move { drop(connection.await) }
        });
    }
    tokio::select! {
        () = connections.shutdown() => {}
        () = tokio::time::sleep(patience) => tracing::warn!("requests under way were cut off"),
    }
}
