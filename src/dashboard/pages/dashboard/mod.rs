//! The page of the dashboard: the rates claimed by provinces and confirmed by teams, the issue that makes least progress, and
//! the overdue assignments. Every number on the page comes from one query and leads to its assignments.

mod head;
pub(super) mod list;
mod matrix;
pub(super) mod shown;
pub(super) mod tables;
mod trend;

use askama::Template;
use chrono::{DateTime, Utc};
use poem::web::Query;
use poem::{Response, handler};

use self::head::Figure;
use self::list::List;
use self::matrix::Matrix;
use self::shown::{PATH, Shown};
use self::tables::Lines;
use self::trend::Trend;
use super::asof::{Bar, Link, days_of_campaigns, refused, titled};
use super::seasons::{Season, seasons};
use super::sentences;
use super::view::{DashboardQuery, View};
use crate::base::error::Result;
use crate::dashboard::queries::changes::{Scope, around};
use crate::sign_in::extract::Visit;
use crate::web::page::{Page, public};

#[derive(Template)]
#[template(path = "dashboard/dashboard.html")]
struct DashboardPage {
    p: Page,
    kicker: String,
    finding: Vec<String>,
    stuck: String,
    bar: Bar,
    seasons: Vec<Season>,
    figures: Vec<Figure>,
    jumps: Vec<(&'static str, String)>,
    legend: Vec<(&'static str, String, String, bool)>,
    orders: Vec<Link>,
    matrices: Vec<Matrix>,
    others: Vec<Link>,
    dim: bool,
    tables: Vec<Lines>,
    trend: Option<Trend>,
    list: List,
    unloaded: String,
    files: Vec<Link>,
    permanent: String,
    empty: bool,
}

/// `GET /dashboard`: the page of the dashboard.
#[handler]
pub async fn dashboard(visit: Visit, Query(asked): Query<DashboardQuery>) -> Result<Response> {
    let (p, now) = (visit.page("dashboard"), visit.ctx.now);
    let (view, as_of) = match View::read(&asked, now) {
        Ok(read) => read,
        Err(error) => return refused(p, PATH, &asked, now, error),
    };
    let shown = Shown::read(&visit, view, as_of).await?;
    let bar = bar(&visit, &p, &shown, now).await?;
    let trend = Trend::of(visit.app.stores.main.db(), &p, &shown).await?;
    let name = shown.name(&p);
    let kicker =
        if name.is_empty() { p.t("dashboard-dashboard") } else { p.tr("dashboard-dashboard-of", &[("name", name)]) };
    let finding = sentences::finding(&p, &shown.dash);
    let p = p.clone().named(titled(&p, &kicker, as_of));
    let page = DashboardPage {
        finding: sentences::clauses(&finding),
        stuck: sentences::stuck(&p, &shown.dash).unwrap_or_default(),
        bar,
        seasons: seasons(&p, visit.app.stores.main.db(), as_of, &shown.view).await?,
        figures: head::figures(&p, &shown),
        jumps: head::jumps(&p, &shown),
        legend: head::legend(&p, &shown),
        orders: head::orders(&p, &shown.view),
        matrices: Matrix::all(&p, &shown),
        others: head::others(&p, &shown),
        dim: shown.view.is_filtered(),
        tables: Lines::all(&p, &shown),
        trend,
        list: List::of(&p, &shown),
        unloaded: unloaded(&p, &shown),
        files: files(&p, &shown),
        permanent: p.href(&shown.view.on(Some(as_of.day)).at(PATH)),
        empty: shown.dash.campaigns.is_empty(),
        kicker,
        p,
    };
    public(&page)
}

async fn bar(visit: &Visit, p: &Page, shown: &Shown, now: DateTime<Utc>) -> Result<Bar> {
    let db = visit.app.stores.main.db();
    let ids: Vec<_> = shown.dash.campaigns.iter().map(|d| d.campaign.id).collect();
    let around = around(db, Scope::Campaigns(&ids), shown.as_of, now).await?;
    let named = days_of_campaigns(p, &shown.dash.campaigns);
    Ok(Bar::of(p, PATH, &shown.view, shown.as_of, now).stepping(p, &shown.view, around).naming(p, &shown.view, &named))
}

/// Note about years whose arrangement of working days is not loaded; empty where all are.
fn unloaded(p: &Page, shown: &Shown) -> String {
    let from = shown.dash.campaigns.iter().map(|d| d.due_on()).min();
    let Some(from) = from else {
        return String::new();
    };
    let day = shown.as_of.day;
    let years = shown.calendar.unloaded_years(from.min(day), from.max(day));
    let years: Vec<String> = years.iter().map(ToString::to_string).collect();
    if years.is_empty() {
        String::new()
    } else {
        let years = years.join(&p.t("dashboard-and"));
        p.tr("dashboard-unloaded", &[("years", years)])
    }
}

fn files(p: &Page, shown: &Shown) -> Vec<Link> {
    let dated = shown.view.on(Some(shown.as_of.day));
    let api = format!(
        "/api/v1/dashboard?as_of={}&campaign={}",
        shown.as_of.day,
        shown.view.campaign.as_deref().unwrap_or_default()
    );
    [
        ("dashboard-file-tables", p.href(&dated.unfiltered().at("/dashboard.csv"))),
        ("dashboard-file-rows", p.href(&dated.at("/dashboard-matrix.csv"))),
        ("dashboard-file-json", api),
    ]
    .into_iter()
    .map(|(key, href)| Link { text: p.t(key), href, current: false })
    .collect()
}
