//! Reauthentication before an act that needs it. The page carries the refused form along and sends it on after the proof. So
//! nothing that was typed is lost except secrets, which are never written into a page. A form whose session has ended is kept in
//! the same way, by the page of [`ended`].

use std::sync::Arc;

use askama::Template;
use entity::session;
use poem::http::{Method, StatusCode, header};
use poem::{Body, Endpoint, IntoResponse, Middleware, Request, Response, handler};

use super::ended::{self, KeptForm, KeptState};
use super::feedback::{Again, Labels, links};
use super::sign_in::with_session;
use super::sign_on::again;
use crate::accounts::queries;
use crate::app::App;
use crate::base::ctx::Staff;
use crate::base::error::{Error, FieldError, Result};
use crate::sign_in::extract::{Signed, is_signed_in, token};
use crate::sign_in::nav::{Nav, Section, nav};
use crate::sign_in::queries::bearer;
use crate::sign_in::reauthentication::{self, Proof};
use crate::sign_in::second_factor::Factors;
use crate::sign_in::step_up::{ALL, CODE, Missing, confirm};
use crate::web::address::{own_path, without_language};
use crate::web::form::{MAX_TEXT, Pairs, urlencoded};
use crate::web::frame::Frame;
use crate::web::page::{Page, RequestAddress, html_with, see_other};
use crate::web::problem::DeskHead;

/// Prefix of the page's own fields. All other fields belong to the form that waits.
pub(super) const OWN: &str = "confirmation-";

/// Fields of the forms of the page, in their order.
const FIELDS: &Labels = &[("confirmation-password", "sign-in-password"), ("confirmation-code", "sign-in-code")];

#[derive(Template)]
#[template(path = "sign_in/confirmation.html")]
struct Confirmation {
    p: Page,
    nav: Nav,
    links: Vec<(String, String)>,
    login: String,
    /// Whether all offered proofs are wanted; else one proof is enough.
    wants_all: bool,
    offers_password: bool,
    offers_code: bool,
    code_label: &'static str,
    offers_passkey: bool,
    /// Name of the provider and address of a fresh sign-in there, for accounts that are linked to it.
    again: Option<(String, String)>,
    to: String,
    method: String,
    carried: Pairs,
}

/// Request that waits for the proof.
#[derive(Clone, Debug, Default)]
struct HeldRequest {
    wants_all: bool,
    to: String,
    is_form: bool,
    carried: Pairs,
}

impl Confirmation {
    async fn of(app: &App, found: (&Staff, &session::Model), mut p: Page, waiting: HeldRequest) -> Result<Self> {
        let ((staff, session), db) = (found, app.stores.main.db());
        let factors = Factors::of(db, staff.id).await?;
        let missing = match waiting.wants_all {
            true => Missing::of(db, session, true, app.clock.system()).await?,
            false => Missing { password: true, factor: factors.count() > 0 },
        };
        let offers_password =
            missing.password && reauthentication::password_hash(&app.authentication, staff).await?.is_some();
        let offers_factor = missing.factor && (offers_password || !(waiting.wants_all && missing.password));
        let is_linked = queries::sign_on_link(db, staff.id).await?.is_some();
        p.account = Some(staff.name.clone());
        // The address of the form is no page that could be shown in the other language. A form that waits goes back to its page.
        p.address = match waiting.to.parse() {
            Ok(to) if !waiting.carried.is_empty() => without_language(&to),
            _ => "/desk/confirmation".to_owned(),
        };
        Ok(Self {
            nav: nav(staff, Section::Account),
            links: links(&p, FIELDS),
            login: staff.login.clone(),
            wants_all: waiting.wants_all,
            offers_password,
            offers_code: offers_factor,
            code_label: match waiting.wants_all || !offers_password {
                true => "sign-in-confirmation-code-alone",
                false => "sign-in-confirmation-code",
            },
            offers_passkey: offers_factor && !factors.passkeys.is_empty(),
            again: if is_linked { again(app, &p) } else { None },
            to: waiting.to,
            method: if waiting.is_form { "POST" } else { "GET" }.to_owned(),
            carried: waiting.carried,
            p,
        })
    }
}

