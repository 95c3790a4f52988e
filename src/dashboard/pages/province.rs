//! The page of one province: two rates with their fractions, the ledger of assignments with the most urgent first, and the
//! rates of its peers.

use std::collections::HashMap;

use askama::Template;
use entity::id::AssignmentId;
use poem::web::{Path, Query};
use poem::{Response, handler};

use super::asof::{Bar, Link, days_of_campaigns, refused, titled};
use super::dashboard::shown::Shown;
use super::dashboard::tables::states;
use super::dashboard::{Part, list};
use super::names::{campaign_name, issue_name, short_name};
use super::sentences::{self, Share, coverage, fact};
use super::view::{DashboardQuery, View};
use crate::base::clock::day_of;
use crate::base::error::{Error, Result};
use crate::dashboard::figures::{AssignmentAsOf, Count, GroupFigure, group};
use crate::dashboard::milestones::Milestones;
use crate::dashboard::queries::changes::{Scope, around};
use crate::dashboard::queries::ledger::milestones;
use crate::sign_in::extract::Visit;
use crate::web::page::{Page, public};

#[derive(Template)]
#[template(path = "dashboard/province.html")]
struct ProvincePage {
    p: Page,
    name: String,
    status: String,
    outside: bool,
    bar: Bar,
    figures: Vec<Figure>,
    states: Vec<(&'static str, i64)>,
    all: i64,
    seasons: Vec<Peer>,
    ledger: Vec<LedgerRow>,
    caption: String,
    peers: Vec<Peers>,
    files: Vec<Link>,
}

/// One number with its parts, and a link to its assignments.
struct Figure {
    label: String,
    value: String,
    fraction: String,
    href: String,
    note: String,
    kind: &'static str,
}

/// One assignment of the ledger.
struct LedgerRow {
    href: String,
    code: String,
    issue: String,
    state: &'static str,
    fact: &'static str,
    late: String,
    cover: i64,
    coverage: String,
    reported: String,
    /// Move that ended the claim of the day in `reported`, in words; empty while the claim stands.
    failed: String,
    verified: String,
    due: String,
}

/// A group of provinces that can fairly be compared with this one.
struct Peers {
    heading: String,
    caption: String,
    lines: Vec<Peer>,
}

/// One line of a comparison.
struct Peer {
    name: String,
    href: String,
    mine: bool,
    reported: Share,
    verified: Share,
    overdue: String,
}

/// `GET /provinces/{code}`: the page of one province.
#[handler]
pub async fn province(visit: Visit, Path(code): Path<String>, Query(asked): Query<DashboardQuery>) -> Result<Response> {
    let (p, now) = (visit.page("dashboard"), visit.ctx.now);
    let path = format!("/provinces/{code}");
    let (view, as_of) = match View::read(&asked, now) {
        Ok(read) => read,
        Err(error) => return refused(p, &path, &asked, now, error),
    };
    let view = View { as_of: view.as_of, ..View::default() };
    let shown = Shown::all(&visit, view, as_of).await?;
    let place = shown.names.place(&code).cloned().ok_or(Error::NotFound("place"))?;
    let db = visit.app.stores.main.db();
    let around = around(db, Scope::Province(&code), as_of, now).await?;
    let named = days_of_campaigns(&p, &shown.dash.campaigns);
    let only = View { province: Some(code.clone()), ..shown.view.clone() };
    let rows = list::rows(&shown, &only);
    let count = crate::dashboard::figures::total(&rows.iter().map(|r| (*r).clone()).collect::<Vec<_>>(), as_of.instant);
    let dates = milestones(db, &code, as_of).await?;
    let name = p.pick(&place.name_zh, &place.name_en).to_owned();
    let page = ProvincePage {
        status: if rows.is_empty() { String::new() } else { sentences::province_status(&p, &count, as_of.day) },
        outside: !place.in_dispatch && rows.is_empty(),
        bar: Bar::of(&p, &path, &shown.view, as_of, now).stepping(&p, &shown.view, around).naming(
            &p,
            &shown.view,
            &named,
        ),
        figures: figures(&p, &shown, &count, &code),
        states: states(&count),
        all: count.assignments(),
        seasons: seasons(&p, &shown, &rows),
        caption: p.tr(
            "dashboard-ledger-caption",
            &[
                ("name", name.clone()),
                ("n", rows.len().to_string()),
                ("day", super::dashboard::shown::caption_day(&p, as_of)),
            ],
        ),
        ledger: rows.iter().map(|r| row(&p, &shown, r, &dates)).collect(),
        peers: peers(&p, &shown, &code),
        files: files(&p, &shown, &code),
        p: p.clone().named(titled(&p, &name, as_of)),
        name,
    };
    public(&page)
}

fn figures(p: &Page, shown: &Shown, count: &Count, code: &str) -> Vec<Figure> {
    let all = count.assignments();
    if all == 0 {
        return Vec::new();
    }
    let rate = |key: &str, part: i64| {
        let share = Share::of(p, part, all);
        let of_applicable = Share::of(p, part, count.applicable());
        Figure {
            label: p.t(key),
            value: share.percent,
            fraction: share.fraction,
            href: "#ledger".to_owned(),
            note: if count.exempt() > 0 {
                p.tr(
                    "dashboard-of-applicable",
                    &[("rate", of_applicable.percent), ("fraction", of_applicable.fraction)],
                )
            } else {
                String::new()
            },
            kind: "l",
        }
    };
    let slugs: Vec<&str> = shown.dash.choice.iter().map(|s| s.campaign.slug.as_str()).collect();
    let late =
        View { overdue: true, province: Some(code.to_owned()), campaign: Some(slugs.join(",")), ..shown.view.clone() };
    vec![
        rate("dashboard-reported", count.resolved()),
        rate("dashboard-verified", count.verified()),
        Figure {
            label: p.t("fact-overdue"),
            value: p.n(count.overdue),
            fraction: format!("{}/{}", p.n(count.overdue), p.n(all)),
            href: p.href(&late.at(Part::Assignments.path())),
            note: String::new(),
            kind: if count.overdue > 0 { "bad" } else { "" },
        },
    ]
}

/// The figures of the province by campaign, where there are several campaigns.
fn seasons(p: &Page, shown: &Shown, rows: &[&AssignmentAsOf]) -> Vec<Peer> {
    if shown.dash.campaigns.len() < 2 {
        return Vec::new();
    }
    let rows: Vec<AssignmentAsOf> = rows.iter().map(|r| (*r).clone()).collect();
    let lines = group(&rows, shown.as_of.instant, |s| &s.campaign);
    shown
        .dash
        .campaigns
        .iter()
        .filter_map(|d| {
            let line = lines.iter().find(|l| l.code == d.campaign.slug)?;
            let view = View { campaign: Some(line.code.clone()), ..shown.view.clone() };
            Some(Peer {
                name: p.tr(
                    "dashboard-campaign-line",
                    &[("name", campaign_name(p, &d.campaign)), ("days", d.age(shown.as_of.day).to_string())],
                ),
                href: p.href(&view.at("/dashboard")),
                mine: false,
                ..peer(p, &line.count)
            })
        })
        .collect()
}

fn peer(p: &Page, count: &Count) -> Peer {
    let all = count.assignments();
    Peer {
        name: String::new(),
        href: String::new(),
        mine: false,
        reported: Share::of(p, count.resolved(), all),
        verified: Share::of(p, count.verified(), all),
        overdue: p.n(count.overdue),
    }
}

/// The provinces of the same team and of the same region, each group in official order. The page shows no ranking of all
/// provinces.
fn peers(p: &Page, shown: &Shown, code: &str) -> Vec<Peers> {
    let Some(place) = shown.names.place(code) else {
        return Vec::new();
    };
    let team = place.team.as_ref().map(|t| shown.names.team(p, t));
    let region = p.tc("dashboard-region-", &place.region);
    let day = super::dashboard::shown::caption_day(p, shown.as_of);
    [
        (team, "dashboard-peers-team", lines(p, shown, code, |q| q.team.is_some() && q.team == place.team)),
        (Some(region), "dashboard-peers-region", lines(p, shown, code, |q| q.region == place.region)),
    ]
    .into_iter()
    .filter_map(|(name, key, lines)| {
        let args = [("name", name?), ("n", lines.len().to_string())];
        (lines.iter().any(|l| l.mine) && lines.len() > 1).then(|| Peers {
            heading: p.tr(key, &args),
            caption: p.tr("dashboard-peers-caption", &[("day", day.clone())]),
            lines,
        })
    })
    .collect()
}

fn lines(p: &Page, shown: &Shown, code: &str, is_peer: impl Fn(&entity::place::Model) -> bool) -> Vec<Peer> {
    let mut lines: Vec<(&entity::place::Model, &GroupFigure)> = shown
        .dash
        .by_province
        .iter()
        .filter_map(|l| Some((shown.names.place(&l.code)?, l)))
        .filter(|(place, _)| is_peer(place))
        .collect();
    lines.sort_by_key(|(place, _)| place.position);
    lines
        .into_iter()
        .map(|(place, line)| Peer {
            name: short_name(p, place).to_owned(),
            href: p.href(&shown.view.elsewhere(&format!("/provinces/{}", line.code))),
            mine: line.code == code,
            ..peer(p, &line.count)
        })
        .collect()
}

fn row(p: &Page, shown: &Shown, row: &AssignmentAsOf, dates: &HashMap<AssignmentId, Milestones>) -> LedgerRow {
    let due = row.due(shown.as_of.day, shown.as_of.instant, &shown.calendar);
    let fact = fact(p, due, row.due_on());
    let (cover, coverage) = coverage(p, row).unwrap_or((-1, String::new()));
    let dates = dates.get(&row.id).copied().unwrap_or_default();
    let failed = dates.failed.filter(|_| dates.reported.is_none());
    let day = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| day_of(at).to_string()).unwrap_or_default();
    let path = format!("/issues/{}/provinces/{}", row.issue, row.province);
    LedgerRow {
        href: p.href(&shown.view.elsewhere(&path)),
        code: row.issue.clone(),
        issue: sentences::wording(&shown.dash, &row.issue).map(|o| issue_name(p, o)).unwrap_or_default(),
        state: row.state.code(),
        fact: fact.code,
        late: fact.short,
        cover,
        coverage,
        reported: day(dates.reported.or(failed.map(|(at, _)| at))),
        failed: failed.map(|(_, act)| p.tc("dashboard-ledger-", act)).unwrap_or_default(),
        verified: day(dates.verified),
        due: row.due_on().to_string(),
    }
}

fn files(p: &Page, shown: &Shown, code: &str) -> Vec<Link> {
    let slugs: Vec<&str> = shown.dash.choice.iter().map(|s| s.campaign.slug.as_str()).collect();
    if slugs.is_empty() {
        return Vec::new();
    }
    let day = shown.as_of.day;
    let view =
        View { as_of: Some(day), campaign: Some(slugs.join(",")), province: Some(code.to_owned()), ..View::default() };
    [
        ("dashboard-file-rows", p.href(&view.at("/dashboard-matrix.csv"))),
        ("dashboard-file-json", format!("/api/v1/assignments?as_of={day}&province={code}")),
    ]
    .into_iter()
    .map(|(key, href)| Link { text: p.t(key), href, current: false })
    .collect()
}
