//! The parts of an assignment's page beside its claims: plan, checks, requests, history.

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::{Move, Outcome, TermKind};

use crate::base::clock::{CHINA, day_of};
use crate::dashboard::pages::names::Names;
use crate::dashboard::queries::AsOf;
use crate::dashboard::queries::assignment_history::One;
use crate::report::claim::Coverage;
use crate::web::dates::{day_long, day_short, moment_long};
use crate::web::page::Page;

/// The plan that stands.
pub struct Plan {
    /// Why it blocks there.
    pub root_cause: String,
    /// What will be done.
    pub remedy: String,
    /// In words.
    pub description: String,
    /// By when what stands.
    pub milestones: Vec<(String, String)>,
}

/// A check.
pub struct Check {
    /// When.
    pub day: String,
    /// The day, for programs.
    pub iso: String,
    /// By whom.
    pub team: String,
    /// Whether it holds.
    pub outcome: String,
    /// Whether it does not.
    pub failed: bool,
    /// What was tried.
    pub test: String,
    /// What was seen.
    pub findings: String,
}

/// A request to be exempted.
pub struct Request {
    /// When, and of which class.
    pub sentence: String,
    /// Why, in words.
    pub basis: String,
    /// What was decided.
    pub decision: String,
}

/// One step of the history.
pub struct Event {
    /// The day, for programs.
    pub iso: String,
    /// When.
    pub at: String,
    /// What.
    pub text: String,
    /// Which office, in which role.
    pub who: String,
    /// What it brought.
    pub more: Vec<String>,
}

/// What the parts are made from.
pub(super) struct Told<'a> {
    pub(super) p: &'a Page,
    pub(super) one: &'a One,
    pub(super) as_of: AsOf,
    pub(super) names: Names,
}

impl Told<'_> {
    pub(super) fn day(&self, at: DateTime<Utc>) -> String {
        day_long(self.p.locale, day_of(at))
    }

    /// Facts that are not lateness: a pending request for exemption.
    pub(super) fn facts(&self) -> Vec<String> {
        self.one
            .requests
            .iter()
            .filter(|r| r.decided_at.is_none_or(|at| at >= self.as_of.instant))
            .map(|r| self.p.tr("dashboard-exemption-pending", &[("day", self.day(r.at))]))
            .collect()
    }

    /// The steps that stand, with their dates.
    pub(super) fn dates(&self) -> Vec<(String, String, String)> {
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
            let label = self.p.t(&format!("dashboard-step-{step}"));
            Some((label, day.to_string(), day_short(self.p.locale, day)))
        })
        .collect()
    }

    pub(super) fn plan(&self) -> Option<Plan> {
        let event = self.one.plan()?;
        let text = |name: &str| event.detail.get(name).and_then(|v| v.as_str());
        let milestones = event.detail.get("milestones").and_then(|v| v.as_array());
        Some(Plan {
            root_cause: self.names.word(self.p, TermKind::RootCause, text("root_cause")?),
            remedy: self.names.word(self.p, TermKind::Remedy, text("remedy")?),
            description: text("description").unwrap_or_default().to_owned(),
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

    pub(super) fn checks(&self) -> Vec<Check> {
        self.one
            .checks
            .iter()
            .map(|check| Check {
                day: self.day(check.at),
                iso: day_of(check.at).to_string(),
                team: self.names.team(self.p, &check.team),
                outcome: self.p.tc("dashboard-outcome-", check.outcome),
                failed: check.outcome != Outcome::Verified,
                test: check.test.clone(),
                findings: check.findings.clone(),
            })
            .collect()
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        let p = self.p;
        self.one
            .requests
            .iter()
            .map(|request| {
                let decided = request.decided_at.filter(|at| *at < self.as_of.instant);
                let decision = match decided {
                    None => p.t("dashboard-exemption-open"),
                    Some(at) if request.refusal.is_empty() => {
                        p.tr("dashboard-exemption-granted", &[("day", self.day(at))])
                    }
                    Some(at) => p.tr(
                        "dashboard-exemption-refused",
                        &[("day", self.day(at)), ("reason", request.refusal.clone())],
                    ),
                };
                Request {
                    sentence: p.tr(
                        "dashboard-exemption-asked",
                        &[("day", self.day(request.at)), ("class", p.tc("dashboard-exemption-", request.class))],
                    ),
                    basis: request.basis.clone(),
                    decision,
                }
            })
            .collect()
    }

    /// Every move, the newest first.
    pub(super) fn history(&self) -> Vec<Event> {
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
                if event.act == Move::Report
                    && let Some(of) = Coverage::stated(&event.detail)
                {
                    let counts = [("done", p.n(i64::from(of.covered))), ("all", p.n(i64::from(of.coverable)))];
                    more.push(p.tr("fact-partial-of", &counts));
                }
                Event {
                    iso: event.at.with_timezone(&CHINA).to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
                    at: moment_long(p.locale, event.at),
                    text: p.tr(
                        "dashboard-history-step",
                        &[("act", p.tc("dashboard-act-", event.act)), ("to", p.tc("state-", event.to_state))],
                    ),
                    who: p.tr(
                        "dashboard-history-who",
                        &[("office", event.office.clone()), ("role", p.tc("dashboard-role-", event.role))],
                    ),
                    more,
                }
            })
            .collect()
    }
}
