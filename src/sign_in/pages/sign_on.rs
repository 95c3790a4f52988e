//! Sign-in at a provider: the way there and back.

use askama::Template;
use poem::http::{HeaderValue, header};
use poem::web::Query;
use poem::{IntoResponse, Request, Response, handler};
use serde::{Deserialize, Serialize};

use super::sign_in;
use crate::accounts::commands::{self, Arrival};
use crate::app::App;
use crate::audit;
use crate::base::error::{Error, FieldError, Refusal, Result};
use crate::base::main_store::Changes;
use crate::oidc::auth_request::{self, AuthRequest, Nonces, REQUEST_LIFETIME};
use crate::sign_in::extract::Visit;
use crate::sign_in::sign_on::SignOn;
use crate::web::address::own_path;
use crate::web::page::{Page, see_other};
use crate::web::{host_cookie, session_cookie};

/// Cookie with the authentication request, which a browser carries to the provider and back.
const COOKIE: &str = "__Host-shudu-sign-on";
/// Purpose for which the cookie is sealed.
const PURPOSE: &str = "staff sign-in";

/// Query at the beginning of a sign-in at the provider.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct SignOnQuery {
    next: String,
    invitation: String,
    lang: String,
    /// Whether the provider has to ask for a fresh proof.
    anew: bool,
}

/// The provider, as the sign-in page offers it.
#[derive(Template)]
#[template(path = "sign_in/_provider.html")]
pub struct Offer {
    button: String,
    href: String,
    /// Sentence about passwords; empty where everybody may use one.
    only: String,
    /// Sentence about the session at the provider; empty where there is nothing to say.
    still: String,
    end: String,
    end_href: String,
}

/// The offer of the sign-in page; none where the site has no provider.
pub async fn offer(visit: &Visit, p: &Page, (next, invitation): (&str, &str), is_signed_out: bool) -> Option<Offer> {
    let provider = visit.app.authentication.single_sign_on.as_ref()?;
    let name = [("name", name_of(provider, p))];
    let query = query_of(next, invitation);
    let ends = is_signed_out && provider.party.end_session(String::new()).await.is_some();
    Some(Offer {
        button: p.tr("sign-in-sign-on-button", &name),
        href: p.href(&format!("/sign-in/provider?{query}")),
        only: if provider.is_local_for_all() { String::new() } else { p.t("sign-in-sign-on-only") },
        still: if ends { p.tr("sign-in-sign-on-still", &name) } else { String::new() },
        end: p.tr("sign-in-sign-on-end", &name),
        end_href: p.href("/sign-in/provider/end"),
    })
}

fn query_of(next: &str, invitation: &str) -> String {
    let invited = (!invitation.is_empty()).then_some(("invitation", invitation));
    serde_urlencoded::to_string([Some(("next", next)), invited].into_iter().flatten().collect::<Vec<_>>())
        .unwrap_or_default()
}

/// Name of the provider, and the address of a fresh sign-in there, for acts that need reauthentication. None where the site has
/// no provider.
pub fn again(app: &App, p: &Page) -> Option<(String, String)> {
    let provider = app.authentication.single_sign_on.as_ref()?;
    Some((name_of(provider, p), p.href("/sign-in/provider?anew=true&next=/desk")))
}

/// Name of the provider in the language of the page.
pub fn name_of(provider: &SignOn, p: &Page) -> String {
    let settings = &provider.party.provider;
    p.pick(&settings.name_zh, &settings.name_en).to_owned()
}

