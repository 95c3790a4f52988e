//! The matrix: one mark for each issue in each province. Rows and columns keep their order, so that readers find a province
//! at the same place.

use std::collections::HashMap;

use super::shown::{Shown, caption_day};
use crate::dashboard::figures::{AssignmentAsOf, Count};
use crate::dashboard::pages::names::{campaign_name, issue_name};
use crate::dashboard::pages::sentences::{coverage, fact};
use crate::dashboard::queries::Dispatched;
use crate::web::page::Page;

/// The matrix of one campaign.
pub struct Matrix {
    /// HTML id of the matrix.
    pub id: String,
    /// HTML id of the element after the matrix.
    pub after: String,
    /// Heading with the number of issues and of provinces.
    pub heading: String,
    /// Caption with the campaign, the as-of day and the order.
    pub caption: String,
    /// Whether the rows are provinces instead of issues.
    pub turned: bool,
    /// Text above the row heads.
    pub corner: String,
    /// Heads of the columns.
    pub heads: Vec<Head>,
    /// Number of columns after a slash, such as `/31`.
    pub of: String,
    /// Rows of the matrix.
    pub rows: Vec<MatrixRow>,
    /// Text before the sums of the columns.
    pub foot: String,
    /// Number of resolved assignments of each column.
    pub sums: Vec<String>,
    /// Number of resolved assignments of the whole matrix.
    pub resolved: String,
    /// Number of verified assignments of the whole matrix.
    pub verified: String,
}

/// The head of a column.
pub struct Head {
    /// Short name, of two or three characters.
    pub short: String,
    /// Full name; empty where `short` is the full name.
    pub full: String,
    /// Address of the page of the issue or province.
    pub href: String,
}

/// One row of the matrix.
pub struct MatrixRow {
    /// Code of the issue; empty for a province.
    pub code: String,
    /// Short name of the issue or province.
    pub name: String,
    /// Address of the page of the issue or province.
    pub href: String,
    /// Cells of the row, one for each column; none where nothing was dispatched.
    pub cells: Vec<Option<Cell>>,
    /// Number of resolved assignments of this row.
    pub resolved: i64,
    /// Number of verified assignments of this row.
    pub verified: i64,
}

/// One cell of the matrix: an assignment.
pub struct Cell {
    /// Address of the assignment's page.
    pub href: String,
    /// Short name of the column.
    pub name: String,
    /// Full name of a province whose short name is only letters; empty otherwise.
    pub full: String,
    /// Code of the assignment's state.
    pub state: &'static str,
    /// Lateness and partial coverage, in words.
    pub note: String,
    /// Code of the lateness: `overdue`, `due-soon` or empty.
    pub fact: &'static str,
    /// Partial coverage in percent; -1 where the coverage is full or not claimed.
    pub cover: i64,
    /// Whether the filter takes the assignment; false without a filter.
    pub hit: bool,
}

/// An issue or a province, as a row or a column.
struct Axis {
    code: String,
    short: String,
    name: String,
    href: String,
}

impl Matrix {
    /// The matrix of the campaign that was dispatched last; none where none was. A page has one matrix, so that the legend counts its
    /// marks.
    pub fn newest(p: &Page, shown: &Shown) -> Option<Self> {
        shown.dash.campaigns.last().map(|newest| Self::of(p, shown, newest))
    }

