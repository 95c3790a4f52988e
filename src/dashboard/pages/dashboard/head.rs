//! The parts above the matrix: figures, legend, and links that turn and order the matrix.

use entity::stored::AssignmentState;

use super::part::Part;
use super::shown::Shown;
use crate::dashboard::pages::asof::Link;
use crate::dashboard::pages::names::campaign_name;
use crate::dashboard::pages::sentences::Share;
use crate::dashboard::pages::view::View;
use crate::web::dates::day_short;
use crate::web::page::Page;

/// One number with its parts, and a link to its assignments.
pub struct Figure {
    /// Label of the figure.
    pub label: String,
    /// Number or rate of the figure, in words.
    pub value: String,
    /// Part and whole of the figure, such as `369/620`.
    pub fraction: String,
    /// Second rate, without the exempt assignments; empty where there is none.
    pub note: String,
    /// Address of the list of the assignments that the figure counts.
    pub href: String,
    /// Address of the definition of the label.
    pub define: String,
    /// CSS class: `l` for a large figure, `bad` where the number needs action, else empty.
    pub kind: &'static str,
}

pub(in crate::dashboard::pages) fn figures(p: &Page, shown: &Shown) -> Vec<Figure> {
    use AssignmentState::{Exempt, Resolved, Rework, Verified};
    let count = &shown.dash.total;
    let all = count.assignments();
    let rows = |view: View| p.href(&view.at(Part::Assignments.path()));
    let of_states = |states: &[AssignmentState]| rows(shown.view.of_states(states));
    let late = View { overdue: true, ..shown.view.unfiltered() };
    let applicable = |part: i64| {
        let share = Share::of(p, part, count.applicable());
        let args = [("rate", share.percent), ("fraction", share.fraction)];
        if count.exempt() > 0 { p.tr("dashboard-of-applicable", &args) } else { String::new() }
    };
    let rate = |key: &str, part: i64, href: String, define: String| {
        let share = Share::of(p, part, all);
        Figure {
            label: p.t(key),
            value: share.percent,
            fraction: share.fraction,
            note: applicable(part),
            href,
            define,
            kind: "l",
        }
    };
    let plain = |key: &str, part: i64, whole: i64, href: String, define: String| Figure {
        label: p.t(key),
        value: p.n(part),
        fraction: format!("{}/{}", p.n(part), p.n(whole)),
        note: String::new(),
        href,
        define,
        kind: "",
    };
    let define = |word: &str| p.href(&format!("/definitions#{word}"));
    let mut figures = vec![
        rate("dashboard-reported", count.resolved(), of_states(&[Resolved, Verified]), define("resolved")),
        rate("dashboard-verified", count.verified(), of_states(&[Verified]), define("verified")),
        Figure {
            kind: if count.overdue > 0 { "bad" } else { "" },
            ..plain("fact-overdue", count.overdue, all, rows(late), define("overdue"))
        },
        plain("state-rework", count.of(Rework), all, of_states(&[Rework]), define("rework")),
        plain("state-exempt", count.exempt(), all, of_states(&[Exempt]), define("exempt")),
    ];
    if let [one] = shown.dash.campaigns.as_slice() {
        let day = day_short(p.locale, one.dispatched_on());
        figures.push(Figure {
            label: p.t("dashboard-age"),
            value: p.n(one.age(shown.as_of.day)),
            fraction: p.tr("dashboard-since-day", &[("day", day)]),
            note: String::new(),
            href: p.href(&shown.view.on(Some(one.dispatched_on())).at(Part::Summary.path())),
            define: define("age"),
            kind: "",
        });
    }
    figures
}

/// Links to the parts of the dashboard in the same view.
pub(super) fn parts(p: &Page, shown: &Shown, shown_part: Part) -> Vec<Link> {
    let has_several = shown.dash.campaigns.len() > 1;
    let parts = Part::ALL.into_iter().filter(|part| *part != Part::Campaigns || has_several);
    let view = shown.view.unfiltered();
    let link = |part: Part| Link {
        text: p.tc("dashboard-part-", part.word()),
        href: p.href(&view.at(part.path())),
        current: part == shown_part,
    };
    parts.map(link).collect()
}

/// The nine states with their counts in the matrix on the page. The link of a state narrows the view to that state, or widens a narrowed view again.
pub(super) fn legend(p: &Page, shown: &Shown) -> Vec<(&'static str, String, String, bool)> {
    let on_page = shown.dash.by_campaign.last().map_or(&shown.dash.total, |line| &line.count);
    AssignmentState::ALL
        .iter()
        .map(|state| {
            let current = shown.view.states == [*state];
            let view = if current { shown.view.unfiltered() } else { shown.view.of_states(&[*state]) };
            let href = p.href(&view.at(Part::Matrix.path()));
            (state.code(), p.n(on_page.of(*state)), href, current)
        })
        .collect()
}

/// Links that turn the matrix, and that order the matrix and the tables.
pub(super) fn orders(p: &Page, view: &View) -> Vec<Link> {
    let link =
        |text: &str, view: View| Link { text: p.t(text), href: p.href(&view.at(Part::Matrix.path())), current: false };
    let turned = View { turned: !view.turned, ..view.clone() };
    let ordered = View { worst_first: !view.worst_first, ..view.clone() };
    vec![
        link(if view.turned { "dashboard-issues-as-rows" } else { "dashboard-provinces-as-rows" }, turned),
        link(if view.worst_first { "dashboard-official-order" } else { "dashboard-worst-first" }, ordered),
    ]
}

/// Links to the campaigns whose matrix is not on the page.
pub(super) fn others(p: &Page, shown: &Shown) -> Vec<Link> {
    let hidden = shown.dash.campaigns.split_last().map_or(&[][..], |(_, earlier)| earlier);
    hidden
        .iter()
        .map(|d| Link {
            text: campaign_name(p, &d.campaign),
            href: p
                .href(&View { campaign: Some(d.campaign.slug.clone()), ..shown.view.clone() }.at(Part::Matrix.path())),
            current: false,
        })
        .collect()
}
