//! The effects of rules in words, shown beside the rules.

use chrono::NaiveDate;
use entity::stored::DayKind;

use crate::campaign::effects::Effects;
use crate::campaign::pages::words::weekday;
use crate::web::dates::day_short;
use crate::web::page::Page;

/// Sentences for the parts of the form; all empty without valid rules.
#[derive(Default)]
pub struct Said {
    /// Sentences about the time of voting.
    pub voting: Vec<String>,
    /// Sentences about the places and their number.
    pub units: Vec<String>,
    /// Sentences about acknowledging and about the deadline.
    pub deadline: Vec<String>,
}

/// Puts the effects of rules into sentences.
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
        let days: Vec<String> = runs(&found.met).into_iter().map(|run| off_or_worked(p, run)).collect();
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

/// Consecutive days of one kind: first day, last day, kind.
type Run = (NaiveDate, NaiveDate, DayKind);

fn runs(days: &[(NaiveDate, DayKind)]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (day, kind) in days {
        match runs.last_mut() {
            Some((_, last, same)) if same == kind && last.succ_opt() == Some(*day) => *last = *day,
            _ => runs.push((*day, *day, *kind)),
        }
    }
    runs
}

fn off_or_worked(p: &Page, (first, last, kind): Run) -> String {
    let day = if first == last {
        day_short(p.locale, first)
    } else {
        let ends = [("first", day_short(p.locale, first)), ("last", day_short(p.locale, last))];
        p.tr("campaign-effect-span", &ends)
    };
    let word = match kind {
        DayKind::Holiday => "campaign-effect-holiday",
        DayKind::Makeup => "campaign-effect-makeup",
    };
    p.tr(word, &[("day", day)])
}