/// Middleware that shows the page in place of the refusal. All routes are inside of it.
pub struct Confirming;

impl<E: Endpoint> Middleware<E> for Confirming {
    type Output = ConfirmingEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        ConfirmingEndpoint(endpoint)
    }
}

/// Endpoint of the middleware [`Confirming`].
pub struct ConfirmingEndpoint<E>(E);

impl<E: Endpoint> Endpoint for ConfirmingEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        if !request.uri().path().starts_with("/desk/") {
            return Ok(self.0.call(request).await?.into_response());
        }
        let (asked, held, app) = (RequestAddress::of(&request), token(&request), request.data::<Arc<App>>().cloned());
        let frame = request.data::<Arc<Frame>>().cloned();
        let mut waiting = HeldRequest {
            wants_all: false,
            to: request.original_uri().path_and_query().map_or_else(String::new, ToString::to_string),
            is_form: request.method() == Method::POST,
            carried: Vec::new(),
        };
        let media = request.header(header::CONTENT_TYPE).unwrap_or("");
        let mut form = Vec::new();
        if waiting.is_form && media.starts_with("application/x-www-form-urlencoded") {
            let body = request.take_body().into_bytes_limit(MAX_TEXT).await;
            let body = body.map_err(|_| Error::TooLarge(MAX_TEXT as u64))?;
            form = body.to_vec();
            request.set_body(Body::from(body));
        }
        let is_demo = app.as_ref().is_some_and(|app| app.site.demo);
        let ended = |to, form| KeptState::Ended.page(asked.page("", is_demo).framed(frame.as_ref()), to, form);
        let has_session = match &app {
            Some(app) if waiting.is_form && ended::has_files(&request) => is_signed_in(app, &request).await?,
            _ => true,
        };
        if !has_session {
            let body = request.take_body();
            return Ok(ended(waiting.to, ended::texts(&request, body).await?)?);
        }
        let error = match self.0.call(request).await {
            Ok(response) => return Ok(response.into_response()),
            Err(error) => error,
        };
        let code = match error.downcast_ref() {
            Some(Error::Unauthenticated) => {
                let mut pairs = urlencoded(&form).unwrap_or_default();
                // A form that was sent from this page names the address of its act.
                let act = pairs.iter().find(|(name, _)| name.strip_prefix(OWN) == Some("to"));
                let to = act.and_then(|(_, to)| own_path(to)).map_or(waiting.to, ToOwned::to_owned);
                pairs.retain(|(name, _)| !name.starts_with(OWN));
                if pairs.is_empty() || ended::has_secret(&pairs) {
                    return Err(error);
                }
                return Ok(ended(to, KeptForm { pairs, has_files: false })?);
            }
            Some(Error::Forbidden(refusal)) => refusal.code,
            _ => "",
        };
        let (Some(app), Some((token, kind))) = (app, held) else {
            return Err(error);
        };
        let limits = app.config.sessions;
        let found = bearer(&app.stores.main, &token, kind, limits, app.clock.system()).await?;
        if ![CODE, ALL].contains(&code) {
            return Err(with_head(error, found.map(|found| found.staff.name.clone()), &waiting.to));
        }
        waiting.wants_all = code == ALL;
        let Some(found) = found else {
            return Err(Error::Unauthenticated.into());
        };
        waiting.carried = urlencoded(&form)?;
        // A form that was sent from this page also contains the page's own fields.
        waiting.carried.retain(|(name, _)| !name.starts_with(OWN));
        if ended::has_secret(&waiting.carried) {
            (waiting.is_form, waiting.carried) = (false, Vec::new());
        }
        let mut p = asked.page("desk", app.site.demo).framed(frame.as_ref()).titled("sign-in-confirmation-title");
        p.ends_in = Some(limits.left(&found.session, app.clock.system()));
        let page = Confirmation::of(&app, (&found.staff, &found.session), p, waiting).await?;
        Ok(html_with(StatusCode::FORBIDDEN, &page)?)
    }
}

