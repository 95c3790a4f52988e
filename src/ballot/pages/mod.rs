//! HTML pages of casting.
//!
//! A ballot has four pages and one form: the place, the options, the check, the receipt. The entered data travels in the form
//! from page to page (`form_state`). Nothing is stored before the ballot is cast, so nothing can time out.

pub mod ballot_view;
mod cast;
mod check;
mod form_state;
mod options;
mod place;
mod privacy;
mod proving;
mod receipts;
pub mod sample;
mod steps;
mod stopped;
mod waiting;

use poem::http::{HeaderValue, StatusCode, header};
use poem::web::{Path, Query};
use poem::{Response, handler};

use self::check::Note;
use self::steps::steps;
use crate::ballot::option_order::ORDERS;
use crate::ballot::pages::form_state::{BallotQuery, Carried};
use crate::base::error::{Error, Result};
use crate::base::keys;
use crate::sign_in::extract::Visit;
use crate::web::form::Sent;
use crate::web::page::see_other;
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the routes of these pages.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route
        .get("/campaigns/:slug/ballot", Policy::VOTING, open)
        .post("/campaigns/:slug/ballot", Policy::VOTING, step)
        .get("/campaigns/:slug/ballot/proven", Policy::VOTING, proving::proven)
        .get("/identity/return", Policy::VOTING, proving::back)
        .get("/receipts", Policy::READING, receipts::look_up)
        .get("/receipts/:number", Policy::READING, receipts::receipt)
        .get("/receipts/:number/promise", Policy::READING, receipts::promise)
        .get("/receipts/:number/proof", Policy::READING, receipts::proof)
        .get("/privacy", Policy::READING, privacy::privacy)
}

/// `GET /campaigns/{slug}/ballot`: the place, then the options. Within one order both pages are the same for everybody.
#[handler]
async fn open(visit: Visit, Path(slug): Path<String>, Query(asked): Query<BallotQuery>) -> Result<Response> {
    if asked.order().is_none() {
        visit.app.passes.papers.get(&slug).await?;
        let [chance] = keys::random::<1>()?;
        let address = format!("/campaigns/{slug}/ballot?o={}", chance % ORDERS);
        let answer = see_other(&visit.page("").href(&address));
        return Ok(answer.with(header::CACHE_CONTROL, HeaderValue::from_static("no-store")));
    }
    let carried = Carried::asked(&asked);
    let booth = match stopped::booth(&visit, &slug, &carried).await? {
        Ok(booth) => booth,
        Err(stopped) => return Ok(stopped),
    };
    let places = booth.campaign.places;
    match (places, asked.options(), carried.place.is_empty()) {
        (true, false, _) => place::fresh(&visit, &booth),
        (true, true, true) => place::refused(&visit, &booth),
        _ => options::fresh(&visit, &booth),
    }
}

/// `POST /campaigns/{slug}/ballot`: every further step, chosen by the pressed button. The browser of the voter may keep the step
/// for a while, so that Back shows the step again. A page that answers a typed identity is never stored.
#[handler]
async fn step(
    visit: Visit,
    Path(slug): Path<String>,
    Query(asked): Query<BallotQuery>,
    sent: Sent,
) -> Result<Response> {
    let answer = answered(&visit, &slug, &asked, &sent).await?;
    let is_page = answer.status() != StatusCode::SEE_OTHER && !answer.headers().contains_key(header::SET_COOKIE);
    if !is_page || sent.has("number") {
        return Ok(answer);
    }
    Ok(answer.with(header::CACHE_CONTROL, HeaderValue::from_static(STEP_CACHING)))
}

async fn answered(visit: &Visit, slug: &str, asked: &BallotQuery, sent: &Sent) -> Result<Response> {
    let mut carried = Carried::sent(asked, sent);
    let act = [&asked.show, sent.get("act"), sent.get("enter")].into_iter().find(|act| !act.is_empty()).unwrap_or("");
    if act == "cast" && asked.show.is_empty() {
        return cast::cast(visit, slug, carried, sent).await;
    }
    let booth = match stopped::booth(visit, slug, &carried).await? {
        Ok(booth) => booth,
        Err(stopped) => return Ok(stopped),
    };
    match act {
        "place" => place::again(visit, &booth, &carried, Vec::new()),
        "options" => options::again(visit, &booth, &carried, Vec::new()),
        "person" if visit.app.passes.identity_source.provider().is_none() => {
            check::person(visit, &booth, &carried, (sent.get("name"), sent.get("number")), Note::None)
        }
        "wait" => cast::waiting_again(visit, &booth, carried).await,
        "leave" => proving::leave(visit, &booth, &carried).await,
        _ => {
            let paper = visit.app.passes.papers.get(slug).await?;
            match paper.check_choices(&carried.place, &carried.choices) {
                Ok(_) => {
                    let note = cast::redeem_early(visit, slug, &mut carried).await;
                    check::page(visit, &booth, &carried, note)
                }
                Err(Error::Invalid(errors)) => steps(visit, &booth, &carried, errors),
                Err(other) => Err(other),
            }
        }
    }
}

/// Caching of a step in the browser of the voter: 15 minutes, as long as ticks are kept on the way to an identity source.
const STEP_CACHING: &str = "private, max-age=900";

/// Adds a header to a response.
trait With {
    fn with(self, name: header::HeaderName, value: HeaderValue) -> Self;
}

impl With for Response {
    fn with(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.headers_mut().insert(name, value);
        self
    }
}
