//! Every address of the product: the pages and the API of all slices. The folder `snapshots` beside this file lists all
//! addresses with their policies.

use std::sync::{Arc, LazyLock};

use askama::Template;
use bytes::Bytes;
use poem::endpoint::make_sync;
use poem::http::Method;
use poem::web::Data;
use poem::{Request, Response, Route, get, handler};
use poem_openapi::{OpenApi, OpenApiService};

use crate::app::App;
use crate::base::error::{Error, Result};
use crate::sign_in::extract::Visit;
use crate::web::api_guide::ApiGuide;
use crate::web::explorer::Explorer;
use crate::web::page::{Page, public};
use crate::web::policy::{Class, Entry, Operation, OtherSites, Policies, Policy};
use crate::web::routes::Routes;
use crate::web::{assets, document, preferences};
use crate::{accounts, pass, search, site, verification};
use crate::{
    audit, ballot, campaign, dashboard, dispatch, incidents, log, programme, report, retention, sign_in, tally, verify,
};

/// Path prefix of the API.
const API: &str = "/api/v1";

/// All addresses outside the API.
#[must_use]
pub fn pages() -> Routes {
    let route = Routes::default()
        .get("/assets/:file", Policy::FILES, assets::asset)
        .get("/prefs.css", Policy::FILES, preferences::style)
        .post("/preferences", Policy::READING, preferences::choose)
        .get("/healthz", Policy::HEALTH, healthz)
        .get("/readyz", Policy::HEALTH, readyz)
        .get("/api/docs", Policy::READING, guide)
        .get("/api/docs/", Policy::READING, guide)
        .get("/api/explorer", Policy::READING, explorer);
    [
        programme::pages::routes,
        accounts::pages::routes,
        sign_in::pages::routes,
        incidents::pages::routes,
        campaign::pages::routes,
        ballot::pages::routes,
        tally::pages::routes,
        dispatch::pages::routes,
        report::pages::routes,
        verification::pages::routes,
        dashboard::pages::routes,
        audit::pages::routes,
        retention::pages::routes,
        log::pages::routes,
        verify::pages::routes,
        search::pages::routes,
        site::pages::routes,
    ]
    .into_iter()
    .fold(route, |route, add| add(route))
}

/// The API with its OpenAPI document.
#[must_use]
pub fn api() -> OpenApiService<impl OpenApi, ()> {
    let slices = (
        programme::api::ProgrammeApi,
        accounts::api::AccountsApi,
        accounts::access_api::AccessApi,
        sign_in::api::SessionsApi,
        sign_in::api::FactorsApi,
        incidents::api::IncidentsApi,
        campaign::api::CampaignApi,
        pass::api::PassApi,
        ballot::api::BallotApi,
        tally::api::TallyApi,
        tally::invalidation_api::InvalidationApi,
        dispatch::api::DispatchApi,
        report::api::ReportApi,
        dashboard::api::DashboardApi,
        verification::api::VerificationApi,
        audit::api::AuditApi,
    );
    OpenApiService::new(slices, "Shudu", env!("CARGO_PKG_VERSION"))
        .description(
            "Campaigns, ballots, assignments and figures. Staff calls take a bearer token from `POST /sessions`.",
        )
        .server(API)
}

/// Policies of the API's operations. A test demands a policy for every operation of the document.
#[must_use]
pub fn operations() -> Vec<Operation> {
    [
        programme::api::POLICIES,
        accounts::api::POLICIES,
        accounts::access_api::POLICIES,
        sign_in::api::SESSION_POLICIES,
        sign_in::api::FACTOR_POLICIES,
        incidents::api::POLICIES,
        campaign::api::POLICIES,
        pass::api::POLICIES,
        ballot::api::POLICIES,
        tally::api::POLICIES,
        tally::invalidation_api::POLICIES,
        dispatch::api::POLICIES,
        report::api::POLICIES,
        dashboard::api::POLICIES,
        verification::api::POLICIES,
        audit::api::POLICIES,
    ]
    .concat()
}

/// All addresses with their policies.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let document = [(Method::GET, format!("{API}/openapi.json"), Policy::PUBLIC_CALL)];
    let operations = operations().into_iter().map(|(method, path, policy)| (method, format!("{API}{path}"), policy));
    pages().entries().iter().cloned().chain(document).chain(operations).collect()
}

/// The table in which a request finds its policy.
///
/// # Errors
/// An address that is named twice.
pub fn policies() -> Result<Policies> {
    Policies::new(entries())
}

/// The OpenAPI document, made once per process.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| document::finished(api().spec(), needs_session));
/// The API explorer, made once per process.
static EXPLORER: LazyLock<Explorer> =
    LazyLock::new(|| Explorer::of(&api().swagger_ui_html().replace(&api().spec(), &DOCUMENT)));
/// The API document for readers, made once per process.
static GUIDE: LazyLock<ApiGuide> =
    LazyLock::new(|| ApiGuide::of(&serde_json::from_str(&DOCUMENT).unwrap_or_default(), is_of_staff));
/// Policy of each operation by method and path.
static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(operations);

/// Whether a call of the API is made by staff: everything but the public projection and the steps of voting.
fn is_of_staff(method: &str, path: &str) -> bool {
    let known = OPERATIONS.iter().find(|(known, pattern, _)| known == method && *pattern == path);
    known
        .is_none_or(|(.., policy)| policy.class_with_session != Class::Voting && policy.other_sites != OtherSites::Read)
        && path != "/receipts/:receipt"
}

