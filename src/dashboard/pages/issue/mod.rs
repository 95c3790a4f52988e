//! The page of one issue: its story from an option of a questionnaire to the moves of every province. An option that was not
//! selected keeps its page, which states the reason.

mod timeline;

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::{RankingRule, TermKind, Track};
use poem::web::{Path, Query};
use poem::{Response, handler};

use self::timeline::Event;
use super::asof::{Bar, Link, refused, titled};
use super::dashboard::tables::states;
use super::embed::embed_code;
use super::names::{Names, campaign_name};
use super::sentences::{self, coverage, fact};
use super::view::{DashboardQuery, View};
use crate::base::clock::day_of;
use crate::base::clock::last_day;
use crate::base::error::Result;
use crate::dashboard::figures::{AssignmentAsOf, total};
use crate::dashboard::queries::AsOf;
use crate::dashboard::queries::changes::{Around, Scope, around};
use crate::dashboard::queries::stories::{Story, story};
use crate::page_views::{PageGroup, PageOf};
use crate::programme;
use crate::programme::calendar::Calendar;
use crate::sign_in::extract::Visit;
use crate::tally::pages::sentences::tie;
use crate::web::counted::counted;
use crate::web::dates::{beginning, closing};
use crate::web::page::Page;

#[derive(Template)]
#[template(path = "dashboard/issue.html")]
struct IssuePage {
    p: Page,
    code: String,
    title: String,
    campaign: Link,
    verdict: String,
    why_not: Vec<String>,
    bar: Bar,
    states: Vec<(&'static str, i64)>,
    all: i64,
    bar_text: String,
    tiles: Vec<Tile>,
    terms: Vec<(String, String)>,
    tests: Vec<(String, String)>,
    timeline: Vec<Event>,
    files: Vec<Link>,
    /// Markup of a frame with the progress of the issue; empty before its dispatch.
    embed: String,
}

/// The state of the issue in one province.
struct Tile {
    name: String,
    href: String,
    state: &'static str,
    fact: &'static str,
    cover: i64,
    note: String,
}

/// Data from which the parts of the page are made.
struct Told<'a> {
    p: &'a Page,
    story: &'a Story,
    as_of: AsOf,
    view: &'a View,
    names: Names,
    calendar: Calendar,
}

/// `GET /issues/{code}`: the page of one issue.
#[handler]
pub async fn issue(visit: Visit, Path(code): Path<String>, Query(asked): Query<DashboardQuery>) -> Result<Response> {
    let (p, now) = (visit.page("dashboard"), visit.ctx.now);
    let path = format!("/issues/{code}");
    let (view, as_of) = match View::read(&asked, now) {
        Ok(read) => read,
        Err(error) => return refused(p, &path, &asked, now, error),
    };
    let view = View { as_of: view.as_of, ..View::default() };
    let db = visit.app.stores.main.db();
    let story = story(db, &code, as_of).await?;
    let around = match &story.issue {
        Some(issue) => around(db, Scope::Issue(issue.id), as_of, now).await?,
        None => Around::default(),
    };
    let told = Told {
        p: &p,
        story: &story,
        as_of,
        view: &view,
        names: Names::read(db).await?,
        calendar: programme::queries::calendar(db, as_of.known()).await?,
    };
    let count = total(&story.standings, as_of.instant);
    let option = &story.option;
    let title = p.pick(&option.title_zh, &option.title_en).to_owned();
    let verdict = told.verdict();
    let described = p.tr("head-issue", &[("title", title.clone()), ("verdict", verdict.clone())]);
    let page = IssuePage {
        campaign: Link {
            text: campaign_name(&p, &story.campaign),
            href: p.href(&format!("/campaigns/{}", story.campaign.slug)),
            current: false,
        },
        why_not: told.why_not(),
        bar: told.bar(&path, around, now),
        states: states(&count),
        all: count.assignments(),
        bar_text: verdict.clone(),
        verdict,
        tiles: told.tiles(),
        terms: told.terms(),
        tests: told.names.tests(&p, option),
        timeline: told.timeline(),
        files: if story.standings.is_empty() { Vec::new() } else { told.files() },
        embed: if story.standings.is_empty() {
            String::new()
        } else {
            embed_code(&p, &visit.app.config.public_address(), &view.at(&path), &format!("{code} {title}"), 280)
        },
        p: p.clone().named(titled(&p, &format!("{code} {title}"), as_of)).described(described),
        title,
        code,
    };
    counted(&page, PageOf::new(&story.campaign.slug, PageGroup::Issues))
}

