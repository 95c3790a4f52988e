//! The trend by age: campaigns are compared on the same day since their dispatch, never on the same date. Lines are drawn as
//! steps, not slopes, because nothing happens between two moves. The table beside the drawing has every point that is drawn.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;

use chrono::Days;
use sea_orm::ConnectionTrait;

use super::shown::{Shown, caption_day};
use crate::base::error::Result;
use crate::dashboard::pages::names::campaign_name;
use crate::dashboard::pages::sentences::{Share, percentage};
use crate::dashboard::queries::Sent;
use crate::dashboard::queries::trend::{Point, Series, trend};
use crate::web::page::Page;

/// Greatest number of campaigns in one drawing: three lines can be told apart.
const MAX_CAMPAIGNS: usize = 3;

/// The trend: a drawing with its texts and its table.
pub struct Trend {
    /// Sentence that states the finding, chosen by rule.
    pub finding: String,
    /// Sentence that explains the axes and lines, with the as-of day.
    pub reading: String,
    /// Description of the drawing, for readers who cannot see it.
    pub desc: String,
    /// Drawing for a wide page.
    pub wide: Plot,
    /// Drawing for a page between the two.
    pub medium: Plot,
    /// Drawing for a phone.
    pub narrow: Plot,
    /// Caption of the table.
    pub caption: String,
    /// Names of the campaigns, as heads of the columns.
    pub names: Vec<String>,
    /// Rows of the table, one for each day with a change.
    pub rows: Vec<TrendRow>,
}