/// The error with the head of the desk, for a refusal that is shown on a page of its own. The page leads back to the object of a
/// refused act, whose address is that of the act without its last word, and otherwise to the start of the desk.
fn with_head(mut error: poem::Error, account: Option<String>, address: &str) -> poem::Error {
    let path = address.split('?').next().unwrap_or_default();
    let is_act = error.downcast_ref().is_some_and(|error| matches!(error, Error::Forbidden(_) | Error::Conflict(_)));
    let object =
        path.rsplit_once('/').map(|(object, _)| object).filter(|object| is_act && object.matches('/').count() > 2);
    if let Some(account) = account {
        error.set_data(DeskHead { account, back: object.unwrap_or("/desk").to_owned() });
    }
    error
}

/// Shows the page for reauthentication: `GET /desk/confirmation`.
#[handler]
pub async fn show(signed: Signed) -> Result<Response> {
    let p = signed.page("desk").titled("sign-in-confirmation-title");
    let waiting = HeldRequest { to: "/desk".to_owned(), ..HeldRequest::default() };
    html_with(StatusCode::OK, &Confirmation::of(&signed.app, (signed.ctx.staff()?, &signed.session), p, waiting).await?)
}

/// Takes the proof and sends the form on: `POST /desk/confirmation`.
#[handler]
pub async fn take(signed: Signed, body: Body) -> Result<Response> {
    let body = body.into_bytes_limit(MAX_TEXT).await.map_err(|_| Error::TooLarge(MAX_TEXT as u64))?;
    let (own, carried): (Pairs, Pairs) = urlencoded(&body)?.into_iter().partition(|(name, _)| name.starts_with(OWN));
    let get = |name: &str| own.iter().find(|(n, _)| n.strip_prefix(OWN) == Some(name)).map_or("", |(_, v)| v.as_str());
    let to = own_path(get("to")).unwrap_or("/desk").to_owned();
    let waiting = HeldRequest { wants_all: !get("all").is_empty(), to, is_form: get("method") == "POST", carried };
    let password =
        Some(get("password")).filter(|typed| !typed.is_empty()).map(|typed| Proof::Password(typed.to_owned()));
    let factor = match (get("credential"), get("code")) {
        ("", "") => None,
        ("", code) => Some(Proof::Code(code.to_owned())),
        (answer, _) => Some(Proof::Passkey(answer.to_owned())),
    };
    let mut proofs: Vec<Proof> = password.into_iter().chain(factor).collect();
    let (db, system) = (signed.app.stores.main.db(), signed.app.clock.system());
    let missing = Missing::of(db, &signed.session, waiting.wants_all, system).await?;
    if proofs.is_empty() {
        // The proof was shown in another window, or to the provider.
        if !missing.is_some() {
            return Ok(on(&waiting));
        }
        let empty = String::new();
        proofs.push(if missing.password { Proof::Password(empty) } else { Proof::Code(empty) });
    }
    match confirm(&signed.app.authentication, &signed.ctx, signed.holder()?, proofs).await {
        Ok(opened) => Ok(with_session(on(&waiting), &signed.app, &opened)),
        Err(error) => {
            let (again, errors) = Again::of(error, if missing.password { "password" } else { "code" })?;
            let p = signed.page("desk").titled("sign-in-confirmation-title").refused(named(errors));
            again.show(&Confirmation::of(&signed.app, (signed.ctx.staff()?, &signed.session), p, waiting).await?)
        }
    }
}

/// Makes the browser send the same form on to its address. That address ignores the fields of this page.
fn on(waiting: &HeldRequest) -> Response {
    match waiting.is_form {
        true => StatusCode::TEMPORARY_REDIRECT.with_header(header::LOCATION, &waiting.to).into_response(),
        false => see_other(&waiting.to),
    }
}

/// Moves the errors to the fields of this page.
fn named(mut errors: Vec<FieldError>) -> Vec<FieldError> {
    for error in &mut errors {
        let field = if error.field == "password" { "password" } else { "code" };
        error.field = format!("{OWN}{field}");
    }
    errors
}
