//! Sign-in with login and password, and sign-out. Further steps of a sign-in have pages of their own.

use askama::Template;
use entity::id::AccountId;
use entity::stored::{SessionKind, SessionStage};
use poem::http::header;
use poem::web::Query;
use poem::{IntoResponse, Request, Response, handler};

use super::feedback::{Again, Done, Labels, links};
use super::sign_on::{self, Offer};
use crate::app::App;
use crate::base::error::{Error, Result};
use crate::sign_in::commands;
use crate::sign_in::extract::{Entering, Visit};
use crate::sign_in::flows::{self, Attempt};
use crate::sign_in::known_device;
use crate::sign_in::session::Opened;
use crate::web::address::own_path;
use crate::web::form::Sent;
use crate::web::page::{Page, html, see_other};
use crate::web::{query, session_cookie};

/// Fields of the forms of the page, in their order.
const FIELDS: &Labels = &[("login", "sign-in-login"), ("password", "sign-in-password")];

#[derive(Template)]
#[template(path = "sign_in/sign_in.html")]
struct SignIn {
    p: Page,
    links: Vec<(String, String)>,
    login: String,
    next: String,
    offer: Option<Offer>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Next {
    pub(super) next: String,
    /// Token of the invitation by which the provider's account is linked.
    pub(super) invitation: String,
}

/// Address after the sign-in: the given path where it is ours and no part of the sign-in itself, else the desk.
pub(super) fn target(next: &str) -> &str {
    own_path(next).filter(|path| !path.starts_with("/sign-")).unwrap_or("/desk")
}

/// Address of the next step of the sign-in.
pub(super) fn way(p: &Page, stage: SessionStage, next: &str) -> String {
    let step = match stage {
        SessionStage::Complete => return p.href(target(next)),
        SessionStage::Factor => "code",
        SessionStage::Enrolment => "enrolment",
    };
    p.href(&format!("/sign-in/{step}?next={}", query::encode(target(next))))
}

/// Redirect to the next step, with the cookies of a sign-in.
pub async fn entered(p: &Page, app: &App, opened: &Opened, next: &str) -> Result<Response> {
    signed_in(see_other(&way(p, opened.stage, next)), app, opened).await
}

/// The answer with the session in the cookie. After a complete sign-in the account knows the browser ([`known_device`]).
pub(super) async fn signed_in(response: Response, app: &App, opened: &Opened) -> Result<Response> {
    let response = with_session(response, app, opened);
    match opened.stage {
        SessionStage::Complete => with_device(response, app, opened.account).await,
        SessionStage::Factor | SessionStage::Enrolment => Ok(response),
    }
}

/// The answer with a further cookie, by which the account knows the browser ([`known_device`]).
pub(super) async fn with_device(response: Response, app: &App, account: AccountId) -> Result<Response> {
    let sealed = known_device::seal(&app.authentication, account).await?;
    Ok(response.with_header(header::SET_COOKIE, session_cookie::set_device(&sealed)).into_response())
}

/// The answer with the session in the cookie.
pub(super) fn with_session(response: Response, app: &App, opened: &Opened) -> Response {
    response
        .with_header(
            header::SET_COOKIE,
            session_cookie::set(opened.token.reveal(), opened.expires - app.clock.system()),
        )
        .into_response()
}

/// Shows the form: `GET /sign-in`.
#[handler]
pub async fn show(
    visit: Visit,
    entering: Option<Entering>,
    Query(Next { next, invitation }): Query<Next>,
    Query(done): Query<Done>,
) -> Result<Response> {
    let mut p = visit.page("sign-in").titled("sign-in-sign-in-title");
    if let Some(entering) = entering {
        return Ok(see_other(&way(&p, entering.session.stage, &next)));
    }
    p.notice = done.notice(&p);
    let (next, login) = (target(&next).to_owned(), String::new());
    let offer = sign_on::offer(&visit, &p, (&next, &invitation), done.done == "sign-out").await;
    html(&SignIn { p, links: Vec::new(), login, next, offer })
}

/// Signs in with login and password: `POST /sign-in`.
#[handler]
pub async fn sign_in(visit: Visit, request: &Request, sent: Sent) -> Result<Response> {
    let p = visit.page("sign-in").titled("sign-in-sign-in-title");
    let app = &visit.app;
    let (login, next) = (sent.get("login"), target(sent.get("next")));
    let attempt = Attempt {
        login,
        password: sent.get("password").to_owned(),
        peer: &visit.peer,
        device: visit.device.as_deref(),
        kind: SessionKind::Cookie,
        browser: visit.browser.clone(),
        replaces: session_cookie::get(request),
    };
    match flows::sign_in(&app.authentication, &visit.ctx, attempt).await {
        Ok(opened) => entered(&p, app, &opened, next).await,
        Err(error) => {
            let (again, errors) = Again::of(error, "login")?;
            let p = p.refused(errors);
            let offer = sign_on::offer(&visit, &p, (next, ""), false).await;
            let (login, next) = (login.to_owned(), next.to_owned());
            again.show(&SignIn { links: links(&p, FIELDS), p, login, next, offer })
        }
    }
}

/// The page after a failed sign-in at the provider.
pub(super) async fn refused(visit: &Visit, error: Error, next: &str) -> Result<Response> {
    if matches!(error, Error::Database(_) | Error::Internal(_) | Error::NotFound(_)) {
        return Err(error);
    }
    let head = Again { status: error.status(), wait: error.retry_after() };
    let p = visit.page("sign-in").titled("sign-in-sign-in-title").refused(sign_on::told(&error));
    let next = target(next).to_owned();
    let offer = sign_on::offer(visit, &p, (&next, ""), false).await;
    head.show(&SignIn {
        links: links(&p, FIELDS),
        p: Page { address: "/sign-in".to_owned(), ..p },
        login: String::new(),
        next,
        offer,
    })
}

/// Signs out: `POST /sign-out`. Sign-out also works where the sign-in was not complete, or the session has ended by itself.
#[handler]
pub async fn sign_out(visit: Visit, entering: poem::Result<Entering>) -> poem::Result<Response> {
    match entering {
        Ok(entering) => {
            entering.write(async |tx| commands::sign_out(tx, &entering.ctx, &entering.token).await).await?;
        }
        Err(error) if matches!(error.downcast_ref(), Some(Error::Unauthenticated)) => {}
        // No page says that the session is over when it could not be ended.
        Err(error) => return Err(error),
    }
    Ok(gone(&visit.page(""), "sign-out"))
}

/// Redirect to the sign-in page with a notice; the session cookie is deleted.
pub(super) fn gone(p: &Page, done: &str) -> Response {
    see_other(&p.href(&format!("/sign-in?done={done}")))
        .with_header(header::SET_COOKIE, session_cookie::delete())
        .with_header("clear-site-data", "\"cache\"")
        .into_response()
}
