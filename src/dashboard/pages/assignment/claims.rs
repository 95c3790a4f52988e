//! The claims of an assignment's page: the one that stands, and those that a check refused, each with its proof.

use crate::base::clock::last_day;
use entity::evidence;
use entity::stored::{AssignmentState, Move};

use crate::base::clock::day_of;
use crate::dashboard::pages::assignment::sections::Told;
use crate::dashboard::pages::sentences::Fact;
use crate::dashboard::queries::assignment_history;
use crate::web::dates::day_long;
use crate::web::page::Page;

/// A claim.
pub struct Claim {
    /// How it was.
    pub before: String,
    /// How it is.
    pub after: String,
    /// Since when, how far it reaches, and why it fell where it did: what is said, and the words.
    pub terms: Vec<(String, String)>,
    /// What proves it.
    pub evidence: Vec<File>,
    /// How many files, filed when.
    pub evidence_caption: String,
}

/// A claim that no longer stands.
pub struct Failed {
    /// When it was filed, and when and how it fell.
    pub heading: String,
    /// What was claimed.
    pub claim: Claim,
}

/// One file, as far as it is public.
pub struct File {
    /// Kind by content.
    pub kind: String,
    /// When.
    pub day: String,
    /// Kilobytes.
    pub size: String,
    /// Digest.
    pub sha256: String,
}

impl Told<'_> {
    /// The claim that stands.
    pub(super) fn claim(&self) -> Option<Claim> {
        self.one.claim.as_ref().map(|claim| self.told(claim))
    }

    /// Claims that failed a check or relapsed, the newest first.
    pub(super) fn failed(&self) -> Vec<Failed> {
        self.one.failed.iter().filter_map(|claim| self.fallen(claim)).collect()
    }

    fn fallen(&self, claim: &assignment_history::Claim) -> Option<Failed> {
        let (p, end) = (self.p, claim.end.as_ref()?);
        let team = self.names.team(p, claim.failed_by());
        let mut told = self.told(claim);
        told.terms.push((
            p.tc("dashboard-failed-why-", end.act),
            p.tr("dashboard-failed-found", &[("team", team), ("finding", end.reason.clone())]),
        ));
        let mut days = vec![("day", self.day(claim.report.at)), ("end", self.day(end.at))];
        days.extend(claim.verified_at.map(|at| ("checked", self.day(at))));
        Some(Failed { heading: p.tr(&format!("dashboard-failed-{}", end.act), &days), claim: told })
    }

    fn told(&self, claim: &assignment_history::Claim) -> Claim {
        let (p, report) = (self.p, &claim.report);
        let partial = report.covered < report.coverable;
        let (done, all) = (p.n(report.covered), p.n(report.coverable));
        let key = if partial { "dashboard-partial" } else { "dashboard-covered" };
        let files: Vec<File> = claim.evidence.iter().map(|e| file(p, e)).collect();
        Claim {
            before: report.before.clone(),
            after: report.after.clone(),
            terms: vec![
                (p.t("dashboard-effective"), day_long(p.locale, report.effective_on)),
                (p.t("dashboard-coverage"), p.tr(key, &[("done", done), ("all", all)])),
            ],
            evidence_caption: p
                .tr("dashboard-evidence-caption", &[("n", files.len().to_string()), ("day", self.day(report.at))]),
            evidence: files,
        }
    }

    /// Why no claim stands, with the deadline.
    pub(super) fn unclaimed(&self, stands: &Fact) -> String {
        let p = self.p;
        let exempt = self.one.standing.as_ref().is_some_and(|s| s.state == AssignmentState::Exempt);
        // Somebody who reported before, whatever became of it, has not reported anew.
        let anew = self.one.events.iter().any(|e| e.act == Move::Report);
        if exempt {
            p.t("dashboard-no-report-exempt")
        } else if stands.code == "overdue" {
            let fact = [("fact", stands.long.clone())];
            if anew { p.tr("dashboard-no-report-anew-late", &fact) } else { p.tr("dashboard-no-report-late", &fact) }
        } else {
            let due = [("due", day_long(p.locale, last_day(self.one.found.assignment.due_at)))];
            if anew { p.tr("dashboard-no-report-anew", &due) } else { p.tr("dashboard-no-report", &due) }
        }
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
