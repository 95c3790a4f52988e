//! Errors in their two shapes: problem details (RFC 9457) under `/api`, a page everywhere else.
//!
//! Refusals of the framework (a path that does not parse, an unknown route, a wrong method) go through the same two
//! doors, so there is no third shape. An unforeseen error is logged here, once, and never shown.

use askama::Template;
use poem::http::{StatusCode, header};
use poem::{Endpoint, IntoResponse, Middleware, PathPattern, Request, Response};
use poem_openapi::payload::Json;
use poem_openapi::registry::{MetaResponses, Registry};
use poem_openapi::{ApiResponse, Object};

use super::locale::Locale;
use super::page::{Page, RequestAddress, html_with, see_other};
use super::query;
use crate::base::error::{Error, Refusal};

/// A refusal or a fault, after RFC 9457.
#[derive(Debug, Object)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable code, such as `ballot.pass_used`: what programs go by.
    pub code: String,
    /// One sentence in the language of the request.
    pub title: String,
    /// Number of the request, for asking the operator.
    pub request: String,
    /// What is wrong with single members, where the request can be corrected.
    #[oai(default, skip_serializing_if_is_empty)]
    pub errors: Vec<FieldProblem>,
}

/// What is wrong with one member of a request.
#[derive(Debug, Object)]
pub struct FieldProblem {
    /// Name of the member.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// One sentence in the language of the request.
    pub title: String,
}

#[derive(ApiResponse)]
enum Documented {
    /// Refused or failed
    #[oai(content_type = "application/problem+json")]
    #[expect(dead_code, reason = "stands for every error in the API document; errors are rendered below")]
    Default(StatusCode, Json<Problem>),
}

impl ApiResponse for Error {
    fn meta() -> MetaResponses {
        Documented::meta()
    }

    fn register(registry: &mut Registry) {
        Documented::register(registry);
    }
}

impl poem::error::ResponseError for Error {
    fn status(&self) -> StatusCode {
        StatusCode::from_u16(Error::status(self)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// The number of a request, set by the outermost middleware.
#[derive(Clone, Debug, Default)]
pub struct RequestId(pub String);

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    p: Page,
    sentence: String,
    reference: Option<String>,
    problems: Vec<(String, String)>,
}

/// Renders every error of the endpoint within.
pub struct Problems {
    /// Whether the figures of the site are invented, for the head of the error page.
    pub demo: bool,
}

impl<E: Endpoint> Middleware<E> for Problems {
    type Output = ProblemsEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        ProblemsEndpoint { endpoint, demo: self.demo }
    }
}

/// See [`Problems`].
pub struct ProblemsEndpoint<E> {
    endpoint: E,
    demo: bool,
}

impl<E: Endpoint> Endpoint for ProblemsEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let api = request.uri().path().starts_with("/api/");
        let get = request.method() == poem::http::Method::GET;
        let asked = RequestAddress::of(&request);
        let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
        match self.endpoint.call(request).await {
            Ok(response) => Ok(response.into_response()),
            Err(error) => {
                let mut response = render(&error, api, get, asked.page("", self.demo), &id);
                // For those who watch: where it happened, and whether a store failed.
                if let Some(pattern) = error.data::<PathPattern>() {
                    response.set_data(pattern.clone());
                }
                if let Some(Error::Database(_)) = error.downcast_ref() {
                    response.set_data(StoreFailed);
                }
                Ok(response)
            }
        }
    }
}

/// Beside an answer: a store failed.
#[derive(Clone, Copy, Debug)]
pub struct StoreFailed;

fn render(error: &poem::Error, api: bool, get: bool, page: Page, id: &RequestId) -> Response {
    let own = error.downcast_ref::<Error>();
    let foreign;
    let error = match own {
        Some(own) => own,
        None => {
            foreign = of_framework(error);
            &foreign
        }
    };
    if let Error::Database(_) | Error::Full(_) | Error::Internal(_) = error {
        tracing::error!(request = %id.0, error = %error, "request failed");
    }
    if !api && matches!(error, Error::Unauthenticated) {
        let next = if get { page.address.as_str() } else { "/desk" };
        return see_other(&page.href(&format!("/sign-in?next={}", query::encode(next))));
    }
    let mut response = if api { as_problem(error, page.locale, id) } else { as_page(error, page, id) };
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// A refusal by the framework, as one of ours. What it says in words is for developers and stays here.
fn of_framework(error: &poem::Error) -> Error {
    match error.status().as_u16() {
        404 => Error::NotFound("page"),
        405 => Error::Conflict(Refusal::new("method")),
        413 => Error::TooLarge(super::form::MAX_TEXT as u64),
        415 => Error::Unsupported(Refusal::new("media_type")),
        400..=499 => {
            // What the framework says may hold what was sent: a choice, a pass.
            tracing::debug!(status = error.status().as_u16(), "malformed request");
            Error::field("request", Refusal::new("malformed"))
        }
        _ => Error::Internal(error.to_string()),
    }
}

fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Conflict(refusal) if refusal.code == "method" => StatusCode::METHOD_NOT_ALLOWED,
        other => StatusCode::from_u16(other.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn as_problem(error: &Error, locale: Locale, id: &RequestId) -> Response {
    let refusal = error.refusal();
    let fields: &[_] = if let Error::Invalid(fields) = error { fields } else { &[] };
    let problem = Problem {
        status: status_of(error).as_u16(),
        title: locale.refusal(&refusal),
        code: refusal.code.to_owned(),
        request: id.0.clone(),
        errors: fields
            .iter()
            .map(|f| FieldProblem {
                field: f.field.clone(),
                code: f.refusal.code.to_owned(),
                title: locale.refusal(&f.refusal),
            })
            .collect(),
    };
    let body = poem_openapi::types::ToJSON::to_json_string(&problem);
    Response::builder()
        .status(status_of(error))
        .header(header::CONTENT_TYPE, "application/problem+json")
        .header(header::CACHE_CONTROL, "no-store")
        .body(body)
}

fn as_page(error: &Error, page: Page, id: &RequestId) -> Response {
    let status = status_of(error);
    let sentence = page.locale.refusal(&error.refusal());
    let problems = match error {
        Error::Invalid(fields) => fields.iter().map(|f| (f.field.clone(), page.locale.refusal(&f.refusal))).collect(),
        _ => Vec::new(),
    };
    let reference = status.is_server_error().then(|| id.0.clone());
    let p = page.titled(match status.as_u16() {
        404 => "error-title-not-found",
        429 | 503 => "error-title-later",
        500..=599 => "error-title-fault",
        _ => "error-title-refused",
    });
    let template = ErrorPage { p, sentence, reference, problems };
    html_with(status, &template).unwrap_or_else(|_| status.into_response())
}
