//! Signing in and out.

use askama::Template;
use entity::stored::SessionKind;
use poem::http::header;
use poem::web::Query;
use poem::{IntoResponse, Request, Response, handler};

use super::sign_on::{self, Offer};
use super::{Again, Done, links};
use crate::error::{Error, Result};
use crate::identity::commands::{self, Attempt};
use crate::identity::cookie;
use crate::identity::extract::{Signed, Visit, session_cookie};
use crate::web::form::Sent;
use crate::web::page::{Page, html, own_path, see_other};

#[derive(Template)]
#[template(path = "identity/sign_in.html")]
struct SignIn {
    p: Page,
    links: Vec<(String, String)>,
    login: String,
    next: String,
    offer: Option<Offer>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Next {
    next: String,
}

/// Where to go after signing in: a path of ours, else the desk.
fn target(next: &str) -> &str {
    own_path(next).unwrap_or("/desk")
}

/// `GET /sign-in`
#[handler]
pub async fn show(
    visit: Visit,
    signed: Option<Signed>,
    Query(Next { next }): Query<Next>,
    Query(done): Query<Done>,
) -> Result<Response> {
    let mut p = visit.page("sign-in").titled("identity-sign-in-title");
    if signed.is_some() {
        return Ok(see_other(&p.href(target(&next))));
    }
    p.notice = done.notice(&p);
    let (next, login) = (target(&next).to_owned(), String::new());
    let offer = sign_on::offer(&visit, &p, &next, done.done == "sign-out").await;
    html(&SignIn { p, links: Vec::new(), login, next, offer })
}

/// `POST /sign-in`
#[handler]
pub async fn sign_in(visit: Visit, request: &Request, sent: Sent) -> Result<Response> {
    let p = visit.page("sign-in").titled("identity-sign-in-title");
    let app = &visit.app;
    let (login, next) = (sent.get("login"), target(sent.get("next")));
    let attempt = Attempt {
        login,
        password: sent.get("password").to_owned(),
        peer: &visit.peer,
        kind: SessionKind::Cookie,
        replaces: session_cookie(request),
    };
    let system = app.clock.system();
    let local = app.single_sign_on.as_ref().map_or(Ok(()), |provider| provider.check_local(login));
    let tried = match local {
        Ok(()) => commands::sign_in(&app.stores.main, &app.sign_ins, attempt, visit.ctx.now, system).await,
        Err(error) => Err(error),
    };
    let token = match tried {
        Ok(token) => token,
        Err(error) => {
            let (again, errors) = Again::of(error, "login")?;
            let p = p.refused(errors);
            let offer = sign_on::offer(&visit, &p, next, false).await;
            let (login, next) = (login.to_owned(), next.to_owned());
            return again.show(&SignIn { links: links(&p), p, login, next, offer });
        }
    };
    Ok(see_other(&p.href(next)).with_header(header::SET_COOKIE, cookie::set(token.reveal())).into_response())
}

/// The page after a sign-in at the provider that came to nothing.
pub(super) async fn refused(visit: &Visit, error: Error, next: &str) -> Result<Response> {
    if matches!(error, Error::Database(_) | Error::Internal(_) | Error::NotFound(_)) {
        return Err(error);
    }
    let head = Again { status: error.status(), wait: error.retry_after() };
    let p = visit.page("sign-in").titled("identity-sign-in-title").refused(sign_on::told(&error));
    let next = target(next).to_owned();
    let offer = sign_on::offer(visit, &p, &next, false).await;
    head.show(&SignIn {
        links: links(&p),
        p: Page { address: "/sign-in".to_owned(), ..p },
        login: String::new(),
        next,
        offer,
    })
}

/// `POST /sign-out`. Works as well where the session has ended by itself.
#[handler]
pub async fn sign_out(visit: Visit, signed: poem::Result<Signed>) -> poem::Result<Response> {
    match signed {
        // Not `app.write`: kept public pages know nothing of sessions.
        Ok(signed) => {
            let store = &signed.app.stores.main;
            store.write(async |tx| commands::sign_out(tx, &signed.ctx, &signed.token).await).await?;
        }
        Err(error) if matches!(error.downcast_ref(), Some(Error::Unauthenticated)) => {}
        // Nobody is told to be signed out whose session could not be ended.
        Err(error) => return Err(error),
    }
    Ok(gone(&visit.page(""), "sign-out"))
}

/// Back to the sign-in page without a cookie, with a sentence about why.
pub(super) fn gone(p: &Page, done: &str) -> Response {
    see_other(&p.href(&format!("/sign-in?done={done}")))
        .with_header(header::SET_COOKIE, cookie::delete())
        .into_response()
}
