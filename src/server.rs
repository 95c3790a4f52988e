//! Addresses and the listener: every slice's pages and API put together, and the middleware around them.

use std::net::SocketAddr;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use poem::endpoint::make_sync;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::middleware::AddData;
use poem::{Endpoint, EndpointExt, Response, Route, Server, get, handler, post};
use poem_openapi::{OpenApiService, Tags};

use crate::app::App;
use crate::base::error::{Error, Result};
use crate::base::{files, row_security};
use crate::edge::Edge;
use crate::edge::floods::Floods;
use crate::edge::load::Load;
use crate::edge::watch::Standing;
use crate::web::connection::Patient;
use crate::web::guard::{Apart, Guard};
use crate::web::origin::Origin;
use crate::web::problem::Problems;
use crate::web::routes::Routes;
use crate::web::{assets, document, explorer, preferences};
use crate::{
    audit, ballot, campaign, dispatch, identity, incidents, log, programme, report, retention, scheduler, supervision,
    tally,
};

/// One tag a slice, for the API document.
#[derive(Debug, Clone, Copy, Tags)]
pub enum ApiTags {
    /// Sign-in, the own account, accounts.
    Identity,
    /// The working-day calendar.
    Programme,
    /// What went wrong, told to everybody.
    Incidents,
    /// Consultation rounds.
    Campaigns,
    /// Passes, ballots, receipts.
    Ballots,
    /// Counts, rankings, selections.
    Tally,
    /// Assignments and their moves.
    Assignments,
    /// Figures as of any day.
    Dashboard,
    /// What was done, by whom.
    Audit,
}

/// Every API of the product.
type Apis = (
    programme::api::ProgrammeApi,
    identity::api::IdentityApi,
    identity::access_api::AccessApi,
    identity::api::SessionsApi,
    identity::api::FactorsApi,
    incidents::api::IncidentsApi,
    campaign::api::CampaignApi,
    ballot::api::BallotApi,
    tally::api::TallyApi,
    tally::invalidation_api::InvalidationApi,
    dispatch::api::DispatchApi,
    report::api::ReportApi,
    supervision::api::SupervisionApi,
    supervision::checks_api::ChecksApi,
    audit::api::AuditApi,
);

/// The API with its document.
#[must_use]
pub fn api() -> OpenApiService<Apis, ()> {
    let apis = (
        programme::api::ProgrammeApi,
        identity::api::IdentityApi,
        identity::access_api::AccessApi,
        identity::api::SessionsApi,
        identity::api::FactorsApi,
        incidents::api::IncidentsApi,
        campaign::api::CampaignApi,
        ballot::api::BallotApi,
        tally::api::TallyApi,
        tally::invalidation_api::InvalidationApi,
        dispatch::api::DispatchApi,
        report::api::ReportApi,
        supervision::api::SupervisionApi,
        supervision::checks_api::ChecksApi,
        audit::api::AuditApi,
    );
    OpenApiService::new(apis, "Shudu", env!("CARGO_PKG_VERSION"))
        .description(
            "Campaigns, ballots, assignments and figures. Staff calls take a bearer token from `POST /sessions`.",
        )
        .server("/api/v1")
}

/// The API's document as it is published and printed.
#[must_use]
pub fn document() -> String {
    document::finished(api().spec())
}

/// The whole product as one endpoint: what the listener serves and what tests call.
pub fn endpoint(app: &Arc<App>) -> impl Endpoint<Output = Response> + 'static {
    let api = api();
    let text = document();
    let described = make_sync(move |_| Response::builder().content_type("application/json").body(text.clone()));
    let explorer = Arc::new(explorer::explorer(&api.swagger_ui_html()));
    let route = pages()
        .into_route()
        .nest("/api/v1", api)
        .at("/api/v1/openapi.json", get(described))
        .at("/api/docs", get(Arc::clone(&explorer)))
        .at("/api/docs/", get(explorer));
    around(app, route)
}

/// Every address outside the API.
#[must_use]
pub fn pages() -> Routes {
    let route = Routes::default()
        .at("/assets/:file", get(assets::asset))
        .at("/prefs.css", get(preferences::style))
        .at("/preferences", post(preferences::choose))
        .at("/healthz", get(healthz))
        .at("/readyz", get(readyz));
    [
        programme::pages::routes,
        identity::pages::routes,
        incidents::pages::routes,
        campaign::pages::routes,
        ballot::pages::routes,
        tally::pages::routes,
        dispatch::pages::routes,
        report::pages::routes,
        supervision::pages::routes,
        audit::pages::routes,
        retention::pages::routes,
        log::pages::routes,
    ]
    .into_iter()
    .fold(route, |route, add| add(route))
}

