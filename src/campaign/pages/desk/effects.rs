//! What rules come to, in words beside the rules.

use entity::stored::DayKind;

use crate::campaign::effects::Effects;
use crate::campaign::pages::words::weekday;
use crate::web::dates::day_short;
use crate::web::page::Page;

/// Sentences for the parts of the form. Empty without valid rules.
#[derive(Default)]
pub struct Said {
    /// On the time of voting.
    pub voting: Vec<String>,
    /// On places and their number.
    pub units: Vec<String>,
    /// On acknowledging and on the deadline.
    pub deadline: Vec<String>,
}

/// Says what rules come to.
pub fn said(p: &Page, found: &Effects, top_n: i32, units: usize) -> Said {
    let dispatched = ("dispatch", weekday(p, found.dispatch_on));
    let mut deadline = vec![
        p.tr("campaign-effect-acknowledgement", &[dispatched.clone(), ("day", weekday(p, found.acknowledge_on))]),
        p.tr(
            "campaign-effect-deadline",
            &[dispatched, ("day", weekday(p, found.due_on)), ("days", found.working_days.to_string())],
        ),
    ];
    if let Some(fixed) = found.rolled_from {
        let args = [("fixed", weekday(p, fixed)), ("day", weekday(p, found.due_on))];
        deadline.push(p.tr("campaign-effect-rolled", &args));
    }
    if !found.met.is_empty() {
        let days: Vec<String> = found
            .met
            .iter()
            .map(|(day, kind)| {
                let word = match kind {
                    DayKind::Holiday => "campaign-effect-holiday",
                    DayKind::Makeup => "campaign-effect-makeup",
                };
                p.tr(word, &[("day", day_short(p.locale, *day))])
            })
            .collect();
        let args = [("days", days.join(&p.t("campaign-list-joint")))];
        deadline.push(p.tr("campaign-effect-met", &args));
    }
    if !found.unloaded_years.is_empty() {
        let years: Vec<String> = found.unloaded_years.iter().map(i32::to_string).collect();
        let args = [("years", years.join(&p.t("campaign-list-joint")))];
        deadline.push(p.tr("campaign-effect-unloaded", &args));
    }
    Said {
        voting: vec![p.tr(
            "campaign-effect-voting",
            &[("days", found.voting_days.to_string()), ("working", found.voting_working_days.to_string())],
        )],
        units: vec![p.tr(
            "campaign-effect-units",
            &[("issues", top_n.to_string()), ("units", units.to_string()), ("assignments", p.n(found.assignments))],
        )],
        deadline,
    }
}
