//! Sentences about a campaign: the same words on every page, in both languages.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use entity::stored::{CampaignMove, Track};
use entity::{campaign, campaign_event, place};

use crate::base::clock::{day_of, time_of};
use crate::campaign::draft::{last_day, tracks};
use crate::campaign::phase::Phase;
use crate::campaign::rule;
use crate::web::dates::{closing_time, day_long, moment_long, opening_time};
use crate::web::page::Page;

/// A day with its weekday, for the opening, close and deadline.
pub fn weekday(p: &Page, day: NaiveDate) -> String {
    p.tr("campaign-day", &[("day", day_long(p.locale, day)), ("weekday", name_of_weekday(p, day))])
}

/// The name of the weekday of a day.
pub fn name_of_weekday(p: &Page, day: NaiveDate) -> String {
    p.tc("campaign-weekday-", day.weekday().number_from_monday())
}

/// Day and time of the opening and of the close, as arguments of a message.
pub fn dates(p: &Page, found: &campaign::Model) -> Vec<(&'static str, String)> {
    vec![
        ("opens", weekday(p, day_of(found.opens_at))),
        ("opens_time", opening_time(found.opens_at)),
        ("closes", weekday(p, last_day(found))),
        ("closes_time", closing_time(found.closes_at)),
    ]
}

/// The phase of a campaign in one sentence with the next date.
pub fn sentence(p: &Page, found: &campaign::Model, now: DateTime<Utc>) -> String {
    let phase = Phase::of(found, now);
    let mut args = dates(p, found);
    args.push(("count", found.top_n.to_string()));
    let key = match phase {
        // A campaign that was voted on elsewhere ends with its count.
        Phase::Tallied if found.top_n == 0 => "campaign-sentence-counted".to_owned(),
        _ => format!("campaign-sentence-{}", dashed(phase)),
    };
    p.tr(&key, &args)
}

/// The name of a phase in words.
pub fn phase(p: &Page, phase: Phase) -> String {
    p.tc("campaign-phase-", phase)
}

/// The next date on which programme time changes the phase of a campaign, with the message key of the change. The date has a time
/// where the change is not at midnight.
pub fn next_date(found: &campaign::Model, now: DateTime<Utc>) -> Option<(String, &'static str)> {
    let (day, time, key) = match Phase::of(found, now) {
        Phase::Draft | Phase::InReview | Phase::Scheduled => {
            (day_of(found.opens_at), time_of(found.opens_at), "campaign-next-opens")
        }
        Phase::Voting => (last_day(found), time_of(found.closes_at), "campaign-next-closes"),
        _ => return None,
    };
    let time = if time == NaiveTime::MIN { String::new() } else { time.format(" %H:%M").to_string() };
    Some((format!("{day}{time}"), key))
}

/// One step of the process that every campaign follows.
pub struct PhaseStep {
    /// Name of the step in words.
    pub word: String,
    /// Whether the campaign is at this step.
    pub current: bool,
}

/// The whole process, from sourcing to verification; empty for a campaign that was voted on elsewhere or cancelled.
pub fn steps(p: &Page, found: &campaign::Model, now: DateTime<Utc>) -> Vec<PhaseStep> {
    const WAY: [&str; 6] = ["source", "vote", "count", "dispatch", "fix", "verify"];
    let at = match Phase::of(found, now) {
        Phase::Draft | Phase::InReview => "source",
        Phase::Scheduled | Phase::Voting | Phase::Suspended => "vote",
        Phase::Closed | Phase::Tallied => "count",
        Phase::Certified => "dispatch",
        Phase::Dispatched => "fix",
        Phase::Cancelled => return Vec::new(),
    };
    if found.top_n == 0 {
        return Vec::new();
    }
    WAY.iter().map(|step| PhaseStep { word: p.tc("campaign-step-", step), current: *step == at }).collect()
}