/// What every request passes before its handler; the last one named is the first one passed.
pub fn around(
    app: &Arc<App>,
    route: impl Endpoint<Output = Response> + 'static,
) -> impl Endpoint<Output = Response> + 'static {
    let edge = &app.config.edge;
    let floods = Floods::new(&edge.rates);
    sweep(&floods);
    route
        .with(identity::pages::Confirming)
        .around(|endpoint, request| async move { row_security::before(pin!(endpoint.call(request))).await })
        .with(AddData::new(Arc::clone(app)))
        .with(Load::new(&edge.places, edge.pace))
        // What lies further in is large, and no request for a page that is kept comes to it.
        .boxed()
        .with(app.kept.clone())
        .with(floods)
        .with(Origin)
        .with(Apart)
        .with(Problems { demo: app.site.demo })
        .with(Guard { trusted: edge.trusted.clone() })
        .with(app.watch.clone())
}

/// Forgets quiet clients every now and then, for as long as the process lives.
fn sweep(floods: &Floods) {
    let floods = floods.clone();
    tokio::spawn(async move {
        let mut timer = tokio::time::interval(Duration::from_secs(5));
        loop {
            timer.tick().await;
            floods.sweep();
        }
    });
}

/// Serves until SIGTERM or SIGINT; then waits for requests under way. `ready` is told the bound address.
///
/// # Errors
/// An address that cannot be bound; a store that fails.
pub async fn serve(app: Arc<App>, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let rules = App::rules();
    app.counts.read(&app.stores.main, &rules, app.clock.system(), true).await?;
    app.networks.read(&app.stores.main, app.clock.system(), None).await?;
    if let Some(address) = app.config.edge.metrics {
        let failed = |e: std::io::Error| files::failed(Path::new(&address.to_string()), &e);
        let acceptor = TcpListener::bind(address).into_acceptor().await.map_err(failed)?;
        let route = Route::new().at("/metrics", get(metrics)).with(AddData::new(Arc::clone(&app)));
        tokio::spawn(Server::new_with_acceptor(Patient::new(acceptor, app.config.edge.deadlines, 16)).run(route));
    }
    let served = listen(app.config.listen, &app.config.edge, endpoint(&app), |address| {
        tokio::spawn(scheduler::run(Arc::clone(&app)));
        let counting = Arc::clone(&app);
        tokio::spawn(async move { counting.counts.run(&counting.stores.main, &counting.clock, &rules).await });
        let counting = Arc::clone(&app);
        tokio::spawn(async move { counting.networks.run(&counting.stores.main, &counting.clock).await });
        ready(address);
    });
    served.await?;
    let networks = app.networks.flush(&app.stores.main, app.clock.system()).await;
    app.counts.flush(&app.stores.main, app.clock.system()).await.and(networks)
}

/// Answers with an endpoint until SIGTERM or SIGINT; then waits for requests under way. `ready` is told the bound address.
///
/// # Errors
/// An address that cannot be bound.
pub async fn listen(
    asked: SocketAddr,
    edge: &Edge,
    endpoint: impl Endpoint + 'static,
    ready: impl FnOnce(SocketAddr),
) -> Result<()> {
    let failed = |e: std::io::Error| Error::Internal(format!("{asked}: {e}"));
    let acceptor = TcpListener::bind(asked).into_acceptor().await.map_err(failed)?;
    ready(acceptor.local_addr().first().and_then(|a| a.as_socket_addr().copied()).unwrap_or(asked));
    Server::new_with_acceptor(Patient::new(acceptor, edge.deadlines, edge.connections))
        .run_with_graceful_shutdown(endpoint, stopped(), Some(Duration::from_secs(8)))
        .await
        .map_err(failed)
}

async fn stopped() {
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

/// The process lives.
#[handler]
fn healthz() -> &'static str {
    "ok\n"
}

/// The stores answer and are at this version's schema, and both writers write.
#[handler]
async fn readyz(app: poem::web::Data<&Arc<App>>) -> Result<&'static str> {
    let is_ready = app.ballot_box.is_alive() && app.issuing.is_alive() && app.stores.ready().await?;
    if is_ready { Ok("ready\n") } else { Err(Error::Busy { retry_after: 5 }) }
}

/// Numbers about this process, on the listener of their own.
#[handler]
async fn metrics(app: poem::web::Data<&Arc<App>>) -> Result<Response> {
    let sealed = ballot::queries::sealed(&app.stores.ballots).await.unwrap_or_default();
    let clock_jumps = app.steadiness.jumps();
    let text = app.watch.text(Standing { queue: app.ballot_box.waiting(), clock_jumps, sealed });
    let text = text.map_err(|e| Error::Internal(e.to_string()))?;
    Ok(Response::builder().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text))
}
