//! The pages of the dashboard: the rates claimed by provinces and confirmed by teams, and each part of the figures at an address
//! of its own. Every number comes from one query and leads to its assignments.

pub(super) mod head;
pub(super) mod list;
mod matrix;
mod part;
pub(super) mod shown;
pub(super) mod tables;
mod teams;
pub(super) mod trend;

use askama::Template;
use chrono::{DateTime, Utc};
use poem::web::{Path, Query};
use poem::{Response, handler};

use self::head::Figure;
use self::list::List;
use self::matrix::Matrix;
pub(super) use self::part::Part;
use self::shown::Shown;
use self::tables::{GroupRow, Lines};
use self::teams::TeamTable;
use self::trend::Trend;
use super::asof::{Bar, Link, days_of_campaigns, refused, titled};
use super::embed::embed_code;
use super::seasons::{Season, choice, seasons};
use super::sentences;
use super::view::{DashboardQuery, View};
use crate::base::error::{Error, Result};
use crate::dashboard::queries::changes::{Scope, around};
use crate::dashboard::queries::teams;
use crate::page_views::{PageGroup, PageOf};
use crate::sign_in::extract::Visit;
use crate::web::counted::counted;
use crate::web::csv::plain_address;
use crate::web::page::{Page, public, see_other};

#[derive(Template)]
#[template(path = "dashboard/dashboard.html")]
struct DashboardPage {
    p: Page,
    part: Part,
    kicker: String,
    finding: Vec<String>,
    stuck: String,
    bar: Bar,
    seasons: Vec<Season>,
    choice: Vec<Link>,
    figures: Vec<Figure>,
    bars: Vec<GroupRow>,
    parts: Vec<Link>,
    legend: Vec<(&'static str, String, String, bool)>,
    orders: Vec<Link>,
    matrix: Option<Matrix>,
    others: Vec<Link>,
    dim: bool,
    table: Option<Lines>,
    teams: Option<TeamTable>,
    trend: Option<Trend>,
    list: Option<List>,
    unloaded: String,
    files: Vec<Link>,
    permanent: String,
    /// Markup of a frame with the figures of the page.
    embed: String,
    /// States of all assignments with their counts: the key of the bars.
    states: Vec<(&'static str, i64)>,
    empty: bool,
}

/// `GET /dashboard`: the summary. A view with a filter is the list of its assignments.
#[handler]
pub async fn dashboard(visit: Visit, Query(asked): Query<DashboardQuery>) -> Result<Response> {
    page(&visit, &asked, Part::Summary).await
}

/// `GET /dashboard/{part}`: one part of the figures.
#[handler]
pub async fn one_part(visit: Visit, Path(part): Path<String>, Query(asked): Query<DashboardQuery>) -> Result<Response> {
    let part = Part::of(&part).ok_or(Error::NotFound("page"))?;
    page(&visit, &asked, part).await
}

async fn page(visit: &Visit, asked: &DashboardQuery, part: Part) -> Result<Response> {
    let (p, now) = (visit.page("dashboard"), visit.ctx.now);
    let (view, as_of) = match View::read(asked, now) {
        Ok(read) => read,
        Err(error) => return refused(p, part.path(), asked, now, error),
    };
    if part == Part::Summary && view.is_filtered() {
        return Ok(see_other(&p.href(&view.at(Part::Assignments.path()))));
    }
    let db = visit.app.stores.main.db();
    let shown = Shown::read(visit, view, as_of).await?;
    let bar = bar(visit, &p, &shown, part, now).await?;
    let trend = if part == Part::Trend { Trend::of(db, &p, &shown).await? } else { None };
    let teams =
        if part == Part::Teams { Some(TeamTable::of(&p, &shown, &teams(db, &shown.dash).await?)) } else { None };
    let kicker = shown.title(&p);
    let finding = sentences::finding(&p, &shown.dash);
    let main = View { campaign: asked.campaign.clone().filter(|c| !c.is_empty()), ..View::default() }.at(part.path());
    let word = p.tc("dashboard-part-", part.word());
    let described = p.tr("head-dashboard", &[("name", kicker.clone()), ("part", word), ("finding", finding.clone())]);
    let p = p.clone().named(titled(&p, &kicker, as_of)).described(described).found_at(main);
    let (is_summary, is_matrix) = (part == Part::Summary, part == Part::Matrix);
    let issues = is_summary.then(|| Lines::part(&p, &shown, Part::Issues)).flatten();
    let viewed = match shown.dash.campaigns.as_slice() {
        [one] => Some(PageOf::new(&one.campaign.slug, PageGroup::Dashboard)),
        _ => None,
    };
    let page = DashboardPage {
        finding: sentences::clauses(&finding),
        stuck: sentences::stuck(&p, &shown.dash).unwrap_or_default(),
        bar,
        seasons: if is_summary { seasons(&p, db, as_of, &shown.view).await? } else { Vec::new() },
        choice: if is_summary { Vec::new() } else { choice(&p, &shown.dash.choice, &shown.view, part) },
        figures: if is_summary { head::figures(&p, &shown) } else { Vec::new() },
        bars: issues.map(|issues| issues.lines).unwrap_or_default(),
        parts: head::parts(&p, &shown, part),
        legend: if is_matrix { head::legend(&p, &shown) } else { Vec::new() },
        orders: if is_matrix { head::orders(&p, &shown.view) } else { Vec::new() },
        matrix: if is_matrix { Matrix::newest(&p, &shown) } else { None },
        others: if is_matrix { head::others(&p, &shown) } else { Vec::new() },
        dim: shown.view.is_filtered(),
        table: Lines::part(&p, &shown, part),
        teams,
        trend,
        list: (part == Part::Assignments).then(|| List::of(&p, &shown)),
        unloaded: unloaded(&p, &shown),
        files: files(&p, &shown),
        permanent: format!(
            "{}{}",
            visit.app.config.public_address(),
            p.href(&shown.view.on(Some(as_of.day)).at(part.path()))
        ),
        embed: embed(visit, &p, &shown, part, &kicker),
        states: tables::states(&shown.dash.total),
        empty: shown.dash.campaigns.is_empty(),
        part,
        kicker,
        p,
    };
    match viewed {
        Some(viewed) => counted(&page, viewed),
        None => public(&page),
    }
}

/// Markup of a frame with the trend on the page of the trend, else with the main figures.
fn embed(visit: &Visit, p: &Page, shown: &Shown, part: Part, title: &str) -> String {
    let (path, height) = if part == Part::Trend { ("/trend", 480) } else { ("/dashboard", 420) };
    let site = visit.app.config.public_address();
    embed_code(p, &site, &shown.view.unfiltered().at(path), title, height)
}

async fn bar(visit: &Visit, p: &Page, shown: &Shown, part: Part, now: DateTime<Utc>) -> Result<Bar> {
    let db = visit.app.stores.main.db();
    let ids: Vec<_> = shown.dash.campaigns.iter().map(|d| d.campaign.id).collect();
    let around = around(db, Scope::Campaigns(&ids), shown.as_of, now).await?;
    let named = days_of_campaigns(p, &shown.dash.campaigns);
    Ok(Bar::of(p, part.path(), &shown.view, shown.as_of, now).stepping(p, &shown.view, around).naming(
        p,
        &shown.view,
        &named,
    ))
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
        ("dashboard-file-plain", plain_address(&p.href(&dated.at("/dashboard-matrix.csv")))),
        ("dashboard-file-json", api),
        ("layout-nav-verify", p.href("/verify")),
    ]
    .into_iter()
    .map(|(key, href)| Link { text: p.t(key), href, current: false })
    .collect()
}
