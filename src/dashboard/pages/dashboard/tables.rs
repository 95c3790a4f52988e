//! The tables: by campaign, by issue, by province, by team, with both rates side by side.

use entity::stored::AssignmentState;

use super::part::Part;
use super::shown::{Shown, caption_day};
use crate::dashboard::figures::{Count, GroupFigure, percent};
use crate::dashboard::pages::names::{campaign_name, issue_name, short_name};
use crate::dashboard::pages::sentences::{self, Share};
use crate::dashboard::pages::view::View;
use crate::web::page::Page;

/// One table of groups.
pub struct Lines {
    /// Heading of the table.
    pub heading: String,
    /// Caption with the campaigns and the as-of day.
    pub caption: String,
    /// Note on the percentage points of one assignment; empty where there is none.
    pub note: String,
    /// Head of the column of names.
    pub head: String,
    /// Lines of the table, one for each group.
    pub lines: Vec<GroupRow>,
    /// Further lines, which are folded at first; a list that is not too long has none.
    pub rest: Vec<GroupRow>,
    /// Line with the sum of all groups.
    pub sum: GroupRow,
}

/// Most lines of a table that is shown whole: the lines of all provinces.
const WHOLE: usize = 34;
/// Number of lines before the fold of a longer table: the issues of one campaign.
const BEFORE_FOLD: usize = 20;

/// One line of a table: a group or the sum.
pub struct GroupRow {
    /// Rank such as 1 or =5, or a dash; empty for the sum.
    pub rank: String,
    /// Code of an issue; empty for other groups.
    pub code: String,
    /// Name of the group.
    pub name: String,
    /// Address of the group's page; empty for the sum.
    pub href: String,
    /// Codes of the states with their counts, for the bar.
    pub states: Vec<(&'static str, i64)>,
    /// Number of dispatched assignments.
    pub all: i64,
    /// Share of resolved assignments among all.
    pub reported: Share,
    /// Share of verified assignments among all.
    pub verified: Share,
    /// Number of open assignments past the deadline.
    pub overdue: String,
    /// Number of assignments in rework.
    pub rework: String,
    /// Number of exempt assignments.
    pub exempt: String,
}

impl Lines {
    /// The table of a part; none for a part without a table.
    pub fn part(p: &Page, shown: &Shown, part: Part) -> Option<Self> {
        let groups = match part {
            Part::Campaigns => &shown.dash.by_campaign,
            Part::Issues => &shown.dash.by_issue,
            Part::Provinces => &shown.dash.by_province,
            Part::Summary | Part::Matrix | Part::Teams | Part::Trend | Part::Assignments => return None,
        };
        Some(Self::of(p, shown, part.word(), groups))
    }

    fn of(p: &Page, shown: &Shown, id: &'static str, lines: &[GroupFigure]) -> Self {
        let lines = ordered(&shown.view, lines);
        let caption =
            p.tr(&format!("dashboard-{id}-caption"), &[("name", shown.name(p)), ("day", caption_day(p, shown.as_of))]);
        let mut entries: Vec<GroupRow> = lines.iter().map(|l| entry(p, shown, id, l)).collect();
        let rest = if entries.len() > WHOLE { entries.split_off(BEFORE_FOLD) } else { Vec::new() };
        let sum = GroupFigure { code: String::new(), count: shown.dash.total.clone(), rank: None, shared: false };
        Self {
            heading: p.t(&format!("dashboard-{id}-heading")),
            note: note(p, id, &lines),
            head: p.t(&format!("dashboard-{id}-head")),
            lines: entries,
            rest,
            sum: entry(p, shown, "", &sum),
            caption,
        }
    }
}

/// The groups in the order that a view asks for.
pub fn ordered<'a>(view: &View, lines: &'a [GroupFigure]) -> Vec<&'a GroupFigure> {
    let mut lines: Vec<&GroupFigure> = lines.iter().collect();
    if view.worst_first {
        lines.sort_by(|a, b| a.count.against(&b.count));
    }
    lines
}