/// Whether a call of the API needs a session or the ticket of a sign-in.
fn needs_session(method: &str, path: &str) -> bool {
    is_of_staff(method, path) && !matches!(path, "/invitations/acceptance") && (method, path) != ("POST", "/sessions")
}

/// The OpenAPI document as it is published, and printed by `shudu openapi`.
#[must_use]
pub fn api_document() -> String {
    DOCUMENT.clone()
}

/// Makes the API document and the explorer now, instead of at their first request.
pub fn prepare() {
    LazyLock::force(&DOCUMENT);
    LazyLock::force(&EXPLORER);
    LazyLock::force(&GUIDE);
}

/// The routes of all addresses.
#[must_use]
pub fn route() -> Route {
    let described = make_sync(|_| {
        let document = Bytes::from_static(DOCUMENT.as_bytes());
        Response::builder().content_type("application/json").body(document)
    });
    pages().into_route().nest(API, api()).at(format!("{API}/openapi.json"), get(described))
}

#[derive(Template)]
#[template(path = "api/guide.html")]
struct GuidePage {
    p: Page,
    guide: &'static ApiGuide,
    /// Address with which the addresses of all calls begin.
    base: String,
}

/// `GET /api/docs`: the API document for readers.
#[handler]
async fn guide(visit: Visit) -> Result<Response> {
    let base = format!("{}{API}", visit.app.config.public_address());
    public(&GuidePage { p: visit.page("").titled("api-title"), guide: &GUIDE, base })
}

/// `GET /api/explorer`: the API explorer.
#[handler]
fn explorer(request: &Request) -> Response {
    EXPLORER.answer(request)
}

/// Liveness probe: the process answers.
#[handler]
fn healthz() -> &'static str {
    "ok\n"
}

/// Readiness probe: this process can take ballots and keep them.
#[handler]
async fn readyz(app: Data<&Arc<App>>) -> Result<&'static str> {
    if app.is_ready().await? { Ok("ready\n") } else { Err(Error::Busy { retry_after: 5 }) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write;

    use super::*;
    use crate::web::policy::Class;

    #[test]
    fn every_address_and_its_policy() {
        let mut entries = entries();
        entries.sort_by_key(|(method, pattern, _)| (pattern.clone(), method.to_string()));
        let mut table = String::new();
        for (method, pattern, policy) in entries {
            let class = if policy.class == policy.class_with_session {
                policy.class.name().to_owned()
            } else {
                format!("{}/{}", policy.class.name(), policy.class_with_session.name())
            };
            let (kib, proofs) = (policy.max_body >> 10, format!("{:?}", policy.reauthentication).to_lowercase());
            let body = if method == Method::GET { String::new() } else { format!("{kib} KiB") };
            let sites = format!("{:?}", policy.other_sites).to_lowercase();
            writeln!(table, "{:<6} {pattern:<75} {class:<14} {body:>10} {proofs:<4} {sites}", method.as_str()).unwrap();
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn every_operation_of_the_document_has_a_policy_and_every_policy_an_operation() {
        let document: serde_json::Value = serde_json::from_str(&api().spec()).unwrap();
        let mut documented = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                documented.insert(format!("{} {}", method.to_uppercase(), path.replace('{', ":").replace('}', "")));
            }
        }
        let named: BTreeSet<String> = operations().iter().map(|(method, path, _)| format!("{method} {path}")).collect();
        assert_eq!(named, documented);
        assert_eq!(named.len(), operations().len(), "an operation is named twice");
    }

    #[test]
    fn a_request_finds_its_policy() {
        let policies = policies().unwrap();
        let class = |method: &str, path: &str| policies.find(&method.parse().unwrap(), path).class;
        for (method, path, expected) in [
            ("GET", "/campaigns/s3/ballot", Class::Voting),
            ("HEAD", "/campaigns/s3/ballot", Class::Voting),
            ("POST", "/campaigns/s3/ballot", Class::Voting),
            ("GET", "/campaigns/s3/ballot/proven", Class::Voting),
            ("GET", "/identity/return", Class::Voting),
            ("POST", "/api/v1/campaigns/s3/ballots", Class::Voting),
            ("POST", "/api/v1/campaigns/s3/passes", Class::Voting),
            ("POST", "/api/v1/campaigns/s3/proofs", Class::Voting),
            ("POST", "/sign-in", Class::SigningIn),
            ("GET", "/sign-in", Class::Reading),
            ("GET", "/invitations/secret", Class::SigningIn),
            ("POST", "/invitations/secret", Class::SigningIn),
            ("POST", "/api/v1/sessions", Class::SigningIn),
            ("POST", "/api/v1/sessions/current/second-factor", Class::SigningIn),
            ("DELETE", "/api/v1/sessions/current", Class::Staff),
            ("GET", "/desk", Class::Staff),
            ("POST", "/api/v1/assignments/S1-01/110000/plan", Class::Staff),
            ("GET", "/api/v1/dashboard", Class::Reading),
            ("GET", "/dashboard.csv", Class::Exports),
            ("GET", "/desk/campaigns/s3/options.csv", Class::Exports),
            ("GET", "/log/s1/tile/0/000", Class::Files),
            ("GET", "/assets/base.css", Class::Files),
            ("GET", "/healthz", Class::Health),
            ("GET", "/healthz/x", Class::Reading),
            ("GET", "/", Class::Reading),
            ("GET", "", Class::Reading),
        ] {
            assert_eq!(class(method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn an_address_without_a_policy_fails_closed() {
        use crate::web::policy::Reauthentication;
        let unknown = policies().unwrap().find(&Method::POST, "/desk/accounts//suspension");
        assert_eq!(unknown.reauthentication, Reauthentication::All);
    }
}