/// One drawing; all coordinates are SVG user units.
pub struct Plot {
    /// Horizontal lines: left end, right end, height, percentage.
    pub across: Vec<(i64, i64, i64, String)>,
    /// Labels of ages along the foot: place, number of days.
    pub ages: Vec<(i64, String)>,
    /// Height at which the ages are written.
    pub foot: i64,
    /// Foot line: left end, right end, height.
    pub axis: (i64, i64, i64),
    /// Names of the axes: place, height, anchor, text.
    pub names: [(i64, i64, &'static str, String); 2],
    /// Stepped lines: CSS class, SVG path.
    pub paths: Vec<(&'static str, String)>,
    /// Deadlines of the campaigns.
    pub deadlines: Vec<Deadline>,
    /// Labels at the ends of the lines.
    pub labels: Vec<Label>,
}

/// A deadline in a drawing, an upright line with its name.
pub struct Deadline {
    /// Place of the line.
    pub x: i64,
    /// Upper end of the line.
    pub top: i64,
    /// Lower end of the line.
    pub foot: i64,
    /// Place and height of the name.
    pub label: (i64, i64),
    /// Side of the line on which the name stands (`text-anchor`).
    pub anchor: &'static str,
    /// Name of the deadline.
    pub text: String,
}

/// A label at the end of a line.
pub struct Label {
    /// Place of the label.
    pub x: i64,
    /// Height of its first line of text.
    pub y: i64,
    /// CSS class with the colour of the campaign.
    pub class: &'static str,
    /// Lines of text.
    pub lines: Vec<String>,
}

impl Label {
    /// Height of the label with the space below.
    fn height(&self) -> i64 {
        2 + 15 * i64::try_from(self.lines.len()).unwrap_or(1)
    }
}

/// Measures of a drawing: its size, and the margins on both sides of the lines.
struct Size {
    width: i64,
    height: i64,
    left: i64,
    right: i64,
    is_narrow: bool,
}

/// CSS classes of each campaign, the newest first: the line, the thin line of the verified, the label.
const CLASSES: [(&str, &str, &str); 3] = [("s1", "s1 v", "f1"), ("s2", "s2 v", "f2"), ("s3", "s3 v", "f3")];

/// One row of the table.
pub struct TrendRow {
    /// Number of days since the dispatch.
    pub age: i64,
    /// Cells for each campaign: date, resolved share, verified share; none where the campaign is not that old.
    pub cells: Vec<Option<(String, Share, Share)>>,
}

/// A campaign of the drawing, with its trend.
struct Drawn {
    name: String,
    series: Series,
}

impl Trend {
    /// The trend of the campaigns that are shown. A single campaign is compared with the campaign before it.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn of(db: &impl ConnectionTrait, p: &Page, shown: &Shown) -> Result<Option<Self>> {
        let sent = beside(shown);
        let names = short(sent.iter().map(|s| campaign_name(p, &s.campaign)).collect());
        let drawn: Vec<Drawn> = trend(db, shown.as_of, &sent)
            .await?
            .into_iter()
            .zip(names)
            .map(|(series, name)| Drawn { name, series })
            .collect();
        let moved = drawn.iter().any(|d| d.series.points.len() > 1);
        Ok(moved.then(|| Self::drawn(p, shown, &drawn)))
    }

    fn drawn(p: &Page, shown: &Shown, drawn: &[Drawn]) -> Self {
        let day = caption_day(p, shown.as_of);
        Self {
            finding: finding(p, drawn),
            reading: p.tr("dashboard-trend-reading", &[("day", day.clone())]),
            desc: desc(p, drawn),
            wide: Plot::of(p, drawn, Size { width: 1000, height: 360, left: 48, right: 190, is_narrow: false }),
            medium: Plot::of(p, drawn, Size { width: 720, height: 320, left: 48, right: 180, is_narrow: false }),
            narrow: Plot::of(p, drawn, Size { width: 320, height: 320, left: 42, right: 84, is_narrow: true }),
            caption: p.tr("dashboard-trend-caption", &[("day", day)]),
            names: drawn.iter().map(|d| d.name.clone()).collect(),
            rows: rows(p, drawn),
        }
    }
}

/// The campaigns that are shown; for a single campaign, also the campaign dispatched before it.
fn beside(shown: &Shown) -> Vec<&Sent> {
    let is_shown = |s: &Sent| shown.dash.campaigns.iter().any(|d| d.campaign.id == s.campaign.id);
    let choice = &shown.dash.choice;
    match choice.iter().position(is_shown) {
        Some(at) if shown.dash.campaigns.len() == 1 => choice[at.saturating_sub(1)..=at].iter().collect(),
        _ => {
            let all: Vec<&Sent> = choice.iter().filter(|s| is_shown(s)).collect();
            all[all.len().saturating_sub(MAX_CAMPAIGNS)..].to_vec()
        }
    }
}

/// Names up to their colons (第二季 of 第二季：商事服务), where the short names still differ.
fn short(names: Vec<String>) -> Vec<String> {
    let short: Vec<String> = names.iter().map(|n| n.split(['：', ':']).next().unwrap_or(n).to_owned()).collect();
    let distinct: HashSet<&String> = short.iter().collect();
    if distinct.len() == names.len() { short } else { names }
}

/// The finding in one sentence, such as 同样在第8天，第二季比第一季少14.0个百分点.
fn finding(p: &Page, drawn: &[Drawn]) -> String {
    let (before, last) = match drawn {
        [.., before, last] => (before, last),
        [last] => return alone(p, last),
        [] => return String::new(),
    };
    let age = before.series.age.min(last.series.age);
    if age == 0 {
        return alone(p, last);
    }
    let (a, b) = (last.series.at(age).resolved, before.series.at(age).resolved);
    let (all_a, all_b) = (last.series.all, before.series.all);
    let apart = a * all_b - b * all_a;
    let key = match apart.signum() {
        1 => "dashboard-trend-more",
        -1 => "dashboard-trend-less",
        _ => "dashboard-trend-equal",
    };
    let whole = (all_a * all_b).max(1);
    let tenths = (apart.abs() * 2000 + whole) / (whole * 2);
    p.tr(
        key,
        &[
            ("age", age.to_string()),
            ("name", last.name.clone()),
            ("other", before.name.clone()),
            ("points", format!("{}.{}", tenths / 10, tenths % 10)),
            ("rate", percentage(a, all_a)),
            ("fraction", format!("{}/{}", p.n(a), p.n(all_a))),
            ("other_rate", percentage(b, all_b)),
            ("other_fraction", format!("{}/{}", p.n(b), p.n(all_b))),
        ],
    )
}

fn alone(p: &Page, drawn: &Drawn) -> String {
    let now = drawn.series.at(drawn.series.age);
    let (resolved, verified) =
        (Share::of(p, now.resolved, drawn.series.all), Share::of(p, now.verified, drawn.series.all));
    p.tr(
        "dashboard-trend-alone",
        &[
            ("age", drawn.series.age.to_string()),
            ("rate", resolved.percent),
            ("fraction", resolved.fraction),
            ("verified", verified.percent),
            ("verified_fraction", verified.fraction),
        ],
    )
}

fn desc(p: &Page, drawn: &[Drawn]) -> String {
    let sentences: Vec<String> = drawn
        .iter()
        .map(|d| {
            let now = d.series.at(d.series.age);
            let share = Share::of(p, now.resolved, d.series.all);
            p.tr(
                "dashboard-trend-desc",
                &[
                    ("name", d.name.clone()),
                    ("age", d.series.age.to_string()),
                    ("rate", share.percent),
                    ("fraction", share.fraction),
                ],
            )
        })
        .collect();
    sentences.join(if p.is_en() { " " } else { "" })
}

fn rows(p: &Page, drawn: &[Drawn]) -> Vec<TrendRow> {
    let mut ages: Vec<i64> = drawn.iter().flat_map(|d| d.series.points.iter().map(|q| q.age)).collect();
    ages.extend(drawn.iter().map(|d| d.series.age));
    ages.sort_unstable();
    ages.dedup();
    ages.into_iter()
        .map(|age| TrendRow {
            age,
            cells: drawn
                .iter()
                .map(|d| {
                    let series = &d.series;
                    let Point { resolved, verified, .. } = series.at(age);
                    let day = series.dispatched_on + Days::new(u64::try_from(age).unwrap_or(0));
                    (age <= series.age).then(|| {
                        (day.to_string(), Share::of(p, resolved, series.all), Share::of(p, verified, series.all))
                    })
                })
                .collect(),
        })
        .collect()
}

impl Plot {
    fn of(p: &Page, drawn: &[Drawn], size: Size) -> Self {
        let Size { width, height, left, right, is_narrow } = size;
        let (top, foot) = (28, height - 44);
        let oldest = drawn.iter().map(|d| d.series.age).max().unwrap_or(0).max(7);
        let x = |age: i64| left + (width - left - right) * age / oldest;
        let y = |part: i64, all: i64| foot - (foot - top) * part / all.max(1);
        let mut paths = Vec::new();
        let mut labels = Vec::new();
        for (drawn, (line, thin, fill)) in drawn.iter().rev().zip(CLASSES) {
            let series = &drawn.series;
            let steps = |of: fn(&Point) -> i64| {
                let mut path = format!("M{} {}", x(0), y(0, 1));
                for point in &series.points {
                    let _ = write!(path, "H{}V{}", x(point.age), y(of(point), series.all));
                }
                let _ = write!(path, "H{}", x(series.age));
                path
            };
            paths.push((thin, steps(|q| q.verified)));
            paths.push((line, steps(|q| q.resolved)));
            let now = series.at(series.age);
            let label = |is_verified: bool, part: i64| Label {
                x: x(series.age) + 6,
                y: y(part, series.all) + 4,
                class: fill,
                lines: ended(p, &drawn.name, percentage(part, series.all), is_verified, is_narrow),
            };
            labels.push(label(false, now.resolved));
            if now.verified > 0 {
                labels.push(label(true, now.verified));
            }
        }
        part_labels(&mut labels, top, foot - 4);
        let every = match oldest {
            71.. => 28,
            _ if is_narrow => 14,
            _ => 7,
        };
        Self {
            across: [25, 50, 75, 100]
                .into_iter()
                .map(|rate| (left, width - right, y(rate, 100), format!("{rate}%")))
                .collect(),
            ages: (0..=oldest / every).map(|n| (x(n * every), (n * every).to_string())).collect(),
            foot: foot + 19,
            axis: (left, width - right, foot),
            names: [
                (0, 13, "start", p.t("dashboard-trend-share")),
                (width - right, foot + 37, "end", p.t("dashboard-trend-days")),
            ],
            paths,
            deadlines: deadlines(p, drawn, oldest, |age| (x(age), top, foot), (left + width - right) / 2),
            labels,
        }
    }
}

/// Lines of the label at the end of a line: one on a wide drawing, name and rate below each other on a narrow one.
fn ended(p: &Page, name: &str, rate: String, is_verified: bool, is_narrow: bool) -> Vec<String> {
    if is_narrow {
        return vec![if is_verified { p.t("dashboard-verified-head") } else { name.to_owned() }, rate];
    }
    let key = if is_verified { "dashboard-trend-label-verified" } else { "dashboard-trend-label" };
    vec![p.tr(key, &[("name", name.to_owned()), ("rate", rate)])]
}

/// The deadlines that fall within the drawing, each with the names of its campaigns. A name stands on the side with more room, and
/// each name one line below the one before.
fn deadlines(
    p: &Page,
    drawn: &[Drawn],
    oldest: i64,
    place: impl Fn(i64) -> (i64, i64, i64),
    middle: i64,
) -> Vec<Deadline> {
    let mut by_age: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for drawn in drawn.iter().filter(|d| d.series.due_age <= oldest) {
        by_age.entry(drawn.series.due_age).or_default().push(drawn.name.clone());
    }
    let line = |(row, (age, names)): (i64, (i64, Vec<String>))| {
        let (x, top, foot) = place(age);
        let (anchor, apart) = if x > middle { ("end", -4) } else { ("start", 4) };
        let text = if names.len() == drawn.len() {
            p.t("dashboard-trend-due-all")
        } else {
            p.tr("dashboard-trend-due", &[("names", names.join(&p.t("dashboard-and")))])
        };
        Deadline { x, top, foot, label: (x + apart, top + 14 + 16 * row), anchor, text }
    };
    (0..).zip(by_age).map(line).collect()
}

/// Moves labels apart that would overlap: upwards, and down again where the drawing ends. No label reaches below the foot line.
fn part_labels(labels: &mut [Label], top: i64, foot: i64) {
    labels.sort_by_key(|label| -label.y);
    for label in labels.iter_mut() {
        label.y = label.y.min(foot + 17 - label.height());
    }
    let is_near = |a: &Label, b: &Label| (a.x - b.x).abs() < 150;
    for at in 1..labels.len() {
        let least = labels[at - 1].y - labels[at].height();
        if is_near(&labels[at], &labels[at - 1]) && labels[at].y > least {
            labels[at].y = least;
        }
    }
    let mut least = top;
    for label in labels.iter_mut().rev() {
        label.y = label.y.max(least);
        least = label.y + label.height();
    }
}
