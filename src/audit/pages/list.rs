//! `/desk/audit`: the trail, newest first, and the state of its chain.

use askama::Template;
use poem::web::Query;
use poem::{Response, handler};

use super::words;
use crate::audit::queries::{self, ROWS, Search};
use crate::audit::{acts, openings};
use crate::base::access::Act;
use crate::base::error::Result;
use crate::base::text;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::moment_long;
use crate::web::page::{Page, html, see_other};

#[derive(Template)]
#[template(path = "audit/list.html")]
struct List {
    p: Page,
    nav: Nav,
    state: String,
    whole: bool,
    wanted: TrailQuery,
    acts: Vec<(String, String, bool)>,
    entries: Vec<EntryRow>,
    count: String,
    is_filtered: bool,
    pager: Option<Pager>,
}

struct EntryRow {
    number: String,
    href: String,
    at: String,
    act: String,
    who: String,
    object: String,
    hash: String,
}

struct Pager {
    text: String,
    prev: String,
    next: String,
}

/// Search of the list, as in the query of its address.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct TrailQuery {
    pub who: String,
    pub act: String,
    pub object: String,
    pub from: String,
    pub until: String,
    pub page: String,
}

impl TrailQuery {
    /// The search. A text that is no date leaves the day open.
    pub(super) fn search(&self) -> Search {
        let day = text::day;
        Search {
            who: self.who.clone(),
            act: self.act.clone(),
            object: self.object.clone(),
            from: day(&self.from),
            until: day(&self.until),
        }
    }

    /// The query of the search, without the number of the page.
    pub(super) fn asked(&self) -> String {
        let pairs = [
            ("who", &self.who),
            ("act", &self.act),
            ("object", &self.object),
            ("from", &self.from),
            ("until", &self.until),
        ];
        let pairs: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect();
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    }

    fn address(&self, page: u64) -> String {
        let asked = self.asked();
        let joint = if asked.is_empty() { "" } else { "&" };
        format!("/desk/audit?{asked}{joint}page={page}")
    }
}

/// `GET /desk/audit`: one page of entries.
#[handler]
pub(super) async fn list(signed: Signed, Query(wanted): Query<TrailQuery>) -> Result<Response> {
    signed.ctx.require(Act::ReadTrail)?;
    let p = signed.page("desk").titled("audit-title");
    let db = signed.app.stores.main.db();
    let page = wanted.page.parse().unwrap_or(1).max(1);
    let found = queries::search(db, &wanted.search(), page).await?;
    let entries = found
        .entries
        .iter()
        .map(|entry| {
            let opened = found.openings.get(&entry.number).map_or(&[][..], Vec::as_slice);
            let about = opened.iter().find(|o| o.name == "login").map(|o| openings::masked(&o.value));
            EntryRow {
                number: p.n(entry.number.0),
                href: p.href(&format!("/desk/audit/{}", entry.number)),
                at: moment_long(p.locale, entry.at),
                act: words::act(&p, &entry.act),
                who: words::who(&p, entry, &found.names),
                object: if entry.object.is_empty() { about.unwrap_or_default() } else { entry.object.clone() },
                hash: entry.hash.chars().take(12).collect(),
            }
        })
        .collect();
    let (state, whole) = words::state(&p, &signed.app.trail.state());
    let pages = found.total.div_ceil(ROWS).max(1);
    let link = |is_there: bool, page: u64| if is_there { p.href(&wanted.address(page)) } else { String::new() };
    let pager = (pages > 1).then(|| Pager {
        text: p.tr("audit-page", &[("page", p.n(page as i64)), ("pages", p.n(pages as i64))]),
        prev: link(page > 1, page.saturating_sub(1)),
        next: link(page < pages, page + 1),
    });
    html(&List {
        nav: signed.nav(Section::Audit),
        state,
        whole,
        acts: choices(&p, &wanted.act),
        entries,
        count: p.tr("audit-count", &[("count", found.total.to_string()), ("n", p.n(found.total as i64))]),
        is_filtered: !wanted.asked().is_empty(),
        pager,
        wanted,
        p,
    })
}

/// Options of the act field: for every slice the common beginning of its acts, then each act.
fn choices(p: &Page, chosen: &str) -> Vec<(String, String, bool)> {
    let mut all: Vec<String> = acts::all().collect();
    all.sort();
    let mut choices = vec![(String::new(), p.t("audit-any"), false)];
    let mut slice = String::new();
    for act in all {
        let beginning = act.split_once('.').map(|(slice, _)| format!("{slice}.")).unwrap_or_default();
        if beginning != slice {
            choices.push((
                beginning.clone(),
                p.tc("audit-acts-of-", beginning.trim_end_matches('.')),
                beginning == chosen,
            ));
            slice = beginning;
        }
        choices.push((act.clone(), format!("— {}", words::act(p, &act)), act == chosen));
    }
    choices
}

/// `POST /desk/audit/check`: verifies the chain now, and publishes a checkpoint if the chain is intact.
#[handler]
pub(super) async fn check(signed: Signed) -> Result<Response> {
    signed.ctx.require(Act::ReadTrail)?;
    let app = &signed.app;
    // The page shows a flaw.
    drop(app.trail.publish(&app.stores.main, app.clock.system()).await?);
    Ok(see_other(&signed.page("desk").href("/desk/audit")))
}
