//! Errors in their two forms: problem details (RFC 9457) under `/api`, a page everywhere else.
//!
//! Refusals of the framework (a path that does not parse, an unknown route, a wrong method) are rendered in the same two forms,
//! so there is no third form. An unforeseen error is logged here, once, and never shown.

use std::sync::Arc;

use askama::Template;
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Middleware, PathPattern, Request, Response};
use poem_openapi::error::ParseParamError;
use poem_openapi::payload::Json;
use poem_openapi::registry::{MetaResponses, Registry};
use poem_openapi::{ApiResponse, Object};

use super::address::own_path;
use super::frame::Frame;
use super::locale::Locale;
use super::page::{Page, RequestAddress, html_with, see_other};
use super::policy::{OtherSites, Policy};
use super::query;
use crate::base::error::{Error, Refusal};

/// A refusal or a fault, in the form of RFC 9457.
#[derive(Debug, Object)]
pub struct Problem {
    /// HTTP status of the answer.
    pub status: u16,
    /// Stable code of the error for programs, such as `ballot.pass_used`.
    pub code: String,
    /// One sentence in the language of the request.
    pub title: String,
    /// Id of the request, for questions to the operator.
    pub request: String,
    /// Errors of single members, where the client can correct the request.
    #[oai(default, skip_serializing_if_is_empty)]
    pub errors: Vec<FieldProblem>,
}

/// An error of one member of a request.
#[derive(Debug, Object)]
pub struct FieldProblem {
    /// Name of the member of the request.
    pub field: String,
    /// Stable code of the error.
    pub code: String,
    /// One sentence in the language of the request.
    pub title: String,
}

#[derive(ApiResponse)]
enum Documented {
    /// Refusal or fault, as problem details (RFC 9457)
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

/// Id of a request, set by [`super::request_context`].
#[derive(Clone, Debug, Default)]
pub struct RequestId(pub String);

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    p: Page,
    sentence: String,
    reference: Option<String>,
    problems: Vec<(String, String)>,
    /// Address and text of the link that leads on.
    back: (String, String),
}

/// The page of an error at an address that other sites may frame: without form and script, like every page there.
#[derive(Template)]
#[template(path = "error_frame.html")]
struct ErrorFrame {
    p: Page,
    sentence: String,
    problems: Vec<(String, String)>,
}

/// Middleware that renders every error of the endpoint inside.
pub struct Problems {
    /// Whether the figures of the site are invented (demo), for the head of the error page.
    pub demo: bool,
    /// Frame of every page, which every request carries inwards.
    pub frame: Arc<Frame>,
}

impl<E: Endpoint> Middleware<E> for Problems {
    type Output = ProblemsEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        ProblemsEndpoint { endpoint, demo: self.demo, frame: Arc::clone(&self.frame) }
    }
}

/// Endpoint of the middleware [`Problems`].
pub struct ProblemsEndpoint<E> {
    endpoint: E,
    demo: bool,
    frame: Arc<Frame>,
}

