//! One assignment: what changed, since when, who checked it, and every step on the way. Offices are named, people never;
//! of evidence the kind, the day, the size and the digest are shown, never the file and never its name.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use entity::evidence;
use entity::stored::{AssignmentState, Move, Outcome, TermKind};
use poem::web::{Path, Query};
use poem::{Response, handler};
use std::collections::HashMap;

use super::asof::{Bar, Link, refused, titled};
use super::sentences::{self, Fact, fact};
use super::view::{Asked, View};
use crate::clock::day_of;
use crate::error::Result;
use crate::identity::extract::Visit;
use crate::programme;
use crate::supervision::figures::last_day;
use crate::supervision::queries::AsOf;
use crate::supervision::queries::changes::{Scope, around};
use crate::supervision::queries::one::{One, one};
use crate::web::dates::{day_long, moment_long};
use crate::web::page::{Page, public};
use entity::term;

#[derive(Template)]
#[template(path = "supervision/assignment.html")]
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
    plan: Option<Plan>,
    department: String,
    tests: Vec<(String, String)>,
    checks: Vec<Check>,
    requests: Vec<Request>,
    history: Vec<Event>,
    files: Vec<Link>,
}

/// How it stands.
struct Stands {
    state: &'static str,
    means: String,
    fact: Fact,
    due: String,
}

/// The report that stands.
struct Claim {
    before: String,
    after: String,
    effective: String,
    coverage: String,
    partial: bool,
    evidence: Vec<File>,
    evidence_caption: String,
}

/// One file, as far as it is public.
struct File {
    kind: String,
    day: String,
    size: String,
    sha256: String,
}

/// The plan that stands.
struct Plan {
    root_cause: String,
    remedy: String,
    milestones: Vec<(String, String)>,
}

/// A check.
struct Check {
    day: String,
    iso: String,
    team: String,
    outcome: String,
    failed: bool,
    test: String,
    findings: String,
}

/// A request to be exempted.
struct Request {
    sentence: String,
    basis: String,
    decision: String,
}

/// One step of the history.
struct Event {
    iso: String,
    at: String,
    text: String,
    who: String,
    more: Vec<String>,
}

/// What the parts are made from.
struct Told<'a> {
    p: &'a Page,
    one: &'a One,
    as_of: AsOf,
    words: HashMap<(TermKind, String), term::Model>,
    teams: HashMap<String, (String, String)>,
}

