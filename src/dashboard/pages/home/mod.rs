//! The front page `/`: a voter reaches the ballot in one tap, and a reader the figures in one tap. The page is public, the
//! same for everybody, and cached.

mod calls;

use askama::Template;
use chrono::{DateTime, Utc};
use entity::campaign;
use entity::stored::{AssignmentState, Move};
use poem::{Response, handler};

use self::calls::{Call, calls};
use crate::app::App;
use crate::base::clock::day_of;
use crate::base::error::Result;
use crate::base::percentage::percent;
use crate::campaign::phase::Phase;
use crate::campaign::queries as campaigns;
use crate::dashboard::pages::seasons::{Season, seasons};
use crate::dashboard::pages::sentences::spared;
use crate::dashboard::pages::view::View;
use crate::dashboard::queries::latest::{Latest, latest};
use crate::dashboard::queries::{AsOf, dashboard};
use crate::sign_in::extract::Visit;
use crate::web::dates::{day_long, day_short};
use crate::web::page::{Page, public};
use crate::{dispatch, programme};

#[derive(Template)]
#[template(path = "dashboard/home.html")]
struct Home {
    p: Page,
    lead: String,
    calls: Vec<Call>,
    idle: bool,
    seasons: Vec<Season>,
    last: Option<Last>,
    changes: Vec<Change>,
    regions: Vec<Region>,
}

/// The progress of the campaign that was dispatched last.
struct Last {
    name: String,
    sentence: String,
    iso: String,
    resolved: Figure,
    verified: Figure,
    overdue: Figure,
    href: String,
    results_href: String,
}

/// A number with its part and whole.
struct Figure {
    value: String,
    fraction: String,
    note: String,
}

/// One of the last moves.
struct Change {
    state: &'static str,
    text: String,
    href: String,
    sentence: String,
    iso: String,
    day: String,
}

/// A region with its provinces: name and address.
struct Region {
    name: String,
    places: Vec<(String, String)>,
}

/// Number of the last moves that the page shows.
const RECENT_MOVES: u64 = 6;

#[handler]
pub(super) async fn home(visit: Visit) -> Result<Response> {
    let (app, now) = (&visit.app, visit.ctx.now);
    let db = app.stores.main.db();
    let p = visit.page("").titled("home-title");
    let all = campaigns::all_published(db).await?;
    // Imported campaigns, which have no author, are left out: nobody can vote in them here.
    let own: Vec<campaign::Model> = all.into_iter().filter(|c| c.author_id.is_some()).collect();
    let regions = regions(&p, app).await?;
    let count: usize = regions.iter().map(|r| r.places.len()).sum();
    let changes = latest(db, RECENT_MOVES).await?;
    let lead = p.tr("home-lead", &[("n", count.to_string())]);
    let calls = calls(&p, app, &own, now).await?;
    public(&Home {
        lead: lead.clone(),
        idle: !calls.iter().any(|c| c.open),
        calls,
        seasons: seasons(&p, db, AsOf::read(None, now)?, &View::default()).await?,
        last: last(&p, app, &own, now).await?,
        changes: changes.iter().map(|c| change(&p, c)).collect(),
        regions,
        p: p.described(lead),
    })
}

async fn last(p: &Page, app: &App, own: &[campaign::Model], now: DateTime<Utc>) -> Result<Option<Last>> {
    let db = app.stores.main.db();
    let mut newest = None;
    for found in own.iter().filter(|c| Phase::of(c, now) == Phase::Dispatched) {
        let act = dispatch::queries::dispatch(db, found.id).await?;
        let at = act.map(|act| act.at);
        if at > newest.map(|(_, at)| at) {
            newest = at.map(|at| (found, at));
        }
    }
    let Some((found, at)) = newest else {
        return Ok(None);
    };
    let as_of = AsOf::read(None, now)?;
    let count = dashboard(db, as_of, Some(&found.slug)).await?.total;
    let all = count.assignments();
    let rate = |part: i64| Figure {
        value: format!("{}%", percent(part, all)),
        fraction: format!("{}/{}", p.n(part), p.n(all)),
        note: String::new(),
    };
    let dispatched = day_of(at);
    Ok(Some(Last {
        name: p.pick(&found.name_zh, &found.name_en).to_owned(),
        sentence: p.tr(
            "home-last-sentence",
            &[
                ("day", day_long(p.locale, as_of.day)),
                ("date", day_short(p.locale, dispatched)),
                ("days", (as_of.day - dispatched).num_days().to_string()),
            ],
        ),
        iso: as_of.day.to_string(),
        resolved: rate(count.resolved()),
        verified: rate(count.verified()),
        overdue: Figure {
            value: p.n(count.overdue),
            fraction: format!("{}/{}", p.n(count.overdue), p.n(count.open())),
            note: p.tr("home-open-rows", &[("spared", spared(p, &count))]),
        },
        href: p.href(&format!("/dashboard?campaign={}", found.slug)),
        results_href: p.href(&format!("/campaigns/{}/results", found.slug)),
    }))
}

fn change(p: &Page, found: &Latest) -> Change {
    let event = &found.event;
    let short = p.pick(&found.option.short_zh, &found.option.short_en);
    let place = p.pick(&found.place.short_zh, &found.place.name_en);
    let key = match event.act {
        Move::Ruling if event.to_state == AssignmentState::Exempt => "home-change-ruling-exempt".to_owned(),
        Move::Ruling => "home-change-ruling-dispatched".to_owned(),
        act => format!("home-change-{act}"),
    };
    let day = day_of(event.at);
    Change {
        state: event.to_state.code(),
        text: p.tr("home-change-place", &[("place", place.to_owned()), ("issue", short.to_owned())]),
        href: p.href(&format!("/issues/{}/provinces/{}", found.issue, found.place.code)),
        sentence: p.t(&key),
        iso: day.to_string(),
        day: day_short(p.locale, day),
    }
}

/// The provinces in official order, grouped by region.
async fn regions(p: &Page, app: &App) -> Result<Vec<Region>> {
    let mut regions: Vec<(String, Region)> = Vec::new();
    for place in programme::queries::provinces(app.stores.main.db()).await? {
        let link = (p.pick(&place.short_zh, &place.name_en).to_owned(), p.href(&format!("/provinces/{}", place.code)));
        match regions.iter_mut().find(|(code, _)| *code == place.region) {
            Some((_, region)) => region.places.push(link),
            None => {
                let name = p.tc("home-region-", &place.region);
                let places = vec![link];
                regions.push((place.region, Region { name, places }));
            }
        }
    }
    Ok(regions.into_iter().map(|(_, region)| region).collect())
}