    fn of(p: &Page, shown: &Shown, campaign: &Dispatched) -> Self {
        let slug = &campaign.campaign.slug;
        let cells: HashMap<(&str, &str), &AssignmentAsOf> = shown
            .dash
            .standings
            .iter()
            .filter(|s| s.campaign == *slug)
            .map(|s| ((s.issue.as_str(), s.province.as_str()), s))
            .collect();
        let turned = shown.view.turned;
        let issues = issues(p, shown, campaign);
        let provinces = provinces(p, shown, &cells);
        let name = campaign_name(p, &campaign.campaign);
        let heading = p.tr(
            if shown.dash.campaigns.len() > 1 { "dashboard-matrix-of" } else { "dashboard-matrix" },
            &[("name", name.clone()), ("issues", issues.len().to_string()), ("provinces", provinces.len().to_string())],
        );
        let (lines, columns) = if turned { (provinces, issues) } else { (issues, provinces) };
        let at = |line: &Axis, column: &Axis| {
            let key = if turned {
                (column.code.as_str(), line.code.as_str())
            } else {
                (line.code.as_str(), column.code.as_str())
            };
            cells.get(&key).copied()
        };
        let mut rows: Vec<(Count, MatrixRow)> =
            lines.iter().map(|line| row(p, shown, line, &columns, |column| at(line, column))).collect();
        if shown.view.worst_first {
            rows.sort_by(|a, b| a.0.against(&b.0));
        }
        let sums = columns
            .iter()
            .map(|column| {
                let resolved = |line: &&Axis| at(line, column).is_some_and(|s| s.state.is_resolved());
                lines.iter().filter(resolved).count().to_string()
            })
            .collect();
        let key = match (turned, shown.view.worst_first) {
            (false, false) => "dashboard-caption",
            (false, true) => "dashboard-caption-worst",
            (true, false) => "dashboard-caption-turned",
            (true, true) => "dashboard-caption-turned-worst",
        };
        let caption = p.tr(key, &[("name", name.clone()), ("day", caption_day(p, shown.as_of))]);
        let total = |f: fn(&MatrixRow) -> i64| p.n(rows.iter().map(|(_, r)| f(r)).sum::<i64>());
        Self {
            id: format!("matrix-{slug}"),
            after: format!("after-{slug}"),
            heading,
            caption,
            turned,
            corner: p.t(if turned { "dashboard-province" } else { "dashboard-issue" }),
            of: format!("/{}", columns.len()),
            foot: p
                .tr(if turned { "dashboard-foot-turned" } else { "dashboard-foot" }, &[("n", lines.len().to_string())]),
            sums,
            resolved: total(|r| r.resolved),
            verified: total(|r| r.verified),
            heads: columns
                .into_iter()
                .map(|c| Head {
                    full: if c.short == c.name { String::new() } else { c.name },
                    short: c.short,
                    href: c.href,
                })
                .collect(),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        }
    }
}

fn issues(p: &Page, shown: &Shown, campaign: &Dispatched) -> Vec<Axis> {
    campaign
        .worded()
        .map(|(issue, option)| Axis {
            code: issue.code.clone(),
            short: issue.rank.to_string(),
            name: issue_name(p, option),
            href: p.href(&shown.view.elsewhere(&format!("/issues/{}", issue.code))),
        })
        .collect()
}

fn provinces(p: &Page, shown: &Shown, cells: &HashMap<(&str, &str), &AssignmentAsOf>) -> Vec<Axis> {
    let mut codes: Vec<&str> = cells.keys().map(|(_, province)| *province).collect();
    codes.sort_by_key(|code| (shown.names.position(code), *code));
    codes.dedup();
    codes
        .into_iter()
        .map(|code| {
            let place = shown.names.place(code);
            let short = place.map_or(code, |q| p.pick(&q.short_zh, &q.short_en));
            Axis {
                short: short.to_owned(),
                name: shown.names.short(p, code).to_owned(),
                href: p.href(&shown.view.elsewhere(&format!("/provinces/{code}"))),
                code: code.to_owned(),
            }
        })
        .collect()
}

fn row<'a>(
    p: &Page,
    shown: &Shown,
    line: &Axis,
    columns: &[Axis],
    at: impl Fn(&Axis) -> Option<&'a AssignmentAsOf>,
) -> (Count, MatrixRow) {
    let mut count = Count::default();
    let cells = columns
        .iter()
        .map(|column| {
            let standing = at(column)?;
            count.add(standing, shown.as_of.instant);
            Some(cell(p, shown, column, standing))
        })
        .collect();
    let row = MatrixRow {
        code: if shown.view.turned { String::new() } else { line.code.clone() },
        name: line.name.clone(),
        href: line.href.clone(),
        cells,
        resolved: count.resolved(),
        verified: count.verified(),
    };
    (count, row)
}

fn cell(p: &Page, shown: &Shown, column: &Axis, standing: &AssignmentAsOf) -> Cell {
    let due = standing.due(shown.as_of.day, shown.as_of.instant, &shown.calendar);
    let fact = fact(p, due, standing.due_on());
    let coverage = coverage(p, standing);
    let mut note = fact.short;
    let mut cover = -1;
    if let Some((share, words)) = coverage {
        if !note.is_empty() {
            note.push_str(&p.t("layout-comma"));
        }
        note.push_str(&words);
        cover = share;
    }
    let path = format!("/issues/{}/provinces/{}", standing.issue, standing.province);
    let is_plain = shown.view.turned || column.short == column.name;
    Cell {
        href: p.href(&shown.view.elsewhere(&path)),
        name: column.short.clone(),
        full: if is_plain { String::new() } else { column.name.clone() },
        state: standing.state.code(),
        note,
        fact: fact.code,
        cover,
        hit: shown.view.is_filtered() && shown.view.takes(standing, shown.as_of.instant),
    }
}