/// Note on the resolution of the rates: with 40 assignments, one assignment is 2.5 points. The note appears only for
/// provinces, and only where all lines have the same number of assignments.
fn note(p: &Page, id: &str, lines: &[&GroupFigure]) -> String {
    let first = lines.first().map_or(0, |l| l.count.assignments());
    let equal = lines.iter().all(|l| l.count.assignments() == first);
    if id != "provinces" || first == 0 || !equal {
        return String::new();
    }
    p.tr("dashboard-coarse", &[("n", p.n(first)), ("points", percent(1, first))])
}

/// The name of a group by its code.
pub fn name(p: &Page, shown: &Shown, id: &str, code: &str) -> String {
    match id {
        "campaigns" => shown
            .dash
            .campaigns
            .iter()
            .find(|d| d.campaign.slug == *code)
            .map(|d| {
                let name = campaign_name(p, &d.campaign);
                let days = d.age(shown.as_of.day).to_string();
                p.tr("dashboard-campaign-line", &[("name", name), ("days", days)])
            })
            .unwrap_or_default(),
        "issues" => sentences::wording(&shown.dash, code).map(|o| issue_name(p, o)).unwrap_or_default(),
        "provinces" => shown.names.short(p, code).to_owned(),
        "teams" => shown.names.team(p, code),
        _ => p.t("dashboard-sum"),
    }
}

/// The address of a group's page; empty for the sum.
fn page_of(p: &Page, shown: &Shown, id: &str, code: &str) -> String {
    match id {
        "campaigns" => p.href(&View { campaign: Some(code.to_owned()), ..shown.view.clone() }.at(Part::Summary.path())),
        "issues" | "provinces" => p.href(&shown.view.elsewhere(&format!("/{id}/{code}"))),
        _ => String::new(),
    }
}

fn entry(p: &Page, shown: &Shown, id: &str, line: &GroupFigure) -> GroupRow {
    let count = &line.count;
    let all = count.assignments();
    let only = |shown: bool, text: String| if shown { text } else { String::new() };
    GroupRow {
        rank: only(!id.is_empty(), sentences::rank(line)),
        code: only(id == "issues", line.code.clone()),
        name: name(p, shown, id, &line.code),
        href: page_of(p, shown, id, &line.code),
        states: states(count),
        all,
        reported: Share::of(p, count.resolved(), all),
        verified: Share::of(p, count.verified(), all),
        overdue: p.n(count.overdue),
        rework: p.n(count.of(AssignmentState::Rework)),
        exempt: p.n(count.exempt()),
    }
}

/// Names of the provinces that a team checks, among those that are shown.
pub(super) fn team_provinces(p: &Page, shown: &Shown, code: &str) -> String {
    let mut provinces: Vec<_> = shown
        .dash
        .by_province
        .iter()
        .filter_map(|l| shown.names.place(&l.code))
        .filter(|q| q.team.as_deref() == Some(code))
        .collect();
    provinces.sort_by_key(|q| q.position);
    let names: Vec<&str> = provinces.into_iter().map(|q| short_name(p, q)).collect();
    names.join(&p.t("dashboard-and"))
}

/// Order of the states in bars: what is verified begins at the common zero, what is far from it follows, exempt ones come last.
const IN_BARS: [AssignmentState; 9] = [
    AssignmentState::Verified,
    AssignmentState::Resolved,
    AssignmentState::Reported,
    AssignmentState::Rework,
    AssignmentState::InProgress,
    AssignmentState::Acknowledged,
    AssignmentState::Returned,
    AssignmentState::Dispatched,
    AssignmentState::Exempt,
];

/// Codes of the states with their counts, in the order of bars.
pub fn states(count: &Count) -> Vec<(&'static str, i64)> {
    IN_BARS.iter().map(|s| (s.code(), count.of(*s))).collect()
}
