//! The story of one issue: from the line of a questionnaire to what every province did. An option that was not selected
//! keeps its page, which says why.

use std::collections::HashMap;

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use entity::place;
use entity::stored::{AssignmentState, Move, TermKind};
use poem::web::{Path, Query};
use poem::{Response, handler};

use super::asof::{Bar, Link, refused, titled};
use super::dashboard::tables::states;
use super::sentences::{self, coverage, fact};
use super::view::{Asked, View};
use crate::campaign::phase::Phase;
use crate::clock::day_of;
use crate::error::Result;
use crate::identity::extract::Visit;
use crate::programme;
use crate::programme::calendar::Calendar;
use crate::supervision::figures::{Standing, last_day, total};
use crate::supervision::queries::AsOf;
use crate::supervision::queries::changes::{Around, Scope, around};
use crate::supervision::queries::stories::{Step, Story, story};
use crate::tally::ranking::{Ranked, Step as TieStep};
use crate::web::dates::day_long;
use crate::web::page::{Page, public};

#[derive(Template)]
#[template(path = "supervision/issue.html")]
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
}

/// One province.
struct Tile {
    name: String,
    href: String,
    state: &'static str,
    fact: &'static str,
    cover: i64,
    note: String,
}

/// One entry of the timeline.
struct Event {
    iso: String,
    day: String,
    text: String,
    who: String,
}

/// What the parts are made from.
struct Told<'a> {
    p: &'a Page,
    story: &'a Story,
    as_of: AsOf,
    view: &'a View,
    places: HashMap<String, place::Model>,
    calendar: Calendar,
}

