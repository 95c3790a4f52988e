//! `/search`: a question and its hits, by GET and without script.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;

use super::matching::{MAX_QUESTION, Question, Words};
use super::queries::{FoundOption, FoundPlace, Outcome, Searchable, searchable};
use crate::base::error::{Error, Refusal, Result};
use crate::dashboard::figures::Count;
use crate::sign_in::extract::Visit;
use crate::web::page::{Page, html_with, public};
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Most hits of one kind on the page; the page says how many there are.
const MOST: usize = 40;
/// Number of hits of one kind before the fold.
const BEFORE_FOLD: usize = 10;
/// Most assignments that a question for a place and a thing shows.
const MOST_ASSIGNMENTS: usize = 10;
/// Number of near rows where nothing has all words.
const NEAREST: usize = 3;

/// Adds the address of the search.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route.get("/search", Policy::READING, search)
}

/// The query of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SearchQuery {
    /// Question as it was typed.
    q: String,
}

#[derive(Template)]
#[template(path = "search/search.html")]
struct SearchPage {
    p: Page,
    q: String,
    error: String,
    problems: Vec<(String, String)>,
    /// Sentence with the number of hits; empty without a question.
    said: String,
    groups: Vec<Hits>,
}

/// Hits of one kind.
struct Hits {
    heading: String,
    hits: Vec<Hit>,
    /// Further hits, which are folded at first.
    rest: Vec<Hit>,
    /// Words that unfold the rest.
    unfold: String,
    /// Note that not all hits are shown; empty where all are.
    more: String,
}

/// One hit: a link with a line of words.
struct Hit {
    href: String,
    code: String,
    text: String,
    note: String,
}

/// `GET /search`: the form, and the hits of a question.
#[handler]
async fn search(visit: Visit, Query(asked): Query<SearchQuery>) -> Result<Response> {
    let p = visit.page("search").titled("search-title");
    let lead = p.t("search-lead");
    let p = p.described(lead);
    let question = match Question::read(&asked.q) {
        Ok(Some(question)) => question,
        Ok(None) => return public(&blank(p)),
        Err(length) => {
            let refusal = Refusal::new("search.long").with("most", MAX_QUESTION).with("length", length);
            let (status, p) = p.unlisted().again(Error::field("q", refusal))?;
            return refused(p, &asked.q, status);
        }
    };
    let p = p.named(visit.page("").tr("search-title-of", &[("q", question.shown.clone())])).unlisted();
    let all = searchable(visit.app.stores.main.db(), visit.ctx.now).await?;
    let mut groups = hits(&p, &all, &question);
    let count: usize = groups.iter().map(|(all, _)| all).sum();
    let said = if count > 0 {
        p.tr("search-found", &[("q", question.shown.clone()), ("n", p.n(i64::try_from(count).unwrap_or(i64::MAX)))])
    } else {
        groups.extend(nearest(&p, &all, &question));
        p.tr("search-none", &[("q", question.shown.clone())])
    };
    let groups = groups.into_iter().map(|(_, hits)| hits).collect();
    public(&SearchPage { q: question.shown, said, groups, ..blank(p) })
}

fn blank(p: Page) -> SearchPage {
    SearchPage {
        q: String::new(),
        error: String::new(),
        problems: Vec::new(),
        said: String::new(),
        groups: Vec::new(),
        p,
    }
}

fn refused(p: Page, typed: &str, status: StatusCode) -> Result<Response> {
    let problems = p.problems().into_iter().map(|(_, sentence)| ("#q".to_owned(), sentence)).collect();
    let typed: String = typed.chars().take(MAX_QUESTION * 2).collect();
    html_with(status, &SearchPage { q: typed, error: p.error("q").unwrap_or_default(), problems, ..blank(p) })
}

/// The hits of a question by kind, each kind with their number.
fn hits(p: &Page, all: &Searchable, question: &Question) -> Vec<(usize, Hits)> {
    let (issues, others): (Vec<&FoundOption>, Vec<&FoundOption>) = all
        .options
        .iter()
        .filter(|found| question.takes(&found.words))
        .partition(|found| matches!(found.outcome, Outcome::Dispatched(_) | Outcome::Selected));
    let places =
        all.places.iter().filter(|found| question.takes(&found.words)).map(|found| of_place(p, found)).collect();
    let lines = |found: Vec<&FoundOption>| found.into_iter().map(|found| of_option(p, found)).collect();
    [
        ("search-provinces", places),
        ("search-assignments", assignments(p, all, question)),
        ("search-issues", lines(issues)),
        ("search-options", lines(others)),
    ]
    .into_iter()
    .filter_map(|(key, hits)| group(p, key, hits))
    .collect()
}