/// Sends the browser to the provider: `GET /sign-in/provider`. The page uses a link and not a form, because the content security
/// policy allows forms to this site only. A request that comes from a page of another site leads to the sign-in page first, where
/// the person has to press the button.
#[handler]
pub async fn leave(visit: Visit, request: &Request, Query(mut asked): Query<SignOnQuery>) -> Result<Response> {
    let provider = visit.app.authentication.single_sign_on.as_ref().ok_or(Error::NotFound("page"))?;
    if request.header("sec-fetch-site").is_some_and(|from| !["same-origin", "none"].contains(&from)) {
        let own = visit.page("sign-in").href(&format!("/sign-in?{}", query_of(&asked.next, &asked.invitation)));
        return Ok(see_other(&own));
    }
    let secrets = Nonces::fresh(asked.anew)?;
    let address = match provider.party.begin(&secrets).await {
        Ok(address) => address,
        Err(error) => return sign_in::refused(&visit, error, &asked.next).await,
    };
    asked.next = own_path(&asked.next).unwrap_or("").to_owned();
    let sealed = visit.app.authentication.state_cookie.seal(
        PURPOSE,
        &AuthRequest { secrets, payload: asked },
        visit.app.clock.system(),
    )?;
    Ok(away(&address, &[host_cookie::set(COOKIE, &sealed, REQUEST_LIFETIME.num_seconds())]))
}

/// Takes the browser back from the provider: `GET /sign-in/return`.
#[handler]
pub async fn back(visit: Visit, request: &Request) -> Result<Response> {
    let app = &visit.app;
    let provider = app.authentication.single_sign_on.as_ref().ok_or(Error::NotFound("page"))?;
    let system = app.clock.system();
    let trip = host_cookie::get(request, COOKIE)
        .and_then(|sealed| app.authentication.state_cookie.open::<AuthRequest<SignOnQuery>>(PURPOSE, &sealed, system));
    let Some(AuthRequest { secrets, payload }) = trip else {
        return sign_in::refused(&visit, Error::Forbidden(Refusal::new("provider.mismatch")), "").await;
    };
    let query = request.original_uri().query().unwrap_or("");
    let attempt = async {
        let anew = secrets.anew;
        let asked = provider.party.finish(&app.authentication.state_cookie, secrets, query, provider.wanted(), system);
        let vouched = auth_request::limited(&app.limiter, &visit.peer, system, asked).await?;
        // Only the provider's own word counts: the browser may have asked the provider for less than it was told to.
        if anew && vouched.proved_at.is_none() {
            return Err(Error::Forbidden(Refusal::new("provider.weak")));
        }
        let arrival = Arrival {
            vouched,
            invitation: payload.invitation,
            browser: visit.browser.clone(),
            replaces: session_cookie::get(request),
        };
        let work = async |tx: &_| commands::sign_on(tx, &visit.ctx, &app.authentication, provider, arrival).await;
        app.stores.main.write(Changes::Internal, work).await?
    };
    match attempt.await {
        Ok(opened) => {
            let next = sign_in::way(&visit.page(""), opened.stage, &payload.next);
            sign_in::signed_in(away(&next, &[host_cookie::delete(COOKIE)]), app, &opened).await
        }
        Err(error) => {
            audit::refusals::note(&app.stores.main, &visit.ctx, "", &visit.peer).await?;
            sign_in::refused(&visit, error, &payload.next).await
        }
    }
}

/// Sends the browser to the end of the session at the provider: `GET /sign-in/provider/end`.
#[handler]
pub async fn end(visit: Visit) -> Result<Response> {
    let provider = visit.app.authentication.single_sign_on.as_ref().ok_or(Error::NotFound("page"))?;
    let home = format!("{}/sign-in", visit.app.config.public_address());
    let address = provider.party.end_session(home).await.ok_or(Error::NotFound("page"))?;
    Ok(away(&address, &[]))
}

/// Redirects the browser, with cookies. The answer is not cached.
fn away(address: &str, cookies: &[String]) -> Response {
    let mut response = see_other(address).with_header(header::CACHE_CONTROL, "no-store").into_response();
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// The error as a message for the sign-in page.
pub fn told(error: &Error) -> Vec<FieldError> {
    vec![FieldError { field: "provider".to_owned(), refusal: error.refusal() }]
}
