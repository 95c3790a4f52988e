//! `/provinces`: every province in one line, in the order of the official codes. The list has no ranking.

use askama::Template;
use entity::place;
use poem::{Response, handler};

use super::dashboard::tables::states;
use super::names::short_name;
use super::sentences::Share;
use crate::base::error::Result;
use crate::dashboard::figures::{Count, count_of};
use crate::dashboard::queries::{AsOf, Dashboard, dashboard};
use crate::programme;
use crate::sign_in::extract::Visit;
use crate::web::dates::day_long;
use crate::web::page::{Page, public};

#[derive(Template)]
#[template(path = "dashboard/provinces.html")]
struct ProvincesPage {
    p: Page,
    lead: String,
    provinces: Vec<ProvinceLine>,
    /// Places outside the dispatch.
    others: Vec<ProvinceLine>,
    states: Vec<(&'static str, i64)>,
}

/// One province in one line.
struct ProvinceLine {
    href: String,
    name: String,
    states: Vec<(&'static str, i64)>,
    all: i64,
    /// Resolved and all assignments; empty where nothing was dispatched.
    fraction: String,
    /// Number of overdue assignments in words; empty where nothing was dispatched.
    overdue: String,
    is_late: bool,
}

/// `GET /provinces`: the list.
#[handler]
pub async fn provinces(visit: Visit) -> Result<Response> {
    let db = visit.app.stores.main.db();
    let p = visit.page("dashboard").titled("lists-provinces-title");
    let as_of = AsOf::read(None, visit.ctx.now)?;
    let dash = dashboard(db, as_of, None).await?;
    let places = programme::queries::places(db).await?;
    let is_sent = |place: &place::Model| place.in_dispatch || count_of(&dash.by_province, &place.code).is_some();
    let lines =
        |sent: bool| places.iter().filter(|q| is_sent(q) == sent).map(|q| line(&p, &dash, q)).collect::<Vec<_>>();
    let sent = lines(true);
    let total = &dash.total;
    let lead = p.tr(
        "lists-provinces-lead",
        &[
            ("n", sent.len().to_string()),
            ("day", day_long(p.locale, as_of.day)),
            ("all", p.n(total.assignments())),
            ("done", p.n(total.resolved())),
            ("late", p.n(total.overdue)),
        ],
    );
    public(&ProvincesPage {
        others: lines(false),
        provinces: sent,
        states: states(total),
        p: p.clone().described(lead.as_str()),
        lead,
    })
}

fn line(p: &Page, dash: &Dashboard, place: &place::Model) -> ProvinceLine {
    let count = count_of(&dash.by_province, &place.code);
    let all = count.map_or(0, Count::assignments);
    let late = count.map_or(0, |count| count.overdue);
    ProvinceLine {
        href: p.href(&format!("/provinces/{}", place.code)),
        name: short_name(p, place).to_owned(),
        states: count.map(states).unwrap_or_default(),
        fraction: count.map(|count| Share::of(p, count.resolved(), all).fraction).unwrap_or_default(),
        overdue: count.map(|_| p.tr("dashboard-season-overdue", &[("late", p.n(late))])).unwrap_or_default(),
        is_late: late > 0,
        all,
    }
}
