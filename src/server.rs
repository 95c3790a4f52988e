//! Addresses and the listener: every slice's pages and API put together, and the middleware around them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use poem::endpoint::make_sync;
use poem::http::uri::Scheme;
use poem::listener::{Acceptor, Listener, TcpAcceptor, TcpListener};
use poem::middleware::{AddData, CookieJarManager};
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Endpoint, EndpointExt, Response, Route, Server, get, handler, post};
use poem_openapi::{OpenApiService, Tags};
use tokio::net::TcpStream;

use crate::app::App;
use crate::error::{Error, Result};
use crate::web::bounded::Bounded;
use crate::web::guard::Guard;
use crate::web::origin::Origin;
use crate::web::{assets, document, preferences, problem};
use crate::{ballot, campaign, clockwork, dispatch, identity, log, programme, report, supervision, tally};

/// One tag a slice, for the API document.
#[derive(Debug, Clone, Copy, Tags)]
pub enum ApiTags {
    /// Sign-in, the own account, accounts.
    Identity,
    /// The working-day calendar.
    Programme,
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
}

/// Every API of the product.
type Apis = (
    programme::api::ProgrammeApi,
    identity::api::IdentityApi,
    campaign::api::CampaignApi,
    ballot::api::BallotApi,
    tally::api::TallyApi,
    tally::invalidation_api::InvalidationApi,
    dispatch::api::DispatchApi,
    report::api::ReportApi,
    supervision::api::SupervisionApi,
    supervision::checks_api::ChecksApi,
);

/// The API with its document.
#[must_use]
pub fn api() -> OpenApiService<Apis, ()> {
    let apis = (
        programme::api::ProgrammeApi,
        identity::api::IdentityApi,
        campaign::api::CampaignApi,
        ballot::api::BallotApi,
        tally::api::TallyApi,
        tally::invalidation_api::InvalidationApi,
        dispatch::api::DispatchApi,
        report::api::ReportApi,
        supervision::api::SupervisionApi,
        supervision::checks_api::ChecksApi,
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
    let explorer = api.swagger_ui();
    let text = document();
    let described = make_sync(move |_| Response::builder().content_type("application/json").body(text.clone()));
    let route = Route::new()
        .nest("/api/v1", api)
        .at("/api/v1/openapi.json", get(described))
        .nest("/api/docs", explorer)
        .at("/assets/:file", get(assets::asset))
        .at("/prefs.css", get(preferences::style).with(CookieJarManager::new()))
        .at("/preferences", post(preferences::choose).with(CookieJarManager::new()))
        .at("/healthz", get(healthz))
        .at("/readyz", get(readyz));
    let route = [
        programme::pages::routes,
        identity::pages::routes,
        campaign::pages::routes,
        ballot::pages::routes,
        tally::pages::routes,
        dispatch::pages::routes,
        report::pages::routes,
        supervision::pages::routes,
        log::pages::routes,
    ]
    .into_iter()
    .fold(route, |route, add| add(route));
    route
        .with(AddData::new(Arc::clone(app)))
        .with(Bounded)
        .with(Origin)
        .with(problem::Problems { demo: app.site.demo })
        .with(app.kept.clone())
        .with(Guard)
}

/// Serves until SIGTERM or SIGINT; then waits for requests under way. `ready` is told the bound address.
///
/// # Errors
/// An address that cannot be bound.
pub async fn serve(app: Arc<App>, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    listen(app.config.listen, endpoint(&app), |address| {
        tokio::spawn(clockwork::run(Arc::clone(&app)));
        ready(address);
    })
    .await
}

/// Answers with an endpoint until SIGTERM or SIGINT; then waits for requests under way. `ready` is told the bound address.
///
/// # Errors
/// An address that cannot be bound.
pub async fn listen(
    asked: SocketAddr,
    endpoint: impl Endpoint + 'static,
    ready: impl FnOnce(SocketAddr),
) -> Result<()> {
    let failed = |e: std::io::Error| Error::Internal(format!("{asked}: {e}"));
    let acceptor = TcpListener::bind(asked).into_acceptor().await.map_err(failed)?;
    ready(acceptor.local_addr().first().and_then(|a| a.as_socket_addr().copied()).unwrap_or(asked));
    Server::new_with_acceptor(Undelayed(acceptor))
        .idle_timeout(Duration::from_secs(75))
        .run_with_graceful_shutdown(endpoint, stopped(), Some(Duration::from_secs(8)))
        .await
        .map_err(failed)
}

/// Sends small answers at once: this version of poem leaves Nagle's algorithm on.
struct Undelayed(TcpAcceptor);

impl Acceptor for Undelayed {
    type Io = TcpStream;

    fn local_addr(&self) -> Vec<LocalAddr> {
        self.0.local_addr()
    }

    async fn accept(&mut self) -> std::io::Result<(TcpStream, LocalAddr, RemoteAddr, Scheme)> {
        let accepted = self.0.accept().await?;
        accepted.0.set_nodelay(true)?;
        Ok(accepted)
    }
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
