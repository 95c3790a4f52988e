//! The figures of the pages as CSV files. The notes of a file name its content, its as-of day, its address and its digest.

use entity::stored::AssignmentState;
use poem::web::{Path, Query};
use poem::{Response, handler};
use sha2::{Digest, Sha256};

use super::asof::titled;
use super::dashboard::shown::Shown;
use super::dashboard::{list, tables};
use super::names::{issue_name, short_name};
use super::sentences;
use super::view::{DashboardQuery, View};
use crate::base::clock::CHINA;
use crate::base::error::Result;
use crate::dashboard::figures::{Checks, GroupFigure, percent};
use crate::dashboard::queries::{AsOf, assignment_history, teams};
use crate::dispatch::deadline::Due;
use crate::sign_in::extract::Visit;
use crate::web::csv::{CsvFile, CsvForm, CsvQuery, file_name};
use crate::web::dates::moment_long;
use crate::web::page::Page;
use crate::web::response_cache::Cacheable;

/// `GET /dashboard.csv`: the tables by campaign, issue, province and team.
#[handler]
pub async fn figures(
    visit: Visit,
    Query(asked): Query<DashboardQuery>,
    Query(form): Query<CsvQuery>,
) -> Result<Response> {
    let p = visit.page("dashboard");
    let (view, as_of) = View::read(&asked, visit.ctx.now)?;
    let shown = Shown::read(&visit, view.unfiltered(), as_of).await?;
    let mut lines = vec![
        [
            "group",
            "code",
            "name",
            "assignments",
            "resolved",
            "verified",
            "exempt",
            "overdue",
            "applicable",
            "resolved-rate",
            "verified-rate",
            "resolved-rate-applicable",
            "verified-rate-applicable",
            "rank",
        ]
        .iter()
        .map(|column| p.t(&format!("dashboard-column-{column}")))
        .chain(AssignmentState::ALL.iter().map(|s| p.tc("state-", s)))
        .chain(["team-checks", "team-passed", "team-refused"].iter().map(|column| p.t(&format!("dashboard-{column}"))))
        .collect::<Vec<_>>(),
    ];
    let total = GroupFigure { code: String::new(), count: shown.dash.total.clone(), rank: None, shared: false };
    let teams = teams(visit.app.stores.main.db(), &shown.dash).await?;
    let all_checks = Checks::sum(teams.iter().map(|team| &team.checks));
    lines.push(counted(&p, &shown, "", &total, Some(all_checks)));
    for (id, group) in [
        ("campaigns", &shown.dash.by_campaign),
        ("issues", &shown.dash.by_issue),
        ("provinces", &shown.dash.by_province),
    ] {
        lines.extend(tables::ordered(&shown.view, group).into_iter().map(|line| counted(&p, &shown, id, line, None)));
    }
    // Teams keep their fixed order.
    lines.extend(teams.iter().map(|team| counted(&p, &shown, "teams", &team.group, Some(team.checks))));
    let names = ["dashboard", &campaign(&shown)];
    file(&visit, &p, &shown, "/dashboard.csv", Saved { form: form.form(), names: &names, lines: &lines })
}

/// One line of the file; the checks of a team, or of all teams, stand at its end.
fn counted(p: &Page, shown: &Shown, id: &str, line: &GroupFigure, checks: Option<Checks>) -> Vec<String> {
    let count = &line.count;
    let (all, applicable) = (count.assignments(), count.applicable());
    let group = if id.is_empty() { p.t("dashboard-sum") } else { p.t(&format!("dashboard-{id}-head")) };
    let mut cells = vec![group, line.code.clone(), tables::name(p, shown, id, &line.code)];
    cells.extend(
        [all, count.resolved(), count.verified(), count.exempt(), count.overdue, applicable]
            .iter()
            .map(ToString::to_string),
    );
    cells.extend([
        percent(count.resolved(), all),
        percent(count.verified(), all),
        percent(count.resolved(), applicable),
        percent(count.verified(), applicable),
        line.rank.map(|r| r.to_string()).unwrap_or_default(),
    ]);
    cells.extend(count.states.iter().map(ToString::to_string));
    let sums = checks.map(|c| [c.made(), c.passed, c.refused].map(|n| n.to_string()));
    cells.extend(sums.unwrap_or_default());
    cells
}