impl Told<'_> {
    fn bar(&self, path: &str, around: Around, now: DateTime<Utc>) -> Bar {
        let mut named: Vec<(String, NaiveDate)> = Vec::new();
        if let Some(dispatch) = &self.story.dispatch {
            named.push((self.p.t("dashboard-day-dispatch"), day_of(dispatch.at)));
            named.push((self.p.t("dashboard-day-deadline"), last_day(dispatch.due_at)));
        }
        Bar::of(self.p, path, self.view, self.as_of, now)
            .stepping(self.p, self.view, around)
            .naming(self.p, self.view, &named)
    }

    /// Pairs of a label and a text: root cause, remedies, departments, and the people affected.
    fn terms(&self) -> Vec<(String, String)> {
        let (p, option) = (self.p, &self.story.option);
        let words = |kind: TermKind, codes: &[String], joint: &str| {
            codes.iter().map(|c| self.names.word(p, kind, c)).collect::<Vec<_>>().join(&p.t(joint))
        };
        let lead = std::slice::from_ref(&option.lead_department);
        let cause = std::slice::from_ref(&option.root_cause);
        let (remedies, supporting) = (&option.remedies.0, &option.co_departments.0);
        let mut terms = vec![
            (p.t("dashboard-why"), words(TermKind::RootCause, cause, "dashboard-and")),
            (p.t("dashboard-how"), words(TermKind::Remedy, remedies, "dashboard-semicolon")),
            (p.t("dashboard-lead"), words(TermKind::Department, lead, "dashboard-and")),
            (p.t("dashboard-support"), words(TermKind::Department, supporting, "dashboard-and")),
            (p.t("dashboard-affected"), p.tc("dashboard-affected-", option.affected)),
        ];
        terms.retain(|(_, value)| !value.is_empty());
        terms
    }

    /// The outcome of the option so far, in one sentence.
    fn verdict(&self) -> String {
        let (p, story) = (self.p, self.story);
        let count = total(&story.standings, self.as_of.instant);
        if let Some(status) = sentences::issue_status(p, story, &count, self.as_of.day) {
            return status;
        }
        match story.ranked() {
            Some(ranked) if ranked.selected => p.t("dashboard-issue-selected"),
            Some(_) => p.t("dashboard-issue-not-selected"),
            None => self.not_decided(),
        }
    }

    /// The state of the campaign in one sentence, while the selection is not decided.
    fn not_decided(&self) -> String {
        let (p, campaign, at) = (self.p, &self.story.campaign, self.as_of.instant);
        if self.story.halted {
            p.t("dashboard-issue-halted")
        } else if at <= campaign.opens_at {
            p.tr("dashboard-issue-before", &[("day", beginning(p.locale, campaign.opens_at))])
        } else if at <= campaign.closes_at {
            p.tr("dashboard-issue-voting", &closing(p.locale, campaign.closes_at))
        } else {
            p.t("dashboard-issue-undecided")
        }
    }

    /// Sentences on the place in the ranking: for an option that was not selected, its rank and votes; and a tie, where there
    /// was one.
    fn why_not(&self) -> Vec<String> {
        let p = self.p;
        let Some(ranked) = self.story.ranked() else {
            return Vec::new();
        };
        let rule = self.story.campaign.ranking_rule;
        let mut sentences = Vec::new();
        if !ranked.selected {
            let cut = self.story.ranking.iter().filter(|r| r.selected).count();
            let key = match rule {
                RankingRule::AllVotes => "dashboard-why-not",
                RankingRule::RealNameVotes => "dashboard-why-not-real-name",
            };
            let votes = p.n(ranked.deciding(rule));
            sentences.push(p.tr(key, &[("votes", votes), ("rank", ranked.rank.to_string()), ("cut", cut.to_string())]));
        }
        let real_name = self.story.campaign.tracks.has(Track::RealName.code());
        sentences.extend(tie(p.locale, rule, &self.story.ranking, &ranked.code, real_name));
        sentences
    }

    fn tiles(&self) -> Vec<Tile> {
        let mut rows: Vec<&AssignmentAsOf> = self.story.standings.iter().collect();
        rows.sort_by_key(|s| self.names.position(&s.province));
        rows.into_iter().map(|row| self.tile(row)).collect()
    }

    fn tile(&self, row: &AssignmentAsOf) -> Tile {
        let p = self.p;
        let due = row.due(self.as_of.day, self.as_of.instant, &self.calendar);
        let fact = fact(p, due, row.due_on());
        let (cover, words) = coverage(p, row).unwrap_or((-1, String::new()));
        let path = format!("/issues/{}/provinces/{}", row.issue, row.province);
        let notes: Vec<String> = [fact.short, words].into_iter().filter(|n| !n.is_empty()).collect();
        Tile {
            name: self.place(&row.province),
            href: p.href(&self.view.elsewhere(&path)),
            state: row.state.code(),
            fact: fact.code,
            cover,
            note: notes.join(&p.t("layout-comma")),
        }
    }

    fn place(&self, code: &str) -> String {
        self.names.short(self.p, code).to_owned()
    }

    fn files(&self) -> Vec<Link> {
        let code = &self.story.option.code;
        let view = View {
            as_of: Some(self.as_of.day),
            campaign: Some(self.story.campaign.slug.clone()),
            issue: Some(code.clone()),
            ..View::default()
        };
        [
            ("dashboard-file-rows", self.p.href(&view.at("/dashboard-matrix.csv"))),
            ("dashboard-file-json", view.at("/api/v1/assignments")),
        ]
        .into_iter()
        .map(|(key, href)| Link { text: self.p.t(key), href, current: false })
        .collect()
    }
}
