//! The parts of an assignment's page besides its claims: plan, checks, requests for exemption, history.

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::{Move, Outcome, TermKind};

use crate::base::clock::{CHINA, day_of};
use crate::dashboard::pages::names::Names;
use crate::dashboard::queries::AsOf;
use crate::dashboard::queries::assignment_history::One;
use crate::report::claim::Coverage;
use crate::web::dates::{day_long, day_short, moment_long};
use crate::web::page::Page;

/// The plan that stands, in words.
pub struct Plan {
    /// Root cause of the blockage in the province.
    pub root_cause: String,
    /// Remedy that the province will apply.
    pub remedy: String,
    /// Description of the plan, as the province wrote it.
    pub description: String,
    /// Milestones of the plan: day and text.
    pub milestones: Vec<(String, String)>,
}

/// A check by a supervision team, in words.
pub struct Check {
    /// Day of the check, in words.
    pub day: String,
    /// Day of the check as `YYYY-MM-DD`, for programs.
    pub iso: String,
    /// Name of the supervision team that checked.
    pub team: String,
    /// Outcome of the check, in words.
    pub outcome: String,
    /// Whether the claim failed the check.
    pub failed: bool,
    /// Test that the team made.
    pub test: String,
    /// Findings of the team.
    pub findings: String,
}

/// A request for exemption, in words.
pub struct Request {
    /// Sentence with the day and the class of the request.
    pub sentence: String,
    /// Reason for the request, as the province wrote it.
    pub basis: String,
    /// Sentence with the decision.
    pub decision: String,
}

/// One step of the history.
pub struct Event {
    /// Instant of the step with its zone, in RFC 3339, for programs.
    pub iso: String,
    /// Instant of the step, in words.
    pub at: String,
    /// Kind of the move, and the state after it.
    pub text: String,
    /// Office that made the move, with the role.
    pub who: String,
    /// Reason of the move and, for a report, the coverage.
    pub more: Vec<String>,
}

/// Data from which the parts of the page are made.
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

    /// Facts other than lateness: pending requests for exemption.
    pub(super) fn facts(&self) -> Vec<String> {
        self.one
            .requests
            .iter()
            .filter(|r| r.decided_at.is_none_or(|at| at >= self.as_of.instant))
            .map(|r| self.p.tr("dashboard-exemption-pending", &[("day", self.day(r.at))]))
            .collect()
    }

    /// The steps that stand: label, day for programs, day in words.
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
