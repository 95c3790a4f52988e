//! The page of one province: two rates with their fractions, one line for each assignment with the most urgent first, and the
//! rates of its peers. The address narrows the lines to a campaign and to states.

use std::collections::HashMap;

use askama::Template;
use entity::id::AssignmentId;
use entity::stored::AssignmentState;
use poem::web::{Path, Query};
use poem::{Response, handler};

use super::asof::{Bar, Link, days_of_campaigns, refused, titled};
use super::dashboard::shown::Shown;
use super::dashboard::tables::states;
use super::dashboard::{Part, list};
use super::embed::embed_code;
use super::names::{campaign_name, issue_name, short_name};
use super::sentences::{self, Share, fact};
use super::view::{DashboardQuery, View};
use crate::base::clock::day_of;
use crate::base::error::{Error, Result};
use crate::dashboard::figures::{AssignmentAsOf, Count, GroupFigure, count_of, group};
use crate::dashboard::queries::changes::{Scope, around};
use crate::dashboard::queries::ledger::{Steps, steps};
use crate::sign_in::extract::Visit;
use crate::web::dates::day_short;
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
    /// The states of the province with their counts; the link of a state narrows the lines to the state.
    legend: Vec<(&'static str, String, String, bool)>,
    seasons: Vec<Peer>,
    /// Links that narrow the lines to one campaign.
    choice: Vec<Link>,
    /// Parts of the filter, each as a link that removes the part.
    chips: Vec<Link>,
    ledger: Vec<LedgerRow>,
    caption: String,
    peers: Vec<Peers>,
    files: Vec<Link>,
    /// Markup of a frame with the progress of the province.
    embed: String,
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
    /// Partial coverage in percent; -1 where the coverage is full or not claimed.
    cover: i64,
    /// The step that was reached last with its day, or the lateness.
    when: String,
    /// The earlier steps with their days, and the coverage; empty before a report.
    more: String,
    /// Move that ended the last claim, in words; empty where no claim failed or a later claim stands.
    failed: String,
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
    let wish = View { as_of: view.as_of, campaign: view.campaign, states: view.states, ..View::default() };
    let view = View { as_of: view.as_of, ..View::default() };
    let shown = Shown::all(&visit, view, as_of).await?;
    if wish.campaign.as_ref().is_some_and(|slug| shown.dash.campaigns.iter().all(|d| d.campaign.slug != *slug)) {
        return Err(Error::NotFound("campaign"));
    }
    let place = shown.names.place(&code).cloned().ok_or(Error::NotFound("place"))?;
    let db = visit.app.stores.main.db();
    let around = around(db, Scope::Province(&code), as_of, now).await?;
    let named = days_of_campaigns(&p, &shown.dash.campaigns);
    let only = View { province: Some(code.clone()), ..shown.view.clone() };
    let rows = list::rows(&shown, &only);
    let count = count_of(&shown.dash.by_province, &code).cloned().unwrap_or_default();
    let dates = steps(db, &code, as_of).await?;
    let listed: Vec<&AssignmentAsOf> = rows.iter().copied().filter(|r| of_campaign(&wish, r)).collect();
    let lines = listed.iter().filter(|r| wish.takes(r, as_of.instant));
    let ledger: Vec<LedgerRow> = lines.map(|r| row(&p, &shown, r, &dates)).collect();
    let name = p.pick(&place.name_zh, &place.name_en).to_owned();
    let status = if rows.is_empty() { String::new() } else { sentences::province_status(&p, &count, as_of.day) };
    let described = if status.is_empty() { "head-province-outside" } else { "head-province" };
    let described = p.tr(described, &[("name", name.clone()), ("status", status.clone())]);
    let page = ProvincePage {
        status,
        outside: !place.in_dispatch && rows.is_empty(),
        bar: Bar::of(&p, &path, &wish, as_of, now).stepping(&p, &wish, around).naming(&p, &wish, &named),
        figures: figures(&p, &shown, &count, &code),
        states: states(&count),
        all: count.assignments(),
        seasons: seasons(&p, &shown, &rows),
        caption: p.tr(
            "dashboard-ledger-caption",
            &[
                ("name", name.clone()),
                ("n", ledger.len().to_string()),
                ("day", super::dashboard::shown::caption_day(&p, as_of)),
            ],
        ),
        legend: legend(&p, &path, &wish, &listed),
        choice: choice(&p, &path, &shown, &wish),
        chips: chips(&p, &path, &shown, &wish),
        ledger,
        peers: peers(&p, &shown, &code),
        files: files(&p, &shown, &code),
        embed: embed_code(&p, &visit.app.config.public_address(), &shown.view.at(&path), &name, 280),
        p: p.clone().named(titled(&p, &name, as_of)).described(described),
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
            let count = count_of(&lines, &d.campaign.slug)?;
            let view = View { campaign: Some(d.campaign.slug.clone()), ..shown.view.clone() };
            Some(Peer {
                name: p.tr(
                    "dashboard-campaign-line",
                    &[("name", campaign_name(p, &d.campaign)), ("days", d.age(shown.as_of.day).to_string())],
                ),
                href: p.href(&view.at("/dashboard")),
                mine: false,
                ..peer(p, count)
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
            caption: p.tr("dashboard-peers-caption", &[args[0].clone(), ("day", day.clone())]),
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

/// Whether an assignment belongs to the campaign that the address asks for.
fn of_campaign(wish: &View, row: &AssignmentAsOf) -> bool {
    wish.campaign.as_deref().is_none_or(|slug| slug == row.campaign)
}

fn narrowed(p: &Page, path: &str, view: &View) -> String {
    p.href(&format!("{}#ledger", view.at(path)))
}

/// The states that occur, with their counts. The link of a state narrows the lines to the state, or widens them again.
fn legend(p: &Page, path: &str, wish: &View, rows: &[&AssignmentAsOf]) -> Vec<(&'static str, String, String, bool)> {
    let count = |state: AssignmentState| rows.iter().filter(|r| r.state == state).count();
    AssignmentState::ALL
        .iter()
        .filter(|state| count(**state) > 0)
        .map(|state| {
            let current = wish.states == [*state];
            let view = if current { wish.unfiltered() } else { wish.of_states(&[*state]) };
            (state.code(), p.n(count(*state)), narrowed(p, path, &view), current)
        })
        .collect()
}

/// Links that narrow the lines to one campaign, where there are several.
fn choice(p: &Page, path: &str, shown: &Shown, wish: &View) -> Vec<Link> {
    let link = |text: String, campaign: Option<String>| Link {
        text,
        current: wish.campaign == campaign,
        href: narrowed(p, path, &View { campaign, ..wish.clone() }),
    };
    let campaigns = &shown.dash.campaigns;
    if campaigns.len() < 2 {
        return Vec::new();
    }
    std::iter::once(link(p.t("dashboard-all-campaigns"), None))
        .chain(campaigns.iter().map(|d| link(campaign_name(p, &d.campaign), Some(d.campaign.slug.clone()))))
        .collect()
}

fn chips(p: &Page, path: &str, shown: &Shown, wish: &View) -> Vec<Link> {
    let without = |text: String, view: View| Link { text, href: narrowed(p, path, &view), current: false };
    let named = |slug: &String| {
        let known = shown.dash.campaigns.iter().find(|d| d.campaign.slug == *slug);
        known.map_or_else(|| slug.clone(), |d| campaign_name(p, &d.campaign))
    };
    let campaign = wish.campaign.iter().map(|slug| without(named(slug), View { campaign: None, ..wish.clone() }));
    let states = wish.states.iter().map(|state| {
        let states = wish.states.iter().copied().filter(|other| other != state).collect();
        without(p.tc("state-", state), View { states, ..wish.clone() })
    });
    campaign.chain(states).collect()
}

fn row(p: &Page, shown: &Shown, row: &AssignmentAsOf, dates: &HashMap<AssignmentId, Steps>) -> LedgerRow {
    let due = row.due(shown.as_of.day, shown.as_of.instant, &shown.calendar);
    let fact = fact(p, due, row.due_on());
    let Steps { milestones: dates, coverage } = dates.get(&row.id).copied().unwrap_or_default();
    let failed = dates.failed.filter(|_| dates.reported.is_none());
    let day = |key: &str, at: chrono::DateTime<chrono::Utc>| {
        let day = day_short(p.locale, day_of(at));
        p.tr(key, &[("day", day)])
    };
    let mut taken: Vec<String> = [
        ("dashboard-ledger-reported", dates.reported.or(failed.map(|(at, _)| at))),
        ("dashboard-ledger-signed", dates.signed),
        ("dashboard-ledger-verified", dates.verified),
    ]
    .into_iter()
    .filter_map(|(key, at)| Some(day(key, at?)))
    .collect();
    // The last step stands at the end of the line, where nothing more urgent does.
    let when = match row.state {
        _ if !fact.short.is_empty() => fact.short,
        AssignmentState::Reported | AssignmentState::Resolved | AssignmentState::Verified => {
            taken.pop().unwrap_or_default()
        }
        AssignmentState::Exempt => day("dashboard-ledger-exempt", row.since),
        _ => p.tr("dashboard-due", &[("day", day_short(p.locale, row.due_on()))]),
    };
    let mut cover = -1;
    if let Some((done, all)) = coverage.map(|of| (i64::from(of.covered), i64::from(of.coverable))) {
        let key = if done < all { "fact-partial-of" } else { "dashboard-ledger-covered" };
        taken.push(p.tr(key, &[("done", p.n(done)), ("all", p.n(all))]));
        if done < all {
            cover = done * 100 / all.max(1);
        }
    }
    let path = format!("/issues/{}/provinces/{}", row.issue, row.province);
    LedgerRow {
        href: p.href(&shown.view.elsewhere(&path)),
        code: row.issue.clone(),
        issue: sentences::wording(&shown.dash, &row.issue).map(|o| issue_name(p, o)).unwrap_or_default(),
        state: row.state.code(),
        fact: fact.code,
        cover,
        when,
        more: taken.join(&p.t("layout-comma")),
        failed: failed.map(|(_, act)| p.tc("dashboard-ledger-", act)).unwrap_or_default(),
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