impl<E: Endpoint> Endpoint for ProblemsEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        request.set_data(Arc::clone(&self.frame));
        let api = request.uri().path().starts_with("/api/");
        let get = matches!(*request.method(), Method::GET | Method::HEAD);
        let is_framable = Policy::of(&request).other_sites == OtherSites::Frame;
        let asked = RequestAddress::of(&request);
        let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
        match self.endpoint.call(request).await {
            Ok(response) => Ok(response.into_response()),
            Err(error) => {
                let page = asked.page("", self.demo).framed(Some(&self.frame));
                let mut response = render(&error, api, get, is_framable, page, &id);
                // The metrics need the route of the request, and whether a store failed.
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

/// Head of the page in place of which an error of a desk is shown, set by the layer that knows sessions.
#[derive(Clone, Debug)]
pub struct DeskHead {
    /// Name of the signed-in member of staff.
    pub account: String,
    /// Address to which the page leads back.
    pub back: String,
}

/// Marks an answer to a request that failed in a store.
#[derive(Clone, Copy, Debug)]
pub struct StoreFailed;

fn render(error: &poem::Error, api: bool, get: bool, is_framable: bool, page: Page, id: &RequestId) -> Response {
    let head = error.data::<DeskHead>().cloned();
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
    if !api
        && get
        && matches!(error, Error::NotFound(_))
        && let Some(mended) = without_stray_end(&page.address)
    {
        return moved(&page.href(&mended));
    }
    let mut response = match (api, is_framable) {
        (true, _) => as_problem(error, page.locale, id),
        (_, true) => as_frame(error, page),
        _ => as_page(error, page, id, head),
    };
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// Marks that texts put behind an address: the end of a sentence or of a bracket, and a slash too many.
const STRAY: [char; 16] = ['/', '.', ',', ';', ':', '!', '?', ')', ']', '>', '"', '\'', '。', '，', '；', '）'];

/// An address without such marks at the end of its path; none where the path has none, and for the files of logs, whose folders
/// end with a slash.
fn without_stray_end(address: &str) -> Option<String> {
    if address.starts_with("/log/") {
        return None;
    }
    let (path, query) = address.split_once('?').map_or((address, String::new()), |(p, q)| (p, format!("?{q}")));
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let mended = decoded.trim_end_matches(STRAY);
    if mended.len() == decoded.len() || mended.is_empty() {
        return None;
    }
    let whole: Vec<String> = mended.split('/').map(query::encode).collect();
    own_path(&format!("{}{query}", whole.join("/"))).map(str::to_owned)
}

/// A lasting redirect to an address of this site.
fn moved(address: &str) -> Response {
    let mut response = see_other(address);
    response.set_status(StatusCode::PERMANENT_REDIRECT);
    response
}

/// Converts an error of the framework. The text of the framework is for developers and is not shown.
fn of_framework(error: &poem::Error) -> Error {
    match error.status().as_u16() {
        404 => Error::NotFound("page"),
        405 => Error::Conflict(Refusal::new("method")),
        413 => Error::TooLarge(super::form::MAX_TEXT as u64),
        415 => Error::Unsupported(Refusal::new("media_type")),
        400..=499 => {
            // The text of the framework may contain sent values, such as a choice or a pass.
            tracing::debug!(status = error.status().as_u16(), "malformed request");
            let parameter = error.downcast_ref::<ParseParamError>().map(|parameter| parameter.name);
            Error::field(parameter.unwrap_or("request"), Refusal::new("malformed"))
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

/// Errors of single fields with their sentences.
fn field_sentences(error: &Error, locale: Locale) -> Vec<(String, String)> {
    match error {
        Error::Invalid(fields) => fields.iter().map(|f| (f.field.clone(), locale.refusal(&f.refusal))).collect(),
        _ => Vec::new(),
    }
}

const fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        404 => "error-title-not-found",
        429 | 503 => "error-title-later",
        500..=599 => "error-title-fault",
        _ => "error-title-refused",
    }
}

fn as_page(error: &Error, mut page: Page, id: &RequestId, head: Option<DeskHead>) -> Response {
    let status = status_of(error);
    let back = match head {
        Some(DeskHead { account, back }) => {
            (page.account, page.section) = (Some(account), "desk");
            (page.href(&back), page.t("error-back"))
        }
        None => (page.href("/"), page.t("error-home")),
    };
    let template = ErrorPage {
        sentence: page.locale.refusal(&error.refusal()),
        problems: field_sentences(error, page.locale),
        reference: status.is_server_error().then(|| id.0.clone()),
        back,
        p: page.titled(title(status)).unlisted(),
    };
    html_with(status, &template).unwrap_or_else(|_| status.into_response())
}

fn as_frame(error: &Error, page: Page) -> Response {
    let status = status_of(error);
    let template = ErrorFrame {
        sentence: page.locale.refusal(&error.refusal()),
        problems: field_sentences(error, page.locale),
        p: page.titled(title(status)),
    };
    html_with(status, &template).unwrap_or_else(|_| status.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_error_page_claims_nothing_about_requests_and_entered_texts() {
        for (error, title) in [
            (Error::Full("no room".to_owned()), "现在办不了，请稍后再试"),
            (Error::Busy { retry_after: 2 }, "现在办不了，请稍后再试"),
            (Error::Internal("fault".to_owned()), "我们这边出了问题"),
        ] {
            let page = as_page(&error, Page::default(), &RequestId::default(), None).into_body().into_string().await;
            let page = page.unwrap_or_default();
            assert!(page.contains(&format!("<h1>{title}</h1>")), "{page}");
            assert!(!page.contains("请求太多") && !page.contains("您填的") && !page.contains("您的内容"), "{page}");
        }
    }
}