/// The rules as term and text, in the order in which they take effect. `units` are names of places, in official order.
pub fn rules(p: &Page, found: &campaign::Model, units: &[String]) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut row = |term: &str, text: String| rows.push((p.t(term), text));
    let days = (last_day(found) - day_of(found.opens_at)).num_days() + 1;
    let mut time = dates(p, found);
    time.push(("days", days.to_string()));
    row("campaign-rule-time", p.tr("campaign-rule-time-text", &time));
    row("campaign-rule-choices", p.tr("campaign-rule-choices-text", &[("most", found.max_choices.to_string())]));
    row("campaign-rule-tracks", p.t(&format!("campaign-rule-tracks-{}", track_word(found))));
    if tracks(found).contains(&Track::Anonymous) {
        let args = [("cap", found.day_cap.to_string()), ("seconds", found.work_seconds.to_string())];
        row("campaign-rule-cap", p.tr("campaign-rule-cap-text", &args));
    }
    row("campaign-rule-display", p.tc("campaign-display-", found.display));
    if found.top_n == 0 {
        return rows;
    }
    let ranking = rule::sentence(p.locale, found);
    row(
        "campaign-rule-selection",
        p.tr("campaign-rule-selection-text", &[("count", found.top_n.to_string()), ("ranking", ranking)]),
    );
    row("campaign-rule-units", unit_names(p, units));
    row(
        "campaign-rule-acknowledgement",
        p.tr("campaign-rule-acknowledgement-text", &[("days", found.acknowledge_days.to_string())]),
    );
    row("campaign-rule-deadline", deadline(p, found));
    rows
}

/// The names of the places that receive the issues of a campaign, in official order.
pub fn units(p: &Page, places: &[place::Model], found: &campaign::Model) -> Vec<String> {
    let receiving = places.iter().filter(|place| found.units.has(&place.code));
    receiving.map(|place| p.pick(&place.name_zh, &place.name_en).to_owned()).collect()
}

/// The names of places while they are few, else their number.
fn unit_names(p: &Page, units: &[String]) -> String {
    const FEW: usize = 8;
    if units.len() <= FEW {
        units.join(&p.t("campaign-list-joint"))
    } else {
        p.tr("campaign-rule-units-text", &[("count", units.len().to_string())])
    }
}

fn deadline(p: &Page, found: &campaign::Model) -> String {
    match (found.deadline_on, found.deadline_days) {
        (Some(day), _) => p.tr("campaign-rule-deadline-on", &[("day", weekday(p, day))]),
        (None, days) => p.tr("campaign-rule-deadline-days", &[("days", days.unwrap_or(0).to_string())]),
    }
}

/// The tracks of a campaign as one code: `both`, or the code of the only one.
fn track_word(found: &campaign::Model) -> &'static str {
    match tracks(found).as_slice() {
        [Track::Anonymous] => "anonymous",
        [Track::RealName] => "real-name",
        _ => "both",
    }
}

/// The name of a move, as a history shows it.
pub fn act(p: &Page, act: CampaignMove) -> String {
    p.tc("campaign-act-", act)
}

/// The sentence about the start of a halt, and its confirmation or its end; empty where no halt is in force. The sentence names
/// offices, never people.
pub fn halt(p: &Page, found: &campaign::Model, now: DateTime<Utc>, history: &[campaign_event::Model]) -> String {
    let (Phase::Suspended, Some(since)) = (Phase::of(found, now), found.halted_at) else {
        return String::new();
    };
    let confirmation = history.iter().rfind(|event| event.act == CampaignMove::HaltConfirmation);
    let since = ("since", moment_long(p.locale, since));
    match (found.halt_until, confirmation) {
        (Some(until), _) => p.tr("campaign-halt-unconfirmed", &[since, ("until", moment_long(p.locale, until))]),
        (None, Some(event)) => p.tr("campaign-halt-confirmed", &[since, ("office", event.office.clone())]),
        (None, None) => p.tr("campaign-halt-since", &[since]),
    }
}

/// The name of a move with the reason that was given.
pub fn act_because(p: &Page, event: &campaign_event::Model) -> String {
    if event.reason.is_empty() {
        return act(p, event.act);
    }
    let args = [("act", act(p, event.act)), ("reason", event.reason.clone())];
    p.tr("campaign-act-because", &args)
}

/// The language of a campaign's own texts for the attribute `lang`; empty where the campaign has both languages or that of the
/// page.
pub fn own_language(p: &Page, found: &campaign::Model) -> String {
    if found.language == "both" || found.language == p.lang() { String::new() } else { found.language.clone() }
}

fn dashed(phase: Phase) -> String {
    phase.code().replace('_', "-")
}
