//! A page of a desk, drawn again with the form that somebody was filling in: the tools of the head send the form along
//! (`POST /desk/preferences`).
//!
//! The page is made anew for a GET request of the same session, and the fields of its form get the sent values. Nothing is filed.
//! Passwords and files are not kept. Where the page no longer has the form, or is no page to read, another page keeps the texts.

use std::sync::Arc;

use poem::http::{self, Method, StatusCode, Uri, header};
use poem::web::{LocalAddr, Query, RemoteAddr};
use poem::{Body, Endpoint, FromRequest, IntoResponse, Middleware, Request, RequestParts, Response, handler};

use super::confirmation::OWN;
use super::ended::{self, KeptForm, KeptState};
use super::refill::filled;
use crate::app::App;
use crate::base::error::{Error, Result};
use crate::sign_in::extract::Signed;
use crate::sign_in::step_up::{ALL, CODE};
use crate::web::address::own_path;
use crate::web::form::{MAX_TEXT, Pairs, urlencoded};
use crate::web::page::{Page, RequestAddress, see_other};
use crate::web::policy::Policies;
use crate::web::preferences::Wish;

/// Address to which the tools of a desk page send its form.
pub const REDRAW: &str = "/desk/preferences";

/// Middleware that draws pages again. All routes are inside of it.
pub struct Redrawing(pub Policies);

impl<E: Endpoint> Middleware<E> for Redrawing {
    type Output = RedrawingEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        RedrawingEndpoint { endpoint, policies: self.0.clone() }
    }
}

/// Endpoint of the middleware [`Redrawing`].
pub struct RedrawingEndpoint<E> {
    endpoint: E,
    policies: Policies,
}

impl<E: Endpoint> Endpoint for RedrawingEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if request.method() == Method::POST && request.uri().path() == REDRAW {
            // Boxed: the future is large, and few requests need it.
            return Box::pin(self.redraw(request)).await;
        }
        Ok(self.endpoint.call(request).await?.into_response())
    }
}

impl<E: Endpoint> RedrawingEndpoint<E> {
    async fn redraw(&self, mut request: Request) -> poem::Result<Response> {
        let Query(wish) = Query::<Wish>::from_request_without_body(&request).await?;
        let is_demo = request.data::<Arc<App>>().is_some_and(|app| app.site.demo);
        let keep = desk(&wish.keep).to_owned();
        let page = RequestAddress::of(&request).page("", is_demo).framed(request.data());
        let body = request.take_body().into_bytes_limit(MAX_TEXT).await;
        let mut pairs = urlencoded(&body.map_err(|_| Error::TooLarge(MAX_TEXT as u64))?)?;
        pairs.retain(|(name, _)| !name.starts_with(OWN) && !ended::is_secret(name));
        let mut answer = if let Some(state) = KeptState::of(&wish.form) {
            state.page(page, keep, KeptForm { pairs, has_files: false })?
        } else {
            match self.endpoint.call(read(&request, &self.policies, &keep)?).await {
                Ok(answer) => drawn(answer.into_response(), page, keep, &wish.form, pairs).await?,
                Err(error) if asks_for_proof(&error) => return Err(error),
                Err(_) => KeptState::Gone.page(page, keep, KeptForm { pairs, has_files: false })?,
            }
        };
        wish.set(&mut answer)?;
        Ok(answer)
    }
}

/// A page of a desk to show again; the desk itself in place of any other address.
fn desk(address: &str) -> &str {
    own_path(address).filter(|address| address.starts_with("/desk/")).unwrap_or("/desk")
}

/// Whether a request was refused until its sender proves something. The outer layer keeps the form then.
fn asks_for_proof(error: &poem::Error) -> bool {
    match error.downcast_ref() {
        Some(Error::Unauthenticated) => true,
        Some(Error::Forbidden(refusal)) => [CODE, ALL].contains(&refusal.code),
        _ => false,
    }
}

/// The request that reads a page, with the session and the client of another request.
fn read(request: &Request, policies: &Policies, address: &str) -> Result<Request> {
    let wrong = |e: http::Error| Error::Internal(e.to_string());
    let uri: Uri = address.parse().map_err(|_| Error::NotFound("page"))?;
    let policy = policies.find(&Method::GET, uri.path());
    let (mut parts, ()) = http::Request::builder().uri(uri).body(()).map_err(wrong)?.into_parts();
    parts.headers = request.headers().clone();
    for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::IF_NONE_MATCH] {
        parts.headers.remove(name);
    }
    parts.extensions = request.extensions().clone();
    let (local, remote) = (LocalAddr::default(), RemoteAddr::default());
    let parts = RequestParts::from((parts, local, remote, request.scheme().clone()));
    let mut page = Request::from_parts(parts, Body::empty());
    page.set_data(policy);
    Ok(page)
}

/// The answer with the sent values in its form, or the page that keeps them.
async fn drawn(mut answer: Response, page: Page, keep: String, form: &str, pairs: Pairs) -> Result<Response> {
    if answer.status() == StatusCode::OK {
        let html = answer.take_body().into_string().await.map_err(|e| Error::Internal(e.to_string()))?;
        if let Some(html) = filled(&html, form, &pairs, page.locale) {
            answer.set_body(html);
            return Ok(answer);
        }
    }
    KeptState::Gone.page(page, keep, KeptForm { pairs, has_files: false })
}

/// `GET /desk/preferences`: an address that somebody kept of a page that was drawn again.
#[handler]
pub async fn kept(_signed: Signed, Query(wish): Query<Wish>) -> Response {
    see_other(desk(&wish.keep))
}
