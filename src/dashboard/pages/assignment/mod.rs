//! The page of one assignment: its claims, its checks, and every step of its history. The page names offices, never people.
//! For evidence, the page shows the kind, the day, the size and the digest, never the file and never its name.

mod claims;
mod sections;

use askama::Template;
use poem::web::{Path, Query};
use poem::{Response, handler};

use self::claims::{Claim, Failed};
use super::asof::{Bar, Link, refused, titled};
use super::names::{Names, campaign_name, issue_name, short_name};
use super::sentences::{Fact, fact};
use super::view::{DashboardQuery, View};
use crate::base::clock::day_of;
use crate::base::clock::last_day;
use crate::base::error::Result;
use crate::dashboard::pages::assignment::sections::{Check, Event, Plan, Request, Told};
use crate::dashboard::queries::AsOf;
use crate::dashboard::queries::assignment_history::one;
use crate::dashboard::queries::changes::{Scope, around};
use crate::programme;
use crate::sign_in::extract::Visit;
use crate::web::dates::day_long;
use crate::web::page::{Page, public};

#[derive(Template)]
#[template(path = "dashboard/assignment.html")]
struct AssignmentPage {
    p: Page,
    code: String,
    title: String,
    issue: Link,
    place: Link,
    campaign: Link,
    bar: Bar,
    standing: Option<Stands>,
    not_yet: String,
    facts: Vec<String>,
    dates: Vec<(String, String, String)>,
    claim: Option<Claim>,
    unclaimed: String,
    failed: Vec<Failed>,
    plan: Option<Plan>,
    department: String,
    tests: Vec<(String, String)>,
    checks: Vec<Check>,
    requests: Vec<Request>,
    history: Vec<Event>,
    files: Vec<Link>,
}

/// State of the assignment, in words.
struct Stands {
    state: &'static str,
    means: String,
    fact: Fact,
    due: String,
}

/// `GET /issues/{code}/provinces/{province}`: the page of one assignment.
#[handler]
pub async fn assignment(
    visit: Visit,
    Path((code, province)): Path<(String, String)>,
    Query(asked): Query<DashboardQuery>,
) -> Result<Response> {
    let (p, now) = (visit.page("dashboard"), visit.ctx.now);
    let path = format!("/issues/{code}/provinces/{province}");
    let (view, as_of) = match View::read(&asked, now) {
        Ok(read) => read,
        Err(error) => return refused(p, &path, &asked, now, error),
    };
    let view = View { as_of: view.as_of, ..View::default() };
    let db = visit.app.stores.main.db();
    let one = one(db, &code, &province, as_of).await?;
    let calendar = programme::queries::calendar(db, as_of.known()).await?;
    let around = around(db, Scope::One(one.found.assignment.id), as_of, now).await?;
    let told = Told { p: &p, one: &one, as_of, names: Names::read(db).await? };
    let due_on = last_day(one.found.assignment.due_at);
    let named =
        [(p.t("dashboard-day-dispatch"), day_of(one.found.dispatch.at)), (p.t("dashboard-day-deadline"), due_on)];
    let standing = one.standing.as_ref().map(|s| Stands {
        state: s.state.code(),
        means: p.t(&format!("state-{}-means", s.state)),
        fact: fact(&p, s.due(as_of.day, as_of.instant, &calendar), due_on),
        due: p.tr("dashboard-due", &[("day", day_long(p.locale, due_on))]),
    });
    let claim = told.claim();
    let unclaimed = match &standing {
        Some(s) if claim.is_none() => told.unclaimed(&s.fact),
        _ => String::new(),
    };
    let short = issue_name(&p, &one.option);
    let name = short_name(&p, &one.place);
    let title = p.tr("dashboard-one-title", &[("place", name.to_owned()), ("title", short)]);
    let stands = standing.as_ref().map(|s| s.means.clone()).unwrap_or_default();
    let described = if stands.is_empty() { "head-assignment-before" } else { "head-assignment" };
    let described = p.tr(described, &[("title", title.clone()), ("stands", stands)]);
    let page = AssignmentPage {
        issue: Link {
            text: p.pick(&one.option.title_zh, &one.option.title_en).to_owned(),
            href: p.href(&view.elsewhere(&format!("/issues/{code}"))),
            current: false,
        },
        place: Link {
            text: p.pick(&one.place.name_zh, &one.place.name_en).to_owned(),
            href: p.href(&view.elsewhere(&format!("/provinces/{province}"))),
            current: false,
        },
        campaign: Link {
            text: campaign_name(&p, &one.campaign),
            href: p.href(&View { campaign: Some(one.campaign.slug.clone()), ..view.clone() }.at("/dashboard")),
            current: false,
        },
        bar: Bar::of(&p, &path, &view, as_of, now).stepping(&p, &view, around).naming(&p, &view, &named),
        not_yet: p.tr("dashboard-not-dispatched", &[("day", day_long(p.locale, day_of(one.found.dispatch.at)))]),
        facts: told.facts(),
        dates: told.dates(),
        failed: told.failed(),
        plan: told.plan(),
        department: one.department().unwrap_or_default().to_owned(),
        tests: told.names.tests(&p, &one.option),
        checks: told.checks(),
        requests: told.requests(),
        history: told.history(),
        files: files(&p, &path, &code, &province, as_of),
        standing,
        claim,
        unclaimed,
        p: p.clone().named(titled(&p, &title, as_of)).described(described),
        title,
        code,
    };
    public(&page)
}

fn files(p: &Page, path: &str, code: &str, province: &str, as_of: AsOf) -> Vec<Link> {
    let dated = View { as_of: Some(as_of.day), ..View::default() };
    [
        ("dashboard-file-permanent", p.href(&dated.at(path))),
        ("dashboard-file-history", p.href(&dated.at(&format!("{path}/history.csv")))),
        ("dashboard-file-json", dated.at(&format!("/api/v1/assignments/{code}/{province}"))),
    ]
    .into_iter()
    .map(|(key, href)| Link { text: p.t(key), href, current: false })
    .collect()
}
