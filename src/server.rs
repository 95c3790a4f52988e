//! The listener and the middleware around every request. The addresses are in [`crate::router`].

use std::future::pending;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use poem::listener::{Acceptor, Listener, TcpListener};
use poem::middleware::AddData;
use poem::{Endpoint, EndpointExt, Response, Route, get, handler};

use crate::app::App;
use crate::base::error::{Error, Result};
use crate::base::{files, row_security};
use crate::edge::Edge;
use crate::edge::client_rate_limit::ClientRateLimit;
use crate::edge::load_shedding::ConcurrencyLimit;
use crate::edge::metrics::Readings;
use crate::web::connection::TimeoutAcceptor;
use crate::web::host::OneHost;
use crate::web::isolate::Isolate;
use crate::web::listener;
use crate::web::origin::Origin;
use crate::web::problem::Problems;
use crate::web::request_context::RequestContext;
use crate::web::well_formed::WellFormed;
use crate::{ballot, router, scheduler, sign_in};

/// The whole product as one endpoint, which the listener serves and tests call.
///
/// # Errors
/// An address that is named twice.
pub fn endpoint(app: &Arc<App>) -> Result<impl Endpoint<Output = Response> + 'static> {
    around(app, router::route())
}

/// Wraps a route in the middleware that every request passes before its handler. The last middleware in the code is the
/// outermost.
///
/// # Errors
/// An address that is named twice.
pub fn around(
    app: &Arc<App>,
    route: impl Endpoint<Output = Response> + 'static,
) -> Result<impl Endpoint<Output = Response> + 'static> {
    let edge = &app.config.edge;
    let floods = ClientRateLimit::new(&edge.rates);
    sweep(&floods);
    let policies = router::policies()?;
    let endpoint = route
        .with(sign_in::pages::Redrawing(policies.clone()))
        .with(sign_in::pages::Confirming)
        .around(|endpoint, request| async move { row_security::scope(pin!(endpoint.call(request))).await })
        .with(AddData::new(Arc::clone(app)))
        .with(ConcurrencyLimit::new(&edge.places, edge.pace))
        .with(sign_in::pages::KnownSender(Arc::clone(app)))
        // The future of the inner layers is large. Boxed, its memory is allocated only for requests that the cache does not
        // answer.
        .boxed()
        .with(app.response_cache.clone())
        .with(floods)
        .with(Origin)
        .with(WellFormed)
        .with(Isolate)
        .with(Problems { demo: app.site.demo, frame: Arc::new(app.config.frame()) })
        .with(RequestContext { trusted: edge.trusted.clone() })
        .with(app.watch.clone())
        .with(policies);
    Ok(endpoint)
}

/// Removes idle clients from the rate limit every 5 seconds, for as long as the process lives.
fn sweep(floods: &ClientRateLimit) {
    let floods = floods.clone();
    tokio::spawn(async move {
        let mut timer = tokio::time::interval(Duration::from_secs(5));
        loop {
            timer.tick().await;
            floods.sweep();
        }
    });
}

/// Serves the site until SIGTERM or SIGINT, then waits for requests under way. `ready` gets the bound address.
///
/// # Errors
/// An address that cannot be bound; a store that fails.
pub async fn serve(app: Arc<App>, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    router::prepare();
    let limits = App::limits();
    app.limiter.read(&app.stores.main, &limits, app.clock.system(), true).await?;
    app.passes.networks.read(&app.stores.main, app.clock.system(), None).await?;
    if let Some(address) = app.config.edge.metrics {
        let failed = |e: std::io::Error| files::failed(Path::new(&address.to_string()), &e);
        let acceptor = TcpListener::bind(address).into_acceptor().await.map_err(failed)?;
        let route = Route::new().at("/metrics", get(metrics)).with(AddData::new(Arc::clone(&app)));
        let acceptor = TimeoutAcceptor::new(acceptor, app.config.edge.deadlines, 16);
        tokio::spawn(listener::serve(acceptor, route, pending(), Duration::ZERO));
    }
    app.nodes.join().await?;
    let stop = leaving(Arc::clone(&app));
    let served = listen(app.config.listen, &app.config.edge, endpoint(&app)?, stop, |address| {
        tokio::spawn(scheduler::run(Arc::clone(&app)));
        let limiting = Arc::clone(&app);
        tokio::spawn(async move { limiting.limiter.run(&limiting.stores.main, &limiting.clock, &limits).await });
        let counting = Arc::clone(&app);
        tokio::spawn(async move { counting.passes.networks.run(&counting.stores.main, &counting.clock).await });
        let viewed = Arc::clone(&app);
        tokio::spawn(async move { viewed.page_views.run(&viewed.stores.main).await });
        let leased = Arc::clone(&app);
        tokio::spawn(async move { leased.nodes.run().await });
        let followed = Arc::clone(&app);
        tokio::spawn(async move { followed.stores.main.run().await });
        ready(address);
    });
    served.await?;
    let networks = app.passes.networks.flush(&app.stores.main, app.clock.system()).await;
    let views = app.page_views.flush(&app.stores.main).await;
    let limits = app.limiter.flush(&app.stores.main, app.clock.system()).await;
    limits.and(networks).and(views).and(app.nodes.leave().await)
}

/// Longest time that requests under way have after SIGTERM or SIGINT.
const PATIENCE: Duration = Duration::from_secs(8);

/// Time for which a stopping node says that it is not ready, before it takes no more connections: a proxy in front of several nodes
/// asks every second or two, and sends new requests elsewhere.
const FAREWELL: Duration = Duration::from_secs(5);

/// Waits for SIGTERM or SIGINT. A node that has others beside itself says that it is not ready, and goes on for 5 seconds.
async fn leaving(app: Arc<App>) {
    stopped().await;
    app.nodes.stop();
    if app.nodes.can_have_others() {
        tokio::time::sleep(FAREWELL).await;
    }
}

/// Serves an endpoint until `stop` is ready, then waits at most 8 seconds for requests under way. `ready` gets the bound address.
///
/// # Errors
/// An address that cannot be bound.
pub async fn listen(
    asked: SocketAddr,
    edge: &Edge,
    endpoint: impl Endpoint + 'static,
    stop: impl Future<Output = ()> + Send + 'static,
    ready: impl FnOnce(SocketAddr),
) -> Result<()> {
    let failed = |e: std::io::Error| Error::Internal(format!("{asked}: {e}"));
    let acceptor = TcpListener::bind(asked).into_acceptor().await.map_err(failed)?;
    ready(acceptor.local_addr().first().and_then(|a| a.as_socket_addr().copied()).unwrap_or(asked));
    let acceptor = TimeoutAcceptor::new(acceptor, edge.deadlines, edge.connections);
    listener::serve(acceptor, endpoint.with(OneHost), stop, PATIENCE).await;
    Ok(())
}

/// Waits for SIGTERM or SIGINT.
pub async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        return;
    };
    tokio::select! {
        _ = terminated.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("stopping");
}

/// `GET /metrics`: metrics of this process in the OpenMetrics format, on a listener of their own.
#[handler]
async fn metrics(app: poem::web::Data<&Arc<App>>) -> Result<Response> {
    let sealed = ballot::queries::sealed(&app.stores.ballots).await.unwrap_or_default();
    let clock_jumps = app.steadiness.jumps();
    let text = app.watch.text(Readings { queue: app.ballots.ballot_box.waiting(), clock_jumps, sealed });
    let text = text.map_err(|e| Error::Internal(e.to_string()))?;
    Ok(Response::builder().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text))
}
