//! The dashboard: how much is done and by whose word, where it sticks, what is late. Every number on it comes from one
//! query and leads to its rows.

pub(super) mod list;
mod matrix;
pub(super) mod tables;

use std::collections::HashMap;

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use entity::place;
use entity::stored::AssignmentState;
use poem::web::Query;
use poem::{Response, handler};

use self::list::List;
use self::matrix::Matrix;
use self::tables::Lines;
use super::asof::{Bar, Link, refused, titled};
use super::sentences::{self, Share};
use super::view::{Asked, View};
use crate::error::Result;
use crate::identity::extract::Visit;
use crate::programme;
use crate::programme::calendar::Calendar;
use crate::supervision::queries::changes::{Scope, around};
use crate::supervision::queries::{self, AsOf, Dashboard};
use crate::web::dates::{day_long, day_short};
use crate::web::page::{Page, public};

const PATH: &str = "/dashboard";

/// What the parts of the page are made from.
pub(super) struct Shown {
    pub(super) view: View,
    pub(super) as_of: AsOf,
    pub(super) dash: Dashboard,
    /// Every place by its code.
    pub(super) places: HashMap<String, place::Model>,
    /// Every team's name by its code, in both languages.
    pub(super) teams: HashMap<String, (String, String)>,
    pub(super) calendar: Calendar,
}

impl Shown {
    /// Reads what a view shows; without a campaign in the address, the one that was dispatched last.
    pub(super) async fn read(visit: &Visit, mut view: View, as_of: AsOf) -> Result<Self> {
        let db = visit.app.stores.main.db();
        if view.campaign.is_none() {
            view.campaign = queries::newest(db, as_of).await?;
        }
        Self::all(visit, view, as_of).await
    }

    /// Reads what a view shows; without a campaign in the address, all of them.
    pub(super) async fn all(visit: &Visit, view: View, as_of: AsOf) -> Result<Self> {
        let db = visit.app.stores.main.db();
        let dash = queries::dashboard(db, as_of, view.campaign.as_deref()).await?;
        Ok(Self {
            dash,
            places: programme::queries::places(db)
                .await?
                .into_iter()
                .map(|p| (p.code.clone(), p))
                .collect(),
            teams: programme::queries::teams(db)
                .await?
                .into_iter()
                .map(|t| (t.code, (t.name_zh, t.name_en)))
                .collect(),
            calendar: programme::queries::calendar(db).await?,
            view,
            as_of,
        })
    }

    /// The name of the campaigns that are shown.
    pub(super) fn name(&self, p: &Page) -> String {
        match self.dash.campaigns.as_slice() {
            [] => String::new(),
            [one] => p
                .pick(&one.campaign.name_zh, &one.campaign.name_en)
                .to_owned(),
            many => p.tr("supervision-campaigns", &[("n", many.len().to_string())]),
        }
    }

    /// The short name of a place.
    pub(super) fn place<'a>(&'a self, p: &Page, code: &'a str) -> &'a str {
        self.places
            .get(code)
            .map_or(code, |place| sentences::short_name(p, place))
    }
}

