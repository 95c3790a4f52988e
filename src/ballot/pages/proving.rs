//! The way to the identity source and back: the page before leaving, the return, and the ballot as it was left.
//!
//! The ticks travel in the sealed cookie of the trip, and the pass in another cookie after it. No address ever holds either.

use askama::Template;
use poem::http::header;
use poem::{IntoResponse, Request, Response, handler};
use serde::{Deserialize, Serialize};

use super::check::{self, Note};
use super::{With, stopped};
use crate::ballot::pages::ballot_view::Booth;
use crate::ballot::pages::form_state::Carried;
use crate::base::error::{Error, Refusal, Result};
use crate::oidc::auth_request::{AuthRequest, REQUEST_LIFETIME};
use crate::pass::proving::{self, PURPOSE};
use crate::pass::seal::Pass;
use crate::sign_in::extract::Visit;
use crate::web::host_cookie;
use crate::web::page::{Page, answer, see_other};

/// Name of the cookie that a browser carries to the source and back.
const COOKIE: &str = "__Host-shudu-proof";
/// Purpose for which a ballot with its pass is sealed.
const PROVEN: &str = "a ballot under a real name";

/// A ballot whose voter is at the identity source.
#[derive(Clone, Deserialize, Serialize)]
struct Away {
    campaign: String,
    order: u8,
    place: String,
    choices: Vec<String>,
    /// Address of the page to go on with, in the language of the voter.
    back: String,
}

/// A ballot whose voter came back with a pass.
#[derive(Deserialize, Serialize)]
struct Proven {
    pass: String,
    ballot: Away,
}

impl Away {
    fn carried(self) -> Carried {
        let track = entity::stored::Track::RealName.code().to_owned();
        Carried { order: self.order, place: self.place, choices: self.choices, track, ..Carried::default() }
    }
}

#[derive(Template)]
#[template(path = "ballot/leave.html")]
struct LeavePage {
    p: Page,
    address: String,
    hidden: Vec<(&'static str, String)>,
    name: String,
    href: String,
}

/// The page before leaving. It says who asks for which data. A link leads to the source, because forms submit to this site only.
pub async fn leave(visit: &Visit, booth: &Booth, carried: &Carried) -> Result<Response> {
    let Some(source) = visit.app.passes.identity_source.provider() else {
        return Err(Error::conflict("pass.no_source"));
    };
    let p = booth.page(visit).titled("ballot-leave-title");
    let slug = &booth.campaign.slug;
    let ballot = Away {
        campaign: slug.clone(),
        order: carried.order,
        place: carried.place.clone(),
        choices: carried.choices.clone(),
        back: p.href(&format!("/campaigns/{slug}/ballot/proven")),
    };
    let begun = match proving::begin(&visit.app.passes, &visit.ctx, slug, ballot).await {
        Ok(begun) => begun,
        Err(error) => return undone(visit, booth, carried.clone(), error),
    };
    let settings = &source.party.provider;
    let page = LeavePage {
        address: p.href(&booth.address()),
        hidden: carried.hidden(&[]),
        name: p.pick(&settings.name_zh, &settings.name_en).to_owned(),
        href: begun.address,
        p,
    };
    let cookie = host_cookie::set(COOKIE, &begun.sealed, REQUEST_LIFETIME.num_seconds());
    Ok(answer(200, None, &page)?.with_header(header::SET_COOKIE, cookie).into_response())
}

/// `GET /identity/return`: the browser returns from the source.
#[handler]
pub async fn back(visit: Visit, request: &Request) -> Result<Response> {
    let (app, system) = (&visit.app, visit.app.clock.system());
    let trip = host_cookie::get(request, COOKIE)
        .and_then(|s| app.passes.state_cookie.open::<AuthRequest<Away>>(PURPOSE, &s, system));
    let Some(AuthRequest { secrets, payload: ballot }) = trip else {
        return Err(Error::Forbidden(Refusal::new("provider.mismatch")));
    };
    let query = request.original_uri().query().unwrap_or("");
    match proving::finish(&app.passes, &visit.ctx, &ballot.campaign, (secrets, query), &visit.peer).await {
        Ok(pass) => {
            let address = ballot.back.clone();
            let sealed = app.passes.state_cookie.seal(PROVEN, &Proven { pass: pass.encode(), ballot }, system)?;
            let cookie = host_cookie::set(COOKIE, &sealed, REQUEST_LIFETIME.num_seconds());
            Ok(see_other(&address)
                .with_header(header::SET_COOKIE, cookie)
                .with_header(header::CACHE_CONTROL, "no-store")
                .into_response())
        }
        // The trip goes on: an answer that belongs to another trip must not end this one.
        Err(error) if error.refusal().code == "provider.mismatch" => Err(error),
        Err(error) => {
            let slug = ballot.campaign.clone();
            let mut carried = ballot.carried();
            let shown = match stopped::booth(&visit, &slug, &carried).await? {
                Ok(booth) => {
                    // A voter who could not prove an identity may want to vote anonymously.
                    carried.track.clear();
                    undone(&visit, &booth, carried, error)?
                }
                Err(stopped) => stopped,
            };
            Ok(shown.with_header(header::SET_COOKIE, host_cookie::delete(COOKIE)).into_response())
        }
    }
}

/// `GET /campaigns/{slug}/ballot/proven`: the check, with the ballot as it was left and the pass.
#[handler]
pub async fn proven(visit: Visit, request: &Request, slug: poem::web::Path<String>) -> Result<Response> {
    let app = &visit.app;
    let sealed = host_cookie::get(request, COOKIE);
    let proven = sealed.and_then(|s| app.passes.state_cookie.open::<Proven>(PROVEN, &s, app.clock.system()));
    let proven = proven.filter(|proven| proven.ballot.campaign == *slug);
    let Some((pass, ballot)) = proven.and_then(|p| Some((Pass::parse(&p.pass)?, p.ballot))) else {
        return Ok(see_other(&visit.page("").href(&format!("/campaigns/{}/ballot", *slug))));
    };
    let mut carried = ballot.carried();
    carried.hold(&pass);
    match stopped::booth(&visit, &slug, &carried).await? {
        Ok(booth) => check::page(&visit, &booth, &carried, Note::Proven),
        Err(stopped) => Ok(stopped),
    }
}

/// Adds the `Set-Cookie` header that deletes the ballot from the browser, once it is cast.
pub fn cast(response: Response) -> Response {
    match host_cookie::delete(COOKIE).parse() {
        Ok(cookie) => response.with(header::SET_COOKIE, cookie),
        Err(_) => response,
    }
}

/// The check again, with the entered data and the reason why no identity was proved.
fn undone(visit: &Visit, booth: &Booth, carried: Carried, error: Error) -> Result<Response> {
    match error {
        Error::Conflict(refusal) => check::page(visit, booth, &carried, Note::Conflict(refusal)),
        Error::Forbidden(refusal) => check::page(visit, booth, &carried, Note::Forbidden(refusal)),
        later @ (Error::Busy { .. } | Error::TooMany { .. } | Error::UsedUp { .. }) => {
            check::page(visit, booth, &carried, Note::Later(later))
        }
        other => Err(other),
    }
}
