//! The table of the supervision teams: checks made, passed and refused. Teams stand in their fixed order and have no ranks.

use entity::stored::AssignmentState;

use super::part::Part;
use super::shown::{Shown, caption_day};
use super::tables::{name, team_provinces};
use crate::dashboard::figures::{Checks, Count};
use crate::dashboard::queries::TeamFigure;
use crate::web::page::Page;

/// The table of the teams.
pub struct TeamTable {
    /// Caption with the campaigns and the as-of day.
    pub caption: String,
    /// Lines of the table, one for each team.
    pub lines: Vec<TeamRow>,
    /// Line with the sum of all teams.
    pub sum: TeamRow,
}

/// One team, or the sum of all.
pub struct TeamRow {
    /// Name of the team.
    pub name: String,
    /// Names of the provinces that the team checks; empty for the sum.
    pub provinces: String,
    /// Number of checks.
    pub made: String,
    /// Number of checks that confirmed a fix.
    pub passed: String,
    /// Number of checks that refused a fix.
    pub refused: String,
    /// Number of signed fixes that wait for a check.
    pub waiting: String,
}

impl TeamTable {
    /// The table of the teams that are shown.
    pub fn of(p: &Page, shown: &Shown, teams: &[TeamFigure]) -> Self {
        let args = [("name", shown.name(p)), ("day", caption_day(p, shown.as_of))];
        let row = |name: String, provinces: String, checks: Checks, count: &Count| TeamRow {
            name,
            provinces,
            made: p.n(checks.made()),
            passed: p.n(checks.passed),
            refused: p.n(checks.refused),
            waiting: p.n(count.of(AssignmentState::Resolved)),
        };
        let lines = teams.iter().map(|TeamFigure { group, checks }| {
            let provinces = team_provinces(p, shown, &group.code);
            row(name(p, shown, Part::Teams.word(), &group.code), provinces, *checks, &group.count)
        });
        let all = Checks::sum(teams.iter().map(|team| &team.checks));
        Self {
            lines: lines.collect(),
            sum: row(p.t("dashboard-sum"), String::new(), all, &shown.dash.total),
            caption: p.tr("dashboard-teams-caption", &args),
        }
    }
}
