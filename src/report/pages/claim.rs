//! A report as desk pages show it: the claim, and the files that prove it.

use crate::accounts;
use entity::id::ReportId;
use entity::{evidence, report};
use sea_orm::ConnectionTrait;

use crate::base::error::Result;
use crate::base::main_store::Main;
use crate::dispatch::pages::assignment_detail::AssignmentDetail;
use crate::report::evidence::Media;
use crate::report::evidence::name::clean;
use crate::report::evidence::quota::size_of;
use crate::report::queries;
use crate::web::dates::{day_long, moment_long};
use crate::web::page::Page;

/// A report in words.
#[derive(Clone, Debug)]
pub struct Claim {
    /// How it was.
    pub before: String,
    /// What changed.
    pub after: String,
    /// Since when it works.
    pub effective: String,
    /// Covered, out of how many, and what that means.
    pub coverage: String,
    /// Whether it does not reach all.
    pub partial: bool,
    /// Who filed it.
    pub who: String,
    /// When.
    pub at: String,
    /// When it stopped standing; empty while it stands.
    pub ended: String,
    /// Its files.
    pub files: Vec<Proof>,
}

/// A file in words.
#[derive(Clone, Debug)]
pub struct Proof {
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Name as uploaded.
    pub name: String,
    /// Kind and size.
    pub about: String,
    /// Whether it is a picture, drawn anew when it came.
    pub redrawn: bool,
    /// Where it is downloaded.
    pub href: String,
    /// How many other assignments hold the same file.
    pub elsewhere: usize,
}

/// Every report of a row, the latest first.
///
/// # Errors
/// A store that fails.
pub async fn claims(store: &Main, p: &Page, row: &AssignmentDetail) -> Result<Vec<Claim>> {
    let db = store.db();
    let reports = queries::reports(db, &row.found).await?;
    let files = queries::evidence(db, &row.found).await?;
    let hashes: Vec<String> = files.iter().map(|f| f.sha256.clone()).collect();
    let elsewhere = queries::held_elsewhere(store.whole(), &row.found, &hashes).await?;
    let names = accounts::queries::names(db, reports.iter().map(|r| r.author_id)).await?;
    Ok(reports
        .iter()
        .map(|report| Claim {
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

/// The files that were put down for the report to come.
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
