//! Campaigns on the front page that are not dispatched yet: open for voting, next to open, halted, or being counted.

use chrono::{DateTime, Utc};
use entity::campaign;
use entity::stored::{Display, Track};

use crate::app::App;
use crate::base::error::Result;
use crate::campaign::phase::Phase;
use crate::tally::queries::turnout;
use crate::web::dates::{beginning, closing, moment_long};
use crate::web::page::Page;

/// A campaign that is not dispatched yet, with a link to the next step for the reader.
pub(super) struct Call {
    /// Whether voting is open.
    pub open: bool,
    pub kicker: String,
    pub name: String,
    pub purpose: String,
    pub lines: Vec<String>,
    pub button: String,
    pub href: String,
    pub note: String,
    pub more: String,
    pub more_href: String,
}

/// The open campaigns, or the next campaign where none is open; then the campaigns that are halted or being counted.
pub(super) async fn calls(p: &Page, app: &App, own: &[campaign::Model], now: DateTime<Utc>) -> Result<Vec<Call>> {
    let phase = |c: &campaign::Model| Phase::of(c, now);
    let of = |wanted: &'static [Phase]| own.iter().filter(move |c| wanted.contains(&phase(c)));
    let mut calls = Vec::new();
    for found in of(&[Phase::Voting]) {
        calls.push(open(p, app, found, now).await?);
    }
    if calls.is_empty()
        && let Some(next) = of(&[Phase::Scheduled]).min_by_key(|c| c.opens_at)
    {
        calls.push(waiting(p, next, Phase::Scheduled));
    }
    let under_way = [Phase::Suspended, Phase::Closed, Phase::Tallied, Phase::Certified];
    for found in own.iter().filter(|c| under_way.contains(&phase(c))) {
        calls.push(waiting(p, found, phase(found)));
    }
    Ok(calls)
}

async fn open(p: &Page, app: &App, found: &campaign::Model, now: DateTime<Utc>) -> Result<Call> {
    let cast = turnout(&app.stores, found, now).await?;
    let is_shown = cast.is_some();
    let cast = match cast {
        Some((cast, at)) => p.tr("home-turnout", &[("n", p.n(cast.total())), ("moment", moment_long(p.locale, at))]),
        None if found.display == Display::Closed => p.t("home-turnout-hidden"),
        None => p.t("home-turnout-few"),
    };
    let mut lines = vec![p.tr("home-closes", &closing(p.locale, found.closes_at)), cast];
    if is_shown && found.tracks.has(Track::Anonymous.code()) {
        lines.push(p.t("home-not-people"));
    }
    let live = found.display == Display::Live;
    let at = |rest: &str| p.href(&format!("/campaigns/{}{rest}", found.slug));
    Ok(Call {
        open: true,
        kicker: p.t("home-open"),
        name: p.pick(&found.name_zh, &found.name_en).to_owned(),
        purpose: p.pick(&found.purpose_zh, &found.purpose_en).to_owned(),
        lines,
        button: p.t("home-start"),
        href: at("/ballot"),
        note: p.t("home-start-means"),
        more: p.t(if live { "home-live" } else { "home-see-campaign" }),
        more_href: at(if live { "/results" } else { "" }),
    })
}

fn waiting(p: &Page, found: &campaign::Model, phase: Phase) -> Call {
    let closes = closing(p.locale, found.closes_at);
    let at = |rest: &str| p.href(&format!("/campaigns/{}{rest}", found.slug));
    let (kicker, line, button, href) = match phase {
        Phase::Scheduled => {
            let [(_, last), time] = closes;
            let line = p.tr("home-opens", &[("day", beginning(p.locale, found.opens_at)), ("last", last), time]);
            ("home-next", line, "home-next-see", at(""))
        }
        Phase::Suspended => ("home-suspended", found.notice.clone(), "home-see-campaign", at("")),
        Phase::Closed => {
            let line = p.tr("home-counting-text", &closes);
            ("home-counting", line, "home-see-campaign", at(""))
        }
        Phase::Tallied => ("home-counted", p.t("home-counted-text"), "home-see-results", at("/results")),
        _ => ("home-certified", p.t("home-certified-text"), "home-see-results", at("/results")),
    };
    Call {
        open: false,
        kicker: p.t(kicker),
        name: p.pick(&found.name_zh, &found.name_en).to_owned(),
        purpose: String::new(),
        lines: vec![line],
        button: p.t(button),
        href,
        note: String::new(),
        more: String::new(),
        more_href: String::new(),
    }
}
