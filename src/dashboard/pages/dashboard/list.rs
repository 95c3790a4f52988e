//! The list of assignments behind the figures: the overdue ones, or those that the filter takes; 25 a page.

use std::cmp::Reverse;

use super::part::Part;
use super::shown::{Shown, caption_day};
use crate::base::clock::day_of;
use crate::dashboard::figures::AssignmentAsOf;
use crate::dashboard::pages::asof::Link;
use crate::dashboard::pages::names::issue_name;
use crate::dashboard::pages::sentences::{self, coverage, fact};
use crate::dashboard::pages::view::View;
use crate::web::page::Page;

/// Greatest number of assignments on a page.
pub const A_PAGE: usize = 25;

/// One page of the list of assignments.
#[derive(Default)]
pub struct List {
    /// Heading of the list.
    pub heading: String,
    /// Caption with the filter, the number of assignments and the as-of day.
    pub caption: String,
    /// Parts of the filter, each as a link that removes the part.
    pub chips: Vec<Link>,
    /// Assignments of this page.
    pub rows: Vec<Item>,
    /// Text for an empty list.
    pub empty: String,
    /// Text such as 第2页，共7页，312项; empty where one page holds all assignments.
    pub pager: String,
    /// Address of the page before; empty on the first page.
    pub before: String,
    /// Address of the next page; empty on the last page.
    pub next: String,
}

/// One assignment of the list.
pub struct Item {
    /// Address of the assignment's page.
    pub href: String,
    /// Code of the issue.
    pub code: String,
    /// Short name of the issue.
    pub issue: String,
    /// Short name of the province.
    pub province: String,
    /// Code of the assignment's state.
    pub state: &'static str,
    /// Code of the lateness: `overdue`, `due-soon` or empty.
    pub fact: &'static str,
    /// Lateness in words; empty where there is none.
    pub late: String,
    /// Partial coverage in percent; -1 where the coverage is full or not claimed.
    pub cover: i64,
    /// Partial coverage in words; empty where there is none.
    pub coverage: String,
    /// Last day for the fix, as `YYYY-MM-DD`.
    pub due: String,
    /// Day on which the assignment entered its state, as `YYYY-MM-DD`.
    pub since: String,
}

impl List {
    /// The page of assignments that the view asks for; without a filter, the overdue assignments.
    pub fn of(p: &Page, shown: &Shown) -> Self {
        let mut view = shown.view.clone();
        let filtered = view.is_filtered();
        if !filtered {
            view.overdue = true;
        }
        let rows = rows(shown, &view);
        let pages = rows.len().div_ceil(A_PAGE).max(1);
        let page = usize::try_from(view.page).unwrap_or(1).clamp(1, pages);
        let at = |page: usize| {
            let view = View { page: u64::try_from(page).unwrap_or(1), ..shown.view.clone() };
            p.href(&view.at(Part::Assignments.path()))
        };
        let n = rows.len().to_string();
        let day = caption_day(p, shown.as_of);
        Self {
            heading: p.t(if filtered { "dashboard-list-filtered" } else { "dashboard-list-overdue" }),
            caption: p.tr(
                "dashboard-list-caption",
                &[("what", what(p, shown, &view).join(&p.t("layout-comma"))), ("n", n.clone()), ("day", day)],
            ),
            chips: if filtered { chips(p, shown) } else { Vec::new() },
            empty: if filtered { p.t("dashboard-list-none") } else { p.t("dashboard-list-none-overdue") },
            pager: if pages > 1 {
                p.tr("dashboard-pager", &[("page", page.to_string()), ("pages", pages.to_string()), ("n", n)])
            } else {
                String::new()
            },
            before: if page > 1 { at(page - 1) } else { String::new() },
            next: if page < pages { at(page + 1) } else { String::new() },
            rows: rows.iter().skip((page - 1) * A_PAGE).take(A_PAGE).map(|row| item(p, shown, row)).collect(),
        }
    }
}

/// The assignments that a view takes, the most urgent first, then in the order of issues and provinces.
pub fn rows<'a>(shown: &'a Shown, view: &View) -> Vec<&'a AssignmentAsOf> {
    let (as_of, calendar) = (shown.as_of, &shown.calendar);
    let mut rows: Vec<&AssignmentAsOf> = shown.dash.standings.iter().filter(|s| view.takes(s, as_of.instant)).collect();
    rows.sort_by_cached_key(|row| match row.due(as_of.day, as_of.instant, calendar) {
        Some(due) if due.is_overdue() => (0, Reverse(due.days), row.due_at),
        Some(due) if due.is_soon() => (1, Reverse(0), row.due_at),
        Some(_) => (2, Reverse(0), row.due_at),
        None => (3, Reverse(0), row.due_at),
    });
    rows
}

/// The filter of the list, in words.
fn what(p: &Page, shown: &Shown, view: &View) -> Vec<String> {
    let mut words: Vec<String> = view.states.iter().map(|state| p.tc("state-", state)).collect();
    if words.len() > 1 {
        words = vec![words.join(&p.t("dashboard-or"))];
    }
    if view.overdue {
        words.push(p.t("fact-overdue"));
    }
    if let Some(code) = &view.issue {
        words.push(code.clone());
    }
    if let Some(code) = &view.province {
        words.push(shown.names.short(p, code).to_owned());
    }
    words
}

fn chips(p: &Page, shown: &Shown) -> Vec<Link> {
    let view = &shown.view;
    let without =
        |text: String, view: View| Link { text, href: p.href(&view.at(Part::Assignments.path())), current: false };
    let mut chips = Vec::new();
    for state in &view.states {
        let mut rest = View { page: 1, ..view.clone() };
        rest.states.retain(|s| s != state);
        chips.push(without(p.tc("state-", state), rest));
    }
    let first = || View { page: 1, ..view.clone() };
    if view.overdue {
        let rest = View { overdue: false, ..first() };
        chips.push(without(p.t("fact-overdue"), rest));
    }
    if let Some(code) = &view.issue {
        let rest = View { issue: None, ..first() };
        chips.push(without(code.clone(), rest));
    }
    if let Some(code) = &view.province {
        let rest = View { province: None, ..first() };
        chips.push(without(shown.names.short(p, code).to_owned(), rest));
    }
    chips
}

fn item(p: &Page, shown: &Shown, row: &AssignmentAsOf) -> Item {
    let due = row.due(shown.as_of.day, shown.as_of.instant, &shown.calendar);
    let fact = fact(p, due, row.due_on());
    let (cover, coverage) = coverage(p, row).unwrap_or((-1, String::new()));
    let path = format!("/issues/{}/provinces/{}", row.issue, row.province);
    Item {
        href: p.href(&shown.view.elsewhere(&path)),
        code: row.issue.clone(),
        issue: sentences::wording(&shown.dash, &row.issue).map(|o| issue_name(p, o)).unwrap_or_default(),
        province: shown.names.short(p, &row.province).to_owned(),
        state: row.state.code(),
        fact: fact.code,
        late: fact.short,
        cover,
        coverage,
        due: row.due_on().to_string(),
        since: day_of(row.since).to_string(),
    }
}