#[derive(Template)]
#[template(path = "supervision/dashboard.html")]
struct DashboardPage {
    p: Page,
    kicker: String,
    finding: Vec<String>,
    stuck: String,
    bar: Bar,
    choice: Vec<Link>,
    figures: Vec<Figure>,
    jumps: Vec<(&'static str, String)>,
    legend: Vec<(&'static str, String, String, bool)>,
    orders: Vec<Link>,
    matrices: Vec<Matrix>,
    others: Vec<Link>,
    dim: bool,
    tables: Vec<Lines>,
    list: List,
    unloaded: String,
    files: Vec<Link>,
    permanent: String,
    empty: bool,
}

/// One number with its proof.
struct Figure {
    label: String,
    value: String,
    fraction: String,
    note: String,
    href: String,
    define: &'static str,
    kind: &'static str,
}

/// `GET /dashboard`
#[handler]
pub async fn dashboard(visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let (p, now) = (visit.page("dashboard"), visit.ctx.now);
    let (view, as_of) = match View::read(&asked, now) {
        Ok(read) => read,
        Err(error) => return refused(p, PATH, &asked, now, error),
    };
    let shown = Shown::read(&visit, view, as_of).await?;
    let bar = bar(&visit, &p, &shown, now).await?;
    let name = shown.name(&p);
    let kicker = if name.is_empty() {
        p.t("supervision-dashboard")
    } else {
        p.tr("supervision-dashboard-of", &[("name", name)])
    };
    let finding = sentences::finding(&p, &shown.dash);
    let p = p.clone().named(titled(&p, &kicker, as_of));
    let page = DashboardPage {
        finding: sentences::clauses(&finding),
        stuck: sentences::stuck(&p, &shown.dash).unwrap_or_default(),
        bar,
        choice: choice(&p, &shown),
        figures: figures(&p, &shown),
        jumps: jumps(&p, &shown),
        legend: legend(&p, &shown),
        orders: orders(&p, &shown.view),
        matrices: Matrix::all(&p, &shown),
        others: others(&p, &shown),
        dim: shown.view.is_filtered(),
        tables: Lines::all(&p, &shown),
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
    let named: Vec<(String, NaiveDate)> = shown
        .dash
        .campaigns
        .iter()
        .flat_map(|d| {
            [
                (p.t("supervision-day-dispatch"), d.dispatched_on()),
                (p.t("supervision-day-deadline"), d.due_on()),
            ]
        })
        .collect();
    Ok(Bar::of(p, PATH, &shown.view, shown.as_of, now)
        .stepping(p, &shown.view, around)
        .naming(p, &shown.view, &named))
}

/// The campaigns that can be shown, one by one and together.
fn choice(p: &Page, shown: &Shown) -> Vec<Link> {
    let all = &shown.dash.choice;
    if all.len() < 2 {
        return Vec::new();
    }
    let slugs: Vec<&str> = all.iter().map(|c| c.slug.as_str()).collect();
    let together = p.tr("supervision-together", &[("n", all.len().to_string())]);
    all.iter()
        .map(|c| (p.pick(&c.name_zh, &c.name_en).to_owned(), c.slug.clone()))
        .chain([(together, slugs.join(","))])
        .map(|(text, slugs)| Link {
            text,
            current: shown.view.campaign.as_ref() == Some(&slugs),
            href: p.href(
                &View {
                    campaign: Some(slugs),
                    ..shown.view.unfiltered()
                }
                .at(PATH),
            ),
        })
        .collect()
}

fn figures(p: &Page, shown: &Shown) -> Vec<Figure> {
    use AssignmentState::{Exempt, Resolved, Rework, Verified};
    let count = &shown.dash.total;
    let all = count.assignments();
    let rows = |view: View| p.href(&format!("{}#list", view.at(PATH)));
    let of_states = |states: &[AssignmentState]| rows(shown.view.of_states(states));
    let late = View {
        overdue: true,
        ..shown.view.unfiltered()
    };
    let applicable = |part: i64| {
        let share = Share::of(p, part, count.applicable());
        let args = [("rate", share.percent), ("fraction", share.fraction)];
        if count.exempt() > 0 {
            p.tr("supervision-of-applicable", &args)
        } else {
            String::new()
        }
    };
    let rate = |key: &str, part: i64, href: String, define| {
        let share = Share::of(p, part, all);
        Figure {
            label: p.t(key),
            value: share.percent,
            fraction: share.fraction,
            note: applicable(part),
            href,
            define,
            kind: "l",
        }
    };
    let plain = |key: &str, part: i64, whole: i64, href: String, define| Figure {
        label: p.t(key),
        value: p.n(part),
        fraction: format!("{}/{}", p.n(part), p.n(whole)),
        note: String::new(),
        href,
        define,
        kind: "",
    };
    let mut figures = vec![
        rate(
            "supervision-reported",
            count.resolved(),
            of_states(&[Resolved, Verified]),
            "#means-resolved",
        ),
        rate(
            "supervision-verified",
            count.verified(),
            of_states(&[Verified]),
            "#means-verified",
        ),
        Figure {
            kind: if count.overdue > 0 { "bad" } else { "" },
            ..plain(
                "fact-overdue",
                count.overdue,
                all,
                rows(late),
                "#means-overdue",
            )
        },
        plain(
            "state-rework",
            count.of(Rework),
            all,
            of_states(&[Rework]),
            "#means-rework",
        ),
        plain(
            "state-exempt",
            count.exempt(),
            all,
            of_states(&[Exempt]),
            "#means-exempt",
        ),
    ];
    if let [one] = shown.dash.campaigns.as_slice() {
        let day = day_short(p.locale, one.dispatched_on());
        figures.push(Figure {
            label: p.t("supervision-age"),
            value: p.n(one.age(shown.as_of.day)),
            fraction: p.tr("supervision-since-day", &[("day", day)]),
            note: String::new(),
            href: p.href(&shown.view.on(Some(one.dispatched_on())).at(PATH)),
            define: "#means-age",
            kind: "",
        });
    }
    figures
}

fn jumps(p: &Page, shown: &Shown) -> Vec<(&'static str, String)> {
    let mut jumps = vec![
        ("#matrix", p.t("supervision-jump-matrix")),
        ("#issues", p.t("supervision-jump-issues")),
        ("#provinces", p.t("supervision-jump-provinces")),
        ("#teams", p.t("supervision-jump-teams")),
        ("#list", p.t("supervision-jump-list")),
    ];
    if shown.dash.campaigns.len() > 1 {
        jumps.insert(1, ("#campaigns", p.t("supervision-jump-campaigns")));
    }
    jumps
}

/// Nine marks with their counts: each narrows the view to its state, or widens it again.
fn legend(p: &Page, shown: &Shown) -> Vec<(&'static str, String, String, bool)> {
    AssignmentState::ALL
        .iter()
        .map(|state| {
            let current = shown.view.states == [*state];
            let view = if current {
                shown.view.unfiltered()
            } else {
                shown.view.of_states(&[*state])
            };
            let href = p.href(&format!("{}#matrix", view.at(PATH)));
            (
                state.code(),
                p.n(shown.dash.total.of(*state)),
                href,
                current,
            )
        })
        .collect()
}

/// How the matrix and the tables may be turned and ordered.
fn orders(p: &Page, view: &View) -> Vec<Link> {
    let link = |text: &str, view: View| Link {
        text: p.t(text),
        href: p.href(&format!("{}#matrix", view.at(PATH))),
        current: false,
    };
    let turned = View {
        turned: !view.turned,
        ..view.clone()
    };
    let ordered = View {
        worst_first: !view.worst_first,
        ..view.clone()
    };
    vec![
        link(
            if view.turned {
                "supervision-issues-as-rows"
            } else {
                "supervision-provinces-as-rows"
            },
            turned,
        ),
        link(
            if view.worst_first {
                "supervision-official-order"
            } else {
                "supervision-worst-first"
            },
            ordered,
        ),
    ]
}

/// Campaigns whose matrix is not on the page: two at most are.
fn others(p: &Page, shown: &Shown) -> Vec<Link> {
    let hidden = shown.dash.campaigns.len().saturating_sub(matrix::MOST);
    shown.dash.campaigns[..hidden]
        .iter()
        .map(|d| Link {
            text: p.pick(&d.campaign.name_zh, &d.campaign.name_en).to_owned(),
            href: p.href(
                &View {
                    campaign: Some(d.campaign.slug.clone()),
                    ..shown.view.clone()
                }
                .at(PATH),
            ),
            current: false,
        })
        .collect()
}

/// That working days are counted without an arrangement, where one is missing.
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
        let years = years.join(&p.t("supervision-and"));
        p.tr("supervision-unloaded", &[("years", years)])
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
        (
            "supervision-file-tables",
            p.href(&dated.unfiltered().at("/dashboard.csv")),
        ),
        (
            "supervision-file-rows",
            p.href(&dated.at("/dashboard-matrix.csv")),
        ),
        ("supervision-file-json", api),
    ]
    .into_iter()
    .map(|(key, href)| Link {
        text: p.t(key),
        href,
        current: false,
    })
    .collect()
}

/// The day in the words of captions.
pub(super) fn caption_day(p: &Page, as_of: AsOf) -> String {
    day_long(p.locale, as_of.day)
}
