//! The list of assignments in the reach of a person, with filters and forty assignments a page. A coordinator ticks assignments
//! to acknowledge them at once.

use std::collections::HashMap;

use askama::Template;
use chrono::DateTime;
use entity::id::AssignmentId;
use entity::stored::{AssignmentState, StoredPhase};
use entity::{campaign, place};
use poem::web::Query;
use poem::{Response, handler};

use super::task::{Task, shown, task};
use crate::base::access::Act;
use crate::base::error::Result;
use crate::dispatch::deadline::{Due, soon_until};
use crate::dispatch::inbox::{Todo, Waiting, dispatches, inbox};
use crate::dispatch::queries::{self, Filter, Listed};
use crate::programme::calendar::{Calendar, Known};
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::page::{Page, html};
use crate::{campaign as campaigns, programme};

/// Number of assignments on one page.
const PAGE: u64 = 40;

#[derive(Template)]
#[template(path = "dispatch/list.html")]
struct AssignmentList {
    p: Page,
    nav: Nav,
    choices: Choices,
    chips: Vec<Chip>,
    total: u64,
    lines: Vec<AssignmentLine>,
    /// Whether at least one assignment can be ticked.
    ticks: bool,
    pager: Pager,
}

/// Choices of the filter: value, text, and whether the choice is selected.
struct Choices {
    campaigns: Vec<(String, String, bool)>,
    states: Vec<(String, String, bool)>,
    provinces: Vec<(String, String, bool)>,
    dues: Vec<(String, String, bool)>,
    /// Code of the count whose assignments the list shows; empty for none.
    todo: String,
}

/// One filter that is set, with the address of the list without this filter.
struct Chip {
    text: String,
    href: String,
}

/// One assignment of the table.
struct AssignmentLine {
    task: Task,
    department: String,
    /// Value of the tick box; empty where this person cannot acknowledge the assignment.
    tick: String,
}

struct Pager {
    text: String,
    prev: String,
    next: String,
}

/// Filters and page number that the address asks for.
#[derive(Clone, Debug, Default)]
struct Wish {
    campaign: Option<campaign::Model>,
    state: Option<AssignmentState>,
    province: Option<place::Model>,
    due: &'static str,
    todo: Option<Todo>,
    page: u64,
}

/// Answers with the list of assignments.
#[handler]
pub async fn list(signed: Signed, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    let mut p = signed.page("desk").titled("layout-desk-assignments");
    if let Some(count) = query.get("acknowledged") {
        let count = count.parse::<u16>().unwrap_or_default();
        p.notice = Some(p.tr("dispatch-bulk-done", &[("n", count.to_string())]));
    }
    let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
    let staff = ctx.staff()?;
    let within = ctx.provinces(Act::ReadAssignments)?;
    let places: Vec<place::Model> =
        programme::queries::provinces(db).await?.into_iter().filter(|q| within.include(&q.code)).collect();
    let mut dispatched = campaigns::queries::all(db).await?;
    dispatched.retain(|c| c.phase == StoredPhase::Dispatched);
    let wish = Wish::read(&query, &dispatched, &places);
    let calendar = programme::queries::calendar(db, Known::Now).await?;
    let inbox = inbox(db, ctx, &calendar).await?;
    let filter = wish.filter(&signed, &calendar, &inbox.waiting);
    let (total, found) = queries::list(db, &within, &filter, ((wish.page - 1) * PAGE, PAGE)).await?;
    let limits = dispatches(db).await?;
    let lines: Vec<AssignmentLine> = found
        .iter()
        .map(|listed| {
            let waits = inbox.waiting.iter().find(|w| w.listed.assignment.id == listed.assignment.id);
            let limit = limits.get(&listed.assignment.dispatch_id);
            let due = limit.and_then(|d| Due::of(&listed.assignment, d.acknowledge_due_at, &calendar, ctx.now));
            let mine = staff.may_in(Act::Coordinate, &listed.assignment.province);
            line(&p, listed, waits, due, mine)
        })
        .collect();
    let template = AssignmentList {
        nav: signed.nav(Section::Assignments),
        choices: wish.choices(&p, &dispatched, &places),
        chips: wish.chips(&p),
        ticks: lines.iter().any(|r| !r.tick.is_empty()),
        pager: wish.pager(&p, total),
        total,
        lines,
        p,
    };
    html(&template)
}

fn line(p: &Page, listed: &Listed, waits: Option<&Waiting>, due: Option<Due>, mine: bool) -> AssignmentLine {
    let row = &listed.assignment;
    let takes = mine && row.state == AssignmentState::Dispatched;
    AssignmentLine {
        task: waits.map_or_else(|| shown(p, listed, due), |w| task(p, w)),
        department: row.department.clone(),
        tick: if takes { format!("{}/{}", listed.issue.code, row.province) } else { String::new() },
    }
}

impl Wish {
    /// Values that cannot be parsed are ignored.
    fn read(query: &HashMap<String, String>, campaigns: &[campaign::Model], places: &[place::Model]) -> Self {
        let get = |name: &str| query.get(name).map_or("", String::as_str);
        let todo = Todo::ALL.into_iter().find(|t| t.code() == get("todo"));
        Self {
            campaign: campaigns.iter().find(|c| c.slug == get("campaign")).cloned(),
            state: get("state").parse().ok(),
            province: places.iter().find(|q| q.code == get("province")).cloned(),
            due: match get("due") {
                "overdue" => "overdue",
                "soon" => "soon",
                _ => "",
            },
            todo,
            page: get("page").parse().unwrap_or(1).clamp(1, 10_000),
        }
    }