/// `GET /issues/{code}`
#[handler]
pub async fn issue(
    visit: Visit,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (p, now) = (visit.page("dashboard"), visit.ctx.now);
    let path = format!("/issues/{code}");
    let (view, as_of) = match View::read(&asked, now) {
        Ok(read) => read,
        Err(error) => return refused(p, &path, &asked, now, error),
    };
    let view = View {
        as_of: view.as_of,
        ..View::default()
    };
    let db = visit.app.stores.main.db();
    let story = story(db, &code, as_of).await?;
    let words = programme::queries::words(db).await?;
    let around = match &story.issue {
        Some(issue) => around(db, Scope::Issue(issue.id), as_of, now).await?,
        None => Around::default(),
    };
    let told = Told {
        p: &p,
        story: &story,
        as_of,
        view: &view,
        places: programme::queries::places(db)
            .await?
            .into_iter()
            .map(|q| (q.code.clone(), q))
            .collect(),
        calendar: programme::queries::calendar(db).await?,
    };
    let count = total(&story.standings, as_of.instant);
    let option = &story.option;
    let title = p.pick(&option.title_zh, &option.title_en).to_owned();
    let word = |kind: TermKind, code: &str| {
        words
            .get(&(kind, code.to_owned()))
            .map_or(code.to_owned(), |w| {
                p.pick(&w.name_zh, &w.name_en).to_owned()
            })
    };
    let mut departments = vec![word(TermKind::Department, &option.lead_department)];
    departments.extend(
        option
            .co_departments
            .0
            .iter()
            .map(|c| word(TermKind::Department, c)),
    );
    let (lead, supporting) = departments.split_at(1);
    let mut terms = vec![
        (
            p.t("supervision-why"),
            word(TermKind::RootCause, &option.root_cause),
        ),
        (
            p.t("supervision-how"),
            option
                .remedies
                .0
                .iter()
                .map(|r| word(TermKind::Remedy, r))
                .collect::<Vec<_>>()
                .join(&p.t("supervision-semicolon")),
        ),
        (p.t("supervision-lead"), lead.concat()),
        (
            p.t("supervision-support"),
            supporting.join(&p.t("supervision-and")),
        ),
        (
            p.t("supervision-affected"),
            p.tc("supervision-affected-", option.affected),
        ),
    ];
    terms.retain(|(_, value)| !value.is_empty());
    let tests = option
        .remedies
        .0
        .iter()
        .filter_map(|r| words.get(&(TermKind::Remedy, r.clone())))
        .map(|w| {
            (
                p.pick(&w.name_zh, &w.name_en).to_owned(),
                p.pick(&w.detail_zh, &w.detail_en).to_owned(),
            )
        })
        .filter(|(_, test)| !test.is_empty())
        .collect();
    let verdict = told.verdict();
    let page = IssuePage {
        campaign: Link {
            text: p
                .pick(&story.campaign.name_zh, &story.campaign.name_en)
                .to_owned(),
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
        terms,
        tests,
        timeline: told.timeline(),
        files: if story.standings.is_empty() {
            Vec::new()
        } else {
            told.files()
        },
        p: p.clone()
            .named(titled(&p, &format!("{code} {title}"), as_of)),
        title,
        code,
    };
    public(&page)
}

impl Told<'_> {
    fn bar(&self, path: &str, around: Around, now: DateTime<Utc>) -> Bar {
        let mut named: Vec<(String, NaiveDate)> = Vec::new();
        if let Some(dispatch) = &self.story.dispatch {
            named.push((self.p.t("supervision-day-dispatch"), day_of(dispatch.at)));
            named.push((
                self.p.t("supervision-day-deadline"),
                last_day(dispatch.due_at),
            ));
        }
        Bar::of(self.p, path, self.view, self.as_of, now)
            .stepping(self.p, self.view, around)
            .naming(self.p, self.view, &named)
    }

    /// What became of it, in one sentence.
    fn verdict(&self) -> String {
        let (p, story) = (self.p, self.story);
        if let Some(dispatch) = &story.dispatch
            && story.issue.is_some()
        {
            let count = total(&story.standings, self.as_of.instant);
            let reported = count.of(AssignmentState::Reported);
            let age = (self.as_of.day - day_of(dispatch.at)).num_days();
            return sentences::issue_status(p, &count, reported, age);
        }
        match story.ranked() {
            Some(ranked) if ranked.selected => p.t("supervision-issue-selected"),
            Some(_) => p.t("supervision-issue-not-selected"),
            None => self.not_decided(),
        }
    }

    /// Where the campaign stands, while nothing was decided.
    fn not_decided(&self) -> String {
        let (p, campaign, at) = (self.p, &self.story.campaign, self.as_of.instant);
        let day = |at: DateTime<Utc>| {
            day_long(
                p.locale,
                at.with_timezone(&crate::clock::CHINA).date_naive(),
            )
        };
        let halted = matches!(Phase::of(campaign, at), Phase::Suspended | Phase::Cancelled);
        if halted {
            p.t("supervision-issue-halted")
        } else if at <= campaign.opens_at {
            p.tr(
                "supervision-issue-before",
                &[("day", day(campaign.opens_at))],
            )
        } else if at <= campaign.closes_at {
            let last = day_long(p.locale, last_day(campaign.closes_at));
            p.tr("supervision-issue-voting", &[("day", last)])
        } else {
            p.t("supervision-issue-undecided")
        }
    }

    /// Why it was not selected: rank, votes, and the tie where there was one.
    fn why_not(&self) -> Vec<String> {
        let p = self.p;
        let Some(ranked) = self.story.ranked() else {
            return Vec::new();
        };
        let mut sentences = Vec::new();
        if !ranked.selected {
            let cut = self.story.ranking.iter().filter(|r| r.selected).count();
            sentences.push(p.tr(
                "supervision-why-not",
                &[
                    ("votes", p.n(ranked.votes)),
                    ("rank", ranked.rank.to_string()),
                    ("cut", cut.to_string()),
                ],
            ));
        }
        sentences.extend(tie(p, &self.story.ranking, ranked));
        sentences
    }

    fn tiles(&self) -> Vec<Tile> {
        let mut rows: Vec<&Standing> = self.story.standings.iter().collect();
        rows.sort_by_key(|s| self.places.get(&s.province).map(|q| q.position));
        rows.into_iter().map(|row| self.tile(row)).collect()
    }

    fn tile(&self, row: &Standing) -> Tile {
        let p = self.p;
        let timing = row.timing(self.as_of.day, self.as_of.instant, &self.calendar);
        let fact = fact(p, timing, row.due_on());
        let (cover, words) = coverage(p, row).unwrap_or((-1, String::new()));
        let path = format!("/issues/{}/provinces/{}", row.issue, row.province);
        let notes: Vec<String> = [fact.short, words]
            .into_iter()
            .filter(|n| !n.is_empty())
            .collect();
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
        self.places.get(code).map_or(code.to_owned(), |q| {
            sentences::short_name(self.p, q).to_owned()
        })
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
            (
                "supervision-file-rows",
                self.p.href(&view.at("/dashboard-matrix.csv")),
            ),
            ("supervision-file-json", view.at("/api/v1/assignments")),
        ]
        .into_iter()
        .map(|(key, href)| Link {
            text: self.p.t(key),
            href,
            current: false,
        })
        .collect()
    }

    /// From proposal to today, oldest first.
    fn timeline(&self) -> Vec<Event> {
        let (p, story, before) = (self.p, self.story, self.as_of.instant);
        let campaign = &story.campaign;
        let mut events = Vec::new();
        let mut add = |at: DateTime<Utc>, text: String, who: String| {
            if at < before {
                let day = day_of(at);
                events.push(Event {
                    iso: day.to_string(),
                    day: day_long(p.locale, day),
                    text,
                    who,
                });
            }
        };
        if let Some(at) = campaign.published_at {
            let by = p.tc("supervision-proposed-by-", story.option.proposed_by);
            let no = story.option.ballot_no.to_string();
            add(
                at,
                p.tr("supervision-event-proposed", &[("by", by), ("no", no)]),
                String::new(),
            );
        }
        if let (Some(tally), Some(ranked)) = (&story.tally, story.ranked()) {
            let text = p.tr(
                "supervision-event-votes",
                &[
                    ("votes", p.n(ranked.votes)),
                    ("real", p.n(ranked.votes_real_name)),
                    ("ballots", p.n(tally.ballots)),
                    ("rank", ranked.rank.to_string()),
                ],
            );
            add(
                campaign.closes_at - chrono::TimeDelta::microseconds(1),
                text,
                String::new(),
            );
        }
        if let Some(at) = story.selection.as_ref().and_then(|s| s.second_at)
            && let Some(ranked) = story.ranked()
        {
            let key = if ranked.selected {
                "supervision-event-selected"
            } else {
                "supervision-event-not-selected"
            };
            add(at, p.t(key), String::new());
        }
        if let (Some(dispatch), Some(_)) = (&story.dispatch, &story.issue) {
            let due = day_long(p.locale, last_day(dispatch.due_at));
            let n = story.standings.len().to_string();
            add(
                dispatch.at,
                p.tr("supervision-event-dispatch", &[("n", n), ("due", due)]),
                String::new(),
            );
        }
        for steps in story.steps.chunk_by(|a, b| day_of(a.at) == day_of(b.at)) {
            self.day(steps, &mut add);
        }
        events
    }

    /// One day of many provinces: claims and checks counted, what failed told one by one.
    fn day(&self, steps: &[Step], add: &mut impl FnMut(DateTime<Utc>, String, String)) {
        let p = self.p;
        let Some(last) = steps.last() else { return };
        let counted: Vec<String> = [
            (Move::Report, "supervision-day-reports"),
            (Move::Signature, "supervision-day-signatures"),
            (Move::Verification, "supervision-day-verifications"),
            (Move::SendingBack, "supervision-day-sendings-back"),
            (Move::Withdrawal, "supervision-day-withdrawals"),
        ]
        .into_iter()
        .filter_map(|(act, key)| {
            let places: Vec<String> = steps
                .iter()
                .filter(|s| s.act == act)
                .map(|s| self.place(&s.province))
                .collect();
            self.several(key, &places)
        })
        .collect();
        if !counted.is_empty() {
            add(
                last.at,
                counted.join(&p.t("supervision-semicolon")),
                String::new(),
            );
        }
        for step in steps {
            let key = match step.act {
                Move::Rejection | Move::Relapse | Move::Return | Move::Ruling | Move::Exemption => {
                    p.tc("supervision-act-", step.act)
                }
                _ => continue,
            };
            let text = p.tr(
                "supervision-event-one",
                &[
                    ("place", self.place(&step.province)),
                    ("act", key),
                    ("reason", step.reason.clone()),
                ],
            );
            add(step.at, text, step.office.clone());
        }
    }

    /// How many provinces, named where they are few.
    fn several(&self, key: &str, places: &[String]) -> Option<String> {
        const NAMED: usize = 4;
        let p = self.p;
        let names = match places.len() {
            0 => return None,
            n if n <= NAMED => p.tr(
                "supervision-named",
                &[("names", places.join(&p.t("supervision-and")))],
            ),
            _ => String::new(),
        };
        let n = places.len().to_string();
        Some(p.tr(key, &[("n", n), ("names", names)]))
    }
}

/// How a tie was broken.
fn tie(p: &Page, ranking: &[Ranked], ranked: &Ranked) -> Option<String> {
    let tie = ranked.tie.as_ref()?;
    let rivals: Vec<&Ranked> = ranking
        .iter()
        .filter(|r| tie.with.contains(&r.code))
        .collect();
    let real: Vec<String> = rivals.iter().map(|r| p.n(r.votes_real_name)).collect();
    let key = match tie.step {
        TieStep::RealName => "supervision-tie-real-name",
        TieStep::BallotNumber => "supervision-tie-number",
    };
    Some(p.tr(
        key,
        &[
            ("votes", p.n(ranked.votes)),
            ("rivals", tie.with.join(&p.t("supervision-and"))),
            ("own", p.n(ranked.votes_real_name)),
            ("theirs", real.join(&p.t("supervision-and"))),
            ("rank", ranked.rank.to_string()),
        ],
    ))
}