/// `GET /dashboard-matrix.csv`: one row for each assignment, or for those that a filter takes.
#[handler]
pub async fn rows(visit: Visit, Query(asked): Query<DashboardQuery>, Query(form): Query<CsvQuery>) -> Result<Response> {
    let p = visit.page("dashboard");
    let (view, as_of) = View::read(&asked, visit.ctx.now)?;
    let shown = Shown::read(&visit, view, as_of).await?;
    let head = [
        "campaign",
        "code",
        "issue",
        "province-code",
        "province",
        "team",
        "state-code",
        "state",
        "since",
        "due",
        "late",
        "covered",
        "coverable",
    ];
    let mut lines = vec![head.iter().map(|column| p.t(&format!("dashboard-column-{column}"))).collect::<Vec<_>>()];
    let rows: Vec<_> = if shown.view.overdue {
        list::rows(&shown, &shown.view)
    } else {
        let takes = |s: &&_| shown.view.takes(s, as_of.instant);
        shown.dash.standings.iter().filter(takes).collect()
    };
    for row in rows {
        let overdue = row.due(as_of.day, as_of.instant, &shown.calendar).filter(Due::is_overdue);
        let late = overdue.map_or(String::new(), |due| due.days.to_string());
        let (covered, coverable) =
            row.coverage.map_or((String::new(), String::new()), |(c, of)| (c.to_string(), of.to_string()));
        let issue = sentences::wording(&shown.dash, &row.issue).map(|o| issue_name(&p, o)).unwrap_or_default();
        lines.push(vec![
            row.campaign.clone(),
            row.issue.clone(),
            issue,
            row.province.clone(),
            shown.names.short(&p, &row.province).to_owned(),
            row.team.clone(),
            row.state.code().to_owned(),
            p.tc("state-", row.state),
            china(row.since),
            row.due_on().to_string(),
            late,
            covered,
            coverable,
        ]);
    }
    let only = |code: &Option<String>| code.clone().unwrap_or_default();
    let (issue, province) = (only(&shown.view.issue), only(&shown.view.province));
    let names = ["assignments", &campaign(&shown), &issue, &province];
    file(&visit, &p, &shown, "/dashboard-matrix.csv", Saved { form: form.form(), names: &names, lines: &lines })
}

/// `GET /issues/{code}/provinces/{province}/history.csv`: the moves of one assignment.
#[handler]
pub async fn history(
    visit: Visit,
    Path((code, province)): Path<(String, String)>,
    Query(asked): Query<DashboardQuery>,
    Query(form): Query<CsvQuery>,
) -> Result<Response> {
    let p = visit.page("dashboard");
    let (view, as_of) = View::read(&asked, visit.ctx.now)?;
    let one = assignment_history::one(visit.app.stores.main.db(), &code, &province, as_of).await?;
    let head = ["at", "act", "from", "to", "office", "role", "effective-on", "reason"];
    let mut lines = vec![head.iter().map(|column| p.t(&format!("dashboard-column-{column}"))).collect::<Vec<_>>()];
    lines.extend(one.events.iter().map(|event| {
        vec![
            china(event.at),
            p.tc("dashboard-act-", event.act),
            event.from_state.map(|s| p.tc("state-", s)).unwrap_or_default(),
            p.tc("state-", event.to_state),
            event.office.clone(),
            p.tc("dashboard-role-", event.role),
            event.effective_on.map(|d| d.to_string()).unwrap_or_default(),
            event.reason.clone(),
        ]
    }));
    let title = format!("{code} {} {}", issue_name(&p, &one.option), short_name(&p, &one.place));
    let path = format!("/issues/{code}/provinces/{province}/history.csv");
    let address = view.on(Some(as_of.day)).at(&path);
    let names = ["history", &code, &province];
    let saved = Saved { form: form.form(), names: &names, lines: &lines };
    sheet(&visit, &p, as_of, &title, &p.href(&address), saved)
}

/// The table of a file, with its form and the parts of its name.
struct Saved<'a> {
    form: CsvForm,
    names: &'a [&'a str],
    lines: &'a [Vec<String>],
}

/// Slugs of the campaigns that are shown, for the name of a file.
fn campaign(shown: &Shown) -> String {
    let slugs: Vec<&str> = shown.dash.campaigns.iter().map(|d| d.campaign.slug.as_str()).collect();
    slugs.join("-")
}

fn file(visit: &Visit, p: &Page, shown: &Shown, path: &str, saved: Saved) -> Result<Response> {
    let title = shown.title(p);
    let address = shown.view.on(Some(shown.as_of.day)).at(path);
    sheet(visit, p, shown.as_of, &title, &p.href(&address), saved)
}

/// An instant in the time zone of China, in RFC 3339, for programs.
fn china(at: chrono::DateTime<chrono::Utc>) -> String {
    at.with_timezone(&CHINA).to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
}

/// Writes a file: notes, an empty line, the table. The digest (SHA-256) covers the table alone, from its head row on, which is
/// the whole file in the form for programs.
fn sheet(visit: &Visit, p: &Page, as_of: AsOf, title: &str, address: &str, saved: Saved) -> Result<Response> {
    let mut table = CsvFile::new(CsvForm::Plain);
    for line in saved.lines {
        table.line(line);
    }
    let digest = hex::encode(Sha256::digest(table.bytes()?));
    let until = if as_of.is_past { as_of.instant } else { visit.ctx.now };
    let site = visit.app.config.public_address();
    let mut whole = CsvFile::new(saved.form);
    whole.note([titled(p, title, as_of)]);
    if p.demo {
        whole.note([p.t("layout-demo-word") + &p.t("layout-demo-text")]);
    }
    let head = |key: &str| p.t(&format!("dashboard-file-{key}"));
    whole.note([head("as-of"), as_of.day.to_string()]);
    whole.note([head("until"), china(until), moment_long(p.locale, until)]);
    whole.note([head("address"), format!("{site}{address}")]);
    whole.note([head("means"), format!("{site}{}", p.href("/definitions"))]);
    whole.note([head("digest"), digest]);
    whole.gap();
    for line in saved.lines {
        whole.line(line);
    }
    let mut response = whole.download(&file_name(saved.names, as_of.day))?;
    response.extensions_mut().insert(Cacheable);
    Ok(response)
}