    fn filter(&self, signed: &Signed, calendar: &Calendar, waiting: &[Waiting]) -> Filter {
        let now = signed.ctx.now;
        let ids = self.todo.map(|todo| {
            let rows = waiting.iter().filter(|w| todo.is_of(w));
            rows.map(|w| w.listed.assignment.id).collect::<Vec<AssignmentId>>()
        });
        Filter {
            province: self.province.as_ref().map(|place| place.code.clone()),
            campaign: self.campaign.as_ref().map(|c| c.id),
            states: self.state.into_iter().collect(),
            ids,
            due: match self.due {
                "overdue" => Some((DateTime::UNIX_EPOCH, now)),
                "soon" => Some((now, soon_until(calendar, now))),
                _ => None,
            },
        }
    }

    fn choices(&self, p: &Page, campaigns: &[campaign::Model], places: &[place::Model]) -> Choices {
        let all = |chosen: bool| (String::new(), p.t("dispatch-list-all"), !chosen);
        let with = |chosen: bool, rest: Vec<(String, String, bool)>| std::iter::once(all(chosen)).chain(rest).collect();
        let is = |own: &Option<String>, code: &str| own.as_deref() == Some(code);
        let slug = self.campaign.as_ref().map(|c| c.slug.clone());
        let code = self.province.as_ref().map(|q| q.code.clone());
        Choices {
            campaigns: with(
                slug.is_some(),
                campaigns
                    .iter()
                    .map(|c| {
                        let name = p.pick(&c.name_zh, &c.name_en).to_owned();
                        (c.slug.clone(), name, is(&slug, &c.slug))
                    })
                    .collect(),
            ),
            states: with(
                self.state.is_some(),
                AssignmentState::ALL
                    .iter()
                    .map(|s| {
                        let word = p.t(&format!("state-{s}"));
                        (s.to_string(), word, self.state == Some(*s))
                    })
                    .collect(),
            ),
            provinces: with(
                code.is_some(),
                places
                    .iter()
                    .map(|q| {
                        let name = p.pick(&q.short_zh, &q.name_en).to_owned();
                        (q.code.clone(), name, is(&code, &q.code))
                    })
                    .collect(),
            ),
            dues: with(
                !self.due.is_empty(),
                ["overdue", "soon"].map(|due| (due.to_owned(), due_word(p, due), self.due == due)).to_vec(),
            ),
            todo: self.todo.map_or("", Todo::code).to_owned(),
        }
    }

    /// The filters that are set: name, value and word of each.
    fn parts(&self, p: &Page) -> Vec<(&'static str, String, String)> {
        let mut parts = Vec::new();
        if let Some(todo) = self.todo {
            let word = p.tc("dispatch-todo-", todo.code());
            parts.push(("todo", todo.code().to_owned(), word));
        }
        if let Some(c) = &self.campaign {
            let name = p.pick(&c.name_zh, &c.name_en).to_owned();
            parts.push(("campaign", c.slug.clone(), name));
        }
        if let Some(state) = self.state {
            parts.push(("state", state.to_string(), p.t(&format!("state-{state}"))));
        }
        if let Some(q) = &self.province {
            let name = p.pick(&q.short_zh, &q.name_en).to_owned();
            parts.push(("province", q.code.clone(), name));
        }
        if !self.due.is_empty() {
            parts.push(("due", self.due.to_owned(), due_word(p, self.due)));
        }
        parts
    }

    fn chips(&self, p: &Page) -> Vec<Chip> {
        let parts = self.parts(p);
        parts.iter().map(|(name, _, word)| Chip { text: word.clone(), href: link(p, &parts, Some(name), 1) }).collect()
    }

    fn pager(&self, p: &Page, total: u64) -> Pager {
        let (parts, pages) = (self.parts(p), total.div_ceil(PAGE).max(1));
        let to = |there: bool, page| {
            if there { link(p, &parts, None, page) } else { String::new() }
        };
        Pager {
            text: p.tr(
                "dispatch-list-page",
                &[("page", self.page.to_string()), ("pages", pages.to_string()), ("n", p.n(total))],
            ),
            prev: to(self.page > 1, self.page - 1),
            next: to(self.page < pages, self.page + 1),
        }
    }
}

fn due_word(p: &Page, due: &str) -> String {
    match due {
        "soon" => p.t("dispatch-work-soon"),
        _ => p.t("fact-overdue"),
    }
}

fn link(p: &Page, parts: &[(&'static str, String, String)], without: Option<&str>, page: u64) -> String {
    let mut pairs: Vec<String> = parts
        .iter()
        .filter(|(name, ..)| Some(*name) != without)
        .map(|(name, value, _)| format!("{name}={value}"))
        .collect();
    if page > 1 {
        pairs.push(format!("page={page}"));
    }
    if pairs.is_empty() {
        p.href("/desk/assignments")
    } else {
        p.href(&format!("/desk/assignments?{}", pairs.join("&")))
    }
}