fn group(p: &Page, key: &str, mut hits: Vec<Hit>) -> Option<(usize, Hits)> {
    let count = hits.len();
    hits.truncate(MOST);
    let numbers = [("n", count.to_string()), ("shown", hits.len().to_string())];
    let more = if count > MOST { p.tr("search-more", &numbers) } else { String::new() };
    let rest = if hits.len() > BEFORE_FOLD { hits.split_off(BEFORE_FOLD) } else { Vec::new() };
    let unfold = p.tr("search-rest", &[("n", rest.len().to_string())]);
    (count > 0).then(|| (count, Hits { heading: p.tr(key, &numbers[..1]), hits, rest, unfold, more }))
}

/// Assignments for a question that names a place and a thing, such as 江苏 身份证.
fn assignments(p: &Page, all: &Searchable, question: &Question) -> Vec<Hit> {
    let mut hits = Vec::new();
    for place in all.places.iter().filter(|found| found.count.is_some()) {
        let Some(rest) = question.without(&place.words) else {
            continue;
        };
        let issues = all.options.iter().filter(|found| matches!(found.outcome, Outcome::Dispatched(_)));
        for found in issues.filter(|found| rest.takes(&found.words)) {
            let option = &found.option;
            let name = p.pick(&place.place.short_zh, &place.place.name_en).to_owned();
            let title = p.pick(&option.title_zh, &option.title_en).to_owned();
            hits.push(Hit {
                href: p.href(&format!("/issues/{}/provinces/{}", option.code, place.place.code)),
                code: option.code.clone(),
                text: p.tr("search-assignment", &[("place", name), ("issue", title)]),
                note: String::new(),
            });
        }
    }
    hits.truncate(MOST_ASSIGNMENTS);
    hits
}

/// The rows that share most with a question that no row answers.
fn nearest(p: &Page, all: &Searchable, question: &Question) -> Option<(usize, Hits)> {
    let near = |words: &Words| question.nearness(words);
    let mut found: Vec<(usize, Hit)> = all.options.iter().map(|row| (near(&row.words), of_option(p, row))).collect();
    found.extend(all.places.iter().map(|row| (near(&row.words), of_place(p, row))));
    found.retain(|(nearness, _)| *nearness > 0);
    found.sort_by_key(|(nearness, _)| std::cmp::Reverse(*nearness));
    found.truncate(NEAREST);
    group(p, "search-nearest", found.into_iter().map(|(_, hit)| hit).collect())
}

fn of_option(p: &Page, found: &FoundOption) -> Hit {
    let FoundOption { option, campaign, outcome, .. } = found;
    let said = match outcome {
        Outcome::Dispatched(count) => progress(p, count),
        Outcome::Selected => p.t("search-selected"),
        Outcome::NotSelected => p.t("search-not-selected"),
        Outcome::Undecided => p.t("search-undecided"),
    };
    let campaign = p.pick(&campaign.name_zh, &campaign.name_en);
    let theme = p.pick(&option.theme_zh, &option.theme_en);
    let parts: Vec<&str> = [campaign, theme, &*said].into_iter().filter(|part| !part.is_empty()).collect();
    Hit {
        href: p.href(&format!("/issues/{}", option.code)),
        code: option.code.clone(),
        text: p.pick(&option.title_zh, &option.title_en).to_owned(),
        note: parts.join(&p.t("search-dot")),
    }
}

fn of_place(p: &Page, found: &FoundPlace) -> Hit {
    Hit {
        href: p.href(&format!("/provinces/{}", found.place.code)),
        code: String::new(),
        text: p.pick(&found.place.name_zh, &found.place.name_en).to_owned(),
        note: found.count.as_ref().map_or_else(|| p.t("search-outside"), |count| progress(p, count)),
    }
}

/// Resolved, all and overdue assignments in words.
fn progress(p: &Page, count: &Count) -> String {
    let figures = [("done", count.resolved()), ("all", count.assignments()), ("late", count.overdue)];
    let key = if count.overdue > 0 { "search-progress-late" } else { "search-progress" };
    p.tr(key, &figures.map(|(name, figure)| (name, p.n(figure))))
}
