//! A proof of presence before an act that needs one. The form that was refused for want of it is carried along and goes on
//! by itself once the proof is there: nothing that was typed is lost.

use std::sync::Arc;

use askama::Template;
use poem::http::{Method, StatusCode, header};
use poem::{Body, Endpoint, IntoResponse, Middleware, Request, Response, handler};

use super::sign_in::with_session;
use super::{Again, links};
use crate::app::App;
use crate::ctx::Staff;
use crate::error::{Error, FieldError, Result};
use crate::identity::confirmation::{CODE, confirm};
use crate::identity::extract::{Signed, token};
use crate::identity::nav::{Nav, Section, nav};
use crate::identity::proof::Proof;
use crate::identity::queries;
use crate::identity::second_factor::Factors;
use crate::web::form::MOST_TEXT;
use crate::web::page::{Asked, Page, html_with, own_path, see_other};

type Pairs = Vec<(String, String)>;

/// Begins the names of the fields of the page itself; all others are those of the form that waits.
const OWN: &str = "confirmation-";

#[derive(Template)]
#[template(path = "identity/confirmation.html")]
struct Confirmation {
    p: Page,
    nav: Nav,
    links: Vec<(String, String)>,
    login: String,
    has_factor: bool,
    has_passkey: bool,
    to: String,
    method: String,
    carried: Pairs,
}

/// What waits for the proof.
#[derive(Clone, Debug, Default)]
struct Waiting {
    to: String,
    is_form: bool,
    carried: Pairs,
}

impl Confirmation {
    async fn of(app: &App, staff: &Staff, mut p: Page, waiting: Waiting) -> Result<Self> {
        let factors = Factors::of(app.stores.main.db(), staff.id).await?;
        p.account = Some(staff.name.clone());
        // The address of a form is no page that the other language could be asked of.
        p.address = "/desk/confirmation".to_owned();
        Ok(Self {
            nav: nav(staff, Section::Account),
            links: links(&p),
            login: staff.login.clone(),
            has_factor: factors.count() > 0,
            has_passkey: !factors.passkeys.is_empty(),
            to: waiting.to,
            method: if waiting.is_form { "POST" } else { "GET" }.to_owned(),
            carried: waiting.carried,
            p,
        })
    }
}

/// Shows the page in place of the refusal. Inside of it stand all routes.
pub struct Confirming;

impl<E: Endpoint> Middleware<E> for Confirming {
    type Output = ConfirmingEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        ConfirmingEndpoint(endpoint)
    }
}

/// See [`Confirming`].
pub struct ConfirmingEndpoint<E>(E);

impl<E: Endpoint> Endpoint for ConfirmingEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        if !request.uri().path().starts_with("/desk/") {
            return Ok(self.0.call(request).await?.into_response());
        }
        let (asked, held, app) = (Asked::of(&request), token(&request), request.data::<Arc<App>>().cloned());
        let mut waiting = Waiting {
            to: request.original_uri().path_and_query().map_or_else(String::new, ToString::to_string),
            is_form: request.method() == Method::POST,
            carried: Vec::new(),
        };
        let media = request.header(header::CONTENT_TYPE).unwrap_or("");
        let mut form = Vec::new();
        if waiting.is_form && media.starts_with("application/x-www-form-urlencoded") {
            let body = request.take_body().into_bytes_limit(MOST_TEXT).await;
            let body = body.map_err(|_| Error::TooLarge(MOST_TEXT as u64))?;
            form = body.to_vec();
            request.set_body(Body::from(body));
        }
        let error = match self.0.call(request).await {
            Ok(response) => return Ok(response.into_response()),
            Err(error) => error,
        };
        let is_demand = matches!(error.downcast_ref(), Some(Error::Forbidden(refusal)) if refusal.code == CODE);
        let (true, Some(app), Some((token, kind))) = (is_demand, app, held) else {
            return Err(error);
        };
        let limits = app.config.sessions;
        let Some(found) = queries::bearer(&app.stores.main, &token, kind, limits, app.clock.system()).await? else {
            return Err(Error::Unauthenticated.into());
        };
        waiting.carried = pairs(&form)?;
        let mut p = asked.page("desk", app.site.demo).titled("identity-confirmation-title");
        p.ends_in = Some(limits.left(&found.session, app.clock.system()));
        let page = Confirmation::of(&app, &found.staff, p, waiting).await?;
        Ok(html_with(StatusCode::FORBIDDEN, &page)?)
    }
}

fn pairs(form: &[u8]) -> Result<Pairs> {
    serde_urlencoded::from_bytes(form).map_err(|_| Error::field("request", crate::error::Refusal::new("malformed")))
}

/// `GET /desk/confirmation`
#[handler]
pub async fn show(signed: Signed) -> Result<Response> {
    let p = signed.page("desk").titled("identity-confirmation-title");
    let waiting = Waiting { to: "/desk".to_owned(), ..Waiting::default() };
    html_with(StatusCode::OK, &Confirmation::of(&signed.app, signed.ctx.staff()?, p, waiting).await?)
}

/// `POST /desk/confirmation`
#[handler]
pub async fn take(signed: Signed, body: Body) -> Result<Response> {
    let body = body.into_bytes_limit(MOST_TEXT).await.map_err(|_| Error::TooLarge(MOST_TEXT as u64))?;
    let (own, carried): (Pairs, Pairs) = pairs(&body)?.into_iter().partition(|(name, _)| name.starts_with(OWN));
    let get = |name: &str| own.iter().find(|(n, _)| n.strip_prefix(OWN) == Some(name)).map_or("", |(_, v)| v.as_str());
    let to = own_path(get("to")).unwrap_or("/desk").to_owned();
    let waiting = Waiting { to, is_form: get("method") == "POST", carried };
    let proof = match (get("credential"), get("code")) {
        ("", "") => Proof::Password(get("password").to_owned()),
        ("", code) => Proof::Code(code.to_owned()),
        (answer, _) => Proof::Passkey(answer.to_owned()),
    };
    match confirm(&signed.app, &signed.ctx, signed.holder()?, proof).await {
        // The browser sends the same form on to where it was meant to go; the fields of this page mean nothing there.
        Ok(opened) => {
            let on = match waiting.is_form {
                true => StatusCode::TEMPORARY_REDIRECT.with_header(header::LOCATION, waiting.to).into_response(),
                false => see_other(&waiting.to),
            };
            Ok(with_session(on, &signed.app, &opened))
        }
        Err(error) => {
            let (again, errors) = Again::of(error, "password")?;
            let p = signed.page("desk").titled("identity-confirmation-title").refused(named(errors));
            again.show(&Confirmation::of(&signed.app, signed.ctx.staff()?, p, waiting).await?)
        }
    }
}

/// The errors at the fields of this page.
fn named(mut errors: Vec<FieldError>) -> Vec<FieldError> {
    for error in &mut errors {
        let field = if error.field == "password" { "password" } else { "code" };
        error.field = format!("{OWN}{field}");
    }
    errors
}
