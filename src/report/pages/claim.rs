//! A report as desk pages show it: the claim, and its evidence files.

use entity::id::ReportId;
use entity::{evidence, report};
use sea_orm::ConnectionTrait;

use crate::accounts;
use crate::base::error::Result;
use crate::base::main_store::Main;
use crate::dispatch::pages::assignment_detail::AssignmentDetail;
use crate::report::evidence::Media;
use crate::report::evidence::name::clean;
use crate::report::evidence::quota::size_of;
use crate::report::queries;
use crate::web::dates::{day_long, moment_long};
use crate::web::page::Page;

/// One report in words.
#[derive(Clone, Debug)]
pub struct ClaimInWords {
    /// Situation before the change.
    pub before: String,
    /// Change that was made.
    pub after: String,
    /// Day since which the fix works, in words.
    pub effective: String,
    /// Coverage as a sentence: units covered, units in all, and the consequence.
    pub coverage: String,
    /// Whether the report covers only a part.
    pub partial: bool,
    /// Name of the person who filed the report.
    pub who: String,
    /// Time of the report, in words.
    pub at: String,
    /// Time at which the report was withdrawn, in words; empty while the report stands.
    pub ended: String,
    /// Evidence files of the report.
    pub files: Vec<Proof>,
}

/// One evidence file in words.
#[derive(Clone, Debug)]
pub struct Proof {
    /// SHA-256 of the stored content, hexadecimal.
    pub sha256: String,
    /// Name of the file as uploaded, made harmless.
    pub name: String,
    /// Kind and size of the file, in words.
    pub about: String,
    /// Whether the file is a picture, which was re-encoded at the upload.
    pub redrawn: bool,
    /// Address of the download.
    pub href: String,
    /// Number of other assignments that hold the same file.
    pub elsewhere: usize,
}

/// Every report of an assignment, the latest first.
///
/// # Errors
/// A store that fails.
pub async fn claims(store: &Main, p: &Page, row: &AssignmentDetail) -> Result<Vec<ClaimInWords>> {
    let db = store.db();
    let reports = queries::reports(db, &row.found).await?;
    let files = queries::evidence(db, &row.found).await?;
    let hashes: Vec<String> = files.iter().map(|f| f.sha256.clone()).collect();
    let elsewhere = queries::held_elsewhere(store.whole(), &row.found, &hashes).await?;
    let names = accounts::queries::names(db, reports.iter().map(|r| r.author_id)).await?;
    Ok(reports
        .iter()
        .map(|report| ClaimInWords {
            before: report.before.clone(),
            after: report.after.clone(),
            effective: day_long(p.locale, report.effective_on),
            coverage: coverage(p, report),
            partial: report.covered < report.coverable,
            who: names.get(&report.author_id).cloned().unwrap_or_default(),
            at: moment_long(p.locale, report.at),
            ended: report.withdrawn_at.map(|at| moment_long(p.locale, at)).unwrap_or_default(),
            files: of(p, row, &files, Some(report.id), &elsewhere),
        })
        .collect())
}

/// The files that were uploaded for a report that is not filed yet.
///
/// # Errors
/// A store that fails.
pub async fn drafts(db: &impl ConnectionTrait, p: &Page, row: &AssignmentDetail) -> Result<Vec<Proof>> {
    let files = queries::evidence(db, &row.found).await?;
    Ok(of(p, row, &files, None, &Default::default()))
}

fn of(
    p: &Page,
    row: &AssignmentDetail,
    files: &[evidence::Model],
    report: Option<ReportId>,
    elsewhere: &std::collections::HashMap<String, usize>,
) -> Vec<Proof> {
    files
        .iter()
        .filter(|file| file.report_id == report)
        .map(|file| Proof {
            sha256: file.sha256.clone(),
            name: clean(&file.name),
            about: format!("{} {}", kind(&file.media), size_of(file.size)),
            redrawn: Media::of_mime(&file.media).is_some_and(Media::is_picture),
            href: p.href(&format!("{}/evidence/{}", row.href(), file.sha256)),
            elsewhere: elsewhere.get(&file.sha256).copied().unwrap_or_default(),
        })
        .collect()
}

fn coverage(p: &Page, report: &report::Model) -> String {
    let args = [("done", report.covered.to_string()), ("all", report.coverable.to_string())];
    if report.covered < report.coverable {
        p.tr("report-coverage-partial", &args)
    } else {
        p.tr("report-coverage-all", &args)
    }
}

fn kind(media: &str) -> &'static str {
    match media {
        "application/pdf" => "PDF",
        "image/jpeg" => "JPG",
        _ => "PNG",
    }
}