/// `GET /issues/{code}/provinces/{province}`
#[handler]
pub async fn assignment(
    visit: Visit,
    Path((code, province)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (p, now) = (visit.page("dashboard"), visit.ctx.now);
    let path = format!("/issues/{code}/provinces/{province}");
    let (view, as_of) = match View::read(&asked, now) {
        Ok(read) => read,
        Err(error) => return refused(p, &path, &asked, now, error),
    };
    let view = View {
        as_of: view.as_of,
        ..View::default()
    };
    let db = visit.app.stores.main.db();
    let one = one(db, &code, &province, as_of).await?;
    let calendar = programme::queries::calendar(db).await?;
    let around = around(db, Scope::One(one.found.assignment.id), as_of, now).await?;
    let told = Told {
        p: &p,
        one: &one,
        as_of,
        words: programme::queries::words(db).await?,
        teams: programme::queries::teams(db)
            .await?
            .into_iter()
            .map(|t| (t.code, (t.name_zh, t.name_en)))
            .collect(),
    };
    let due_on = last_day(one.found.assignment.due_at);
    let named = [
        (
            p.t("supervision-day-dispatch"),
            day_of(one.found.dispatch.at),
        ),
        (p.t("supervision-day-deadline"), due_on),
    ];
    let standing = one.standing.as_ref().map(|s| Stands {
        state: s.state.code(),
        means: p.t(&format!("state-{}-means", s.state)),
        fact: fact(&p, s.timing(as_of.day, as_of.instant, &calendar), due_on),
        due: p.tr("supervision-due", &[("day", day_long(p.locale, due_on))]),
    });
    let claim = told.claim();
    let unclaimed = match &standing {
        Some(s) if claim.is_none() => told.unclaimed(s),
        _ => String::new(),
    };
    let short = p.pick(&one.option.short_zh, &one.option.short_en);
    let name = sentences::short_name(&p, &one.place);
    let title = p.tr(
        "supervision-one-title",
        &[("place", name.to_owned()), ("title", short.to_owned())],
    );
    let page = AssignmentPage {
        issue: Link {
            text: p
                .pick(&one.option.title_zh, &one.option.title_en)
                .to_owned(),
            href: p.href(&view.elsewhere(&format!("/issues/{code}"))),
            current: false,
        },
        place: Link {
            text: p.pick(&one.place.name_zh, &one.place.name_en).to_owned(),
            href: p.href(&view.elsewhere(&format!("/provinces/{province}"))),
            current: false,
        },
        campaign: Link {
            text: p
                .pick(&one.campaign.name_zh, &one.campaign.name_en)
                .to_owned(),
            href: p.href(
                &View {
                    campaign: Some(one.campaign.slug.clone()),
                    ..view.clone()
                }
                .at("/dashboard"),
            ),
            current: false,
        },
        bar: Bar::of(&p, &path, &view, as_of, now)
            .stepping(&p, &view, around)
            .naming(&p, &view, &named),
        not_yet: p.tr(
            "supervision-not-dispatched",
            &[("day", day_long(p.locale, day_of(one.found.dispatch.at)))],
        ),
        facts: told.facts(),
        dates: told.dates(),
        plan: told.plan(),
        department: one.department().unwrap_or_default().to_owned(),
        tests: told.tests(),
        checks: told.checks(),
        requests: told.requests(),
        history: told.history(),
        files: files(&p, &path, &code, &province, as_of),
        standing,
        claim,
        unclaimed,
        p: p.clone().named(titled(&p, &title, as_of)),
        title,
        code,
    };
    public(&page)
}

fn files(p: &Page, path: &str, code: &str, province: &str, as_of: AsOf) -> Vec<Link> {
    let dated = View {
        as_of: Some(as_of.day),
        ..View::default()
    };
    [
        ("supervision-file-permanent", p.href(&dated.at(path))),
        (
            "supervision-file-history",
            p.href(&dated.at(&format!("{path}/history.csv"))),
        ),
        (
            "supervision-file-json",
            dated.at(&format!("/api/v1/assignments/{code}/{province}")),
        ),
    ]
    .into_iter()
    .map(|(key, href)| Link {
        text: p.t(key),
        href,
        current: false,
    })
    .collect()
}

impl Told<'_> {
    fn day(&self, at: DateTime<Utc>) -> String {
        day_long(self.p.locale, day_of(at))
    }

    fn word(&self, kind: TermKind, code: &str) -> String {
        self.words
            .get(&(kind, code.to_owned()))
            .map_or(code.to_owned(), |w| {
                self.p.pick(&w.name_zh, &w.name_en).to_owned()
            })
    }

    /// Facts that are not lateness: a pending request for exemption.
    fn facts(&self) -> Vec<String> {
        self.one
            .requests
            .iter()
            .filter(|r| r.decided_at.is_none_or(|at| at >= self.as_of.instant))
            .map(|r| {
                self.p
                    .tr("supervision-exemption-pending", &[("day", self.day(r.at))])
            })
            .collect()
    }

    /// The steps that stand, with their dates.
    fn dates(&self) -> Vec<(String, String, String)> {
        let m = self.one.milestones;
        [
            ("dispatched", m.dispatched),
            ("acknowledged", m.acknowledged),
            ("planned", m.planned),
            ("reported", m.reported),
            ("signed", m.signed),
            ("verified", m.verified),
        ]
        .into_iter()
        .filter_map(|(step, at)| {
            let day = day_of(at?);
            let label = self.p.t(&format!("supervision-step-{step}"));
            Some((label, day.to_string(), day_long(self.p.locale, day)))
        })
        .collect()
    }

    fn claim(&self) -> Option<Claim> {
        let (p, report) = (self.p, self.one.report.as_ref()?);
        let partial = report.covered < report.coverable;
        let (done, all) = (p.n(report.covered), p.n(report.coverable));
        let key = if partial {
            "supervision-partial"
        } else {
            "supervision-covered"
        };
        let files: Vec<File> = self.one.evidence.iter().map(|e| file(p, e)).collect();
        Some(Claim {
            before: report.before.clone(),
            after: report.after.clone(),
            effective: day_long(p.locale, report.effective_on),
            coverage: p.tr(key, &[("done", done), ("all", all)]),
            partial,
            evidence_caption: p.tr(
                "supervision-evidence-caption",
                &[("n", files.len().to_string()), ("day", self.day(report.at))],
            ),
            evidence: files,
        })
    }

    /// Why there is no claim, with the deadline.
    fn unclaimed(&self, stands: &Stands) -> String {
        let p = self.p;
        let exempt = self
            .one
            .standing
            .as_ref()
            .is_some_and(|s| s.state == AssignmentState::Exempt);
        if exempt {
            p.t("supervision-no-report-exempt")
        } else if stands.fact.code == "overdue" {
            let fact = stands.fact.long.clone();
            p.tr("supervision-no-report-late", &[("fact", fact)])
        } else {
            let due = last_day(self.one.found.assignment.due_at);
            p.tr("supervision-no-report", &[("due", day_long(p.locale, due))])
        }
    }

    fn plan(&self) -> Option<Plan> {
        let event = self.one.plan()?;
        let text = |name: &str| event.detail.get(name).and_then(|v| v.as_str());
        let milestones = event.detail.get("milestones").and_then(|v| v.as_array());
        Some(Plan {
            root_cause: self.word(TermKind::RootCause, text("root_cause")?),
            remedy: self.word(TermKind::Remedy, text("remedy")?),
            milestones: milestones
                .into_iter()
                .flatten()
                .filter_map(|m| {
                    let day: NaiveDate = m.get("day")?.as_str()?.parse().ok()?;
                    let text = m.get("text")?.as_str()?.to_owned();
                    Some((day_long(self.p.locale, day), text))
                })
                .collect(),
        })
    }

    /// What counts as fixed: the test of each remedy.
    fn tests(&self) -> Vec<(String, String)> {
        self.one
            .option
            .remedies
            .0
            .iter()
            .filter_map(|r| self.words.get(&(TermKind::Remedy, r.clone())))
            .map(|w| {
                (
                    self.p.pick(&w.name_zh, &w.name_en).to_owned(),
                    self.p.pick(&w.detail_zh, &w.detail_en).to_owned(),
                )
            })
            .filter(|(_, test)| !test.is_empty())
            .collect()
    }

    fn checks(&self) -> Vec<Check> {
        self.one
            .checks
            .iter()
            .map(|check| Check {
                day: self.day(check.at),
                iso: day_of(check.at).to_string(),
                team: self
                    .teams
                    .get(&check.team)
                    .map_or(check.team.clone(), |(zh, en)| {
                        self.p.pick(zh, en).to_owned()
                    }),
                outcome: self.p.tc("supervision-outcome-", check.outcome),
                failed: check.outcome != Outcome::Verified,
                test: check.test.clone(),
                findings: check.findings.clone(),
            })
            .collect()
    }

    fn requests(&self) -> Vec<Request> {
        let p = self.p;
        self.one
            .requests
            .iter()
            .map(|request| {
                let decided = request.decided_at.filter(|at| *at < self.as_of.instant);
                let decision = match decided {
                    None => p.t("supervision-exemption-open"),
                    Some(at) if request.refusal.is_empty() => {
                        p.tr("supervision-exemption-granted", &[("day", self.day(at))])
                    }
                    Some(at) => p.tr(
                        "supervision-exemption-refused",
                        &[("day", self.day(at)), ("reason", request.refusal.clone())],
                    ),
                };
                Request {
                    sentence: p.tr(
                        "supervision-exemption-asked",
                        &[
                            ("day", self.day(request.at)),
                            ("class", p.tc("supervision-exemption-", request.class)),
                        ],
                    ),
                    basis: request.basis.clone(),
                    decision,
                }
            })
            .collect()
    }

    /// Every move, the newest first.
    fn history(&self) -> Vec<Event> {
        let p = self.p;
        self.one
            .events
            .iter()
            .rev()
            .map(|event| {
                let mut more = Vec::new();
                if !event.reason.is_empty() {
                    more.push(event.reason.clone());
                }
                let number = |name: &str| event.detail.get(name).and_then(|v| v.as_i64());
                if let Some((done, all)) = number("covered").zip(number("coverable"))
                    && event.act == Move::Report
                {
                    more.push(p.tr("fact-partial-of", &[("done", p.n(done)), ("all", p.n(all))]));
                }
                Event {
                    iso: event
                        .at
                        .with_timezone(&crate::clock::CHINA)
                        .to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
                    at: moment_long(p.locale, event.at),
                    text: p.tr(
                        "supervision-history-step",
                        &[
                            ("act", p.tc("supervision-act-", event.act)),
                            ("to", p.tc("state-", event.to_state)),
                        ],
                    ),
                    who: p.tr(
                        "supervision-history-who",
                        &[
                            ("office", event.office.clone()),
                            ("role", p.tc("supervision-role-", event.role)),
                        ],
                    ),
                    more,
                }
            })
            .collect()
    }
}

/// One file without its name: a name may hold a person's.
fn file(p: &Page, evidence: &evidence::Model) -> File {
    let kind = match evidence.media.as_str() {
        "application/pdf" => "PDF",
        "image/jpeg" => "JPG",
        "image/png" => "PNG",
        _ => "–",
    };
    let kilobytes = (evidence.size + 1023) / 1024;
    File {
        kind: kind.to_owned(),
        day: day_of(evidence.at).to_string(),
        size: format!("{} KB", p.n(kilobytes)),
        sha256: evidence.sha256.clone(),
    }
}
