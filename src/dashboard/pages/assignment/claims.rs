//! The claims on the page of an assignment: the claim that stands, and the claims that failed a check, each with its evidence.

use entity::evidence;
use entity::stored::{AssignmentState, Move};

use crate::base::clock::day_of;
use crate::base::clock::last_day;
use crate::dashboard::pages::assignment::sections::Told;
use crate::dashboard::pages::sentences::Fact;
use crate::dashboard::queries::assignment_history;
use crate::web::dates::day_long;
use crate::web::page::Page;

/// A claim of a fix, in words.
pub struct Claim {
    /// Description of the situation before the fix.
    pub before: String,
    /// Description of the situation after the fix.
    pub after: String,
    /// Pairs of a label and a text: first day of the effect, coverage and, for a failed claim, the reason of the failure.
    pub terms: Vec<(String, String)>,
    /// Evidence files of the claim.
    pub evidence: Vec<File>,
    /// Caption with the number of files and the day of the report.
    pub evidence_caption: String,
}

/// A claim that no longer stands.
pub struct Failed {
    /// Heading with the day of the report, and with the day and kind of the move that ended the claim.
    pub heading: String,
    /// The claim as it was made.
    pub claim: Claim,
}

/// One evidence file, as far as it is public.
pub struct File {
    /// Kind of the file, determined from its content, such as `PDF`.
    pub kind: String,
    /// Day of the upload, as `YYYY-MM-DD`.
    pub day: String,
    /// Size of the file in kilobytes, rounded up.
    pub size: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

impl Told<'_> {
    /// The claim that stands.
    pub(super) fn claim(&self) -> Option<Claim> {
        self.one.claim.as_ref().map(|claim| self.told(claim))
    }

    /// The claims that failed a check or relapsed, the newest first.
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

    /// Sentence for the case that no claim stands, with the deadline.
    pub(super) fn unclaimed(&self, stands: &Fact) -> String {
        let p = self.p;
        let exempt = self.one.standing.as_ref().is_some_and(|s| s.state == AssignmentState::Exempt);
        // After an earlier report, whatever its outcome, the sentence says "not reported again".
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

/// One file without its name, because the name of a file may contain the name of a person.
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
