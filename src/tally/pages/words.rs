//! Wording of the results that the public page, its file and the desk share.

use chrono::{DateTime, Datelike, Utc};
use entity::campaign;

use super::chart::{is_running, leaders};
use crate::base::clock::day_of;
use crate::base::clock::last_day;
use crate::campaign::rule;
use crate::tally::pages::sentences;
use crate::tally::queries::{self, Results};
use crate::tally::ranking::Ranked;
use crate::web::dates::{closing_time, day_long, day_short, moment_long};
use crate::web::page::Page;

/// A coloured notice above the figures.
pub(super) struct Stripe {
    pub kind: &'static str,
    pub word: String,
    pub text: String,
}

/// The campaign's name in the language of the page.
pub(super) fn name(p: &Page, shown: &Results) -> String {
    p.pick(&shown.campaign.name_zh, &shown.campaign.name_en).to_owned()
}

/// The finding; before there are counts, a sentence on what is awaited.
pub(super) fn headline(p: &Page, shown: &Results) -> String {
    let Some(count) = &shown.count else {
        return p.tc("tally-wait-", shown.phase);
    };
    let rule = shown.campaign.ranking_rule;
    let (titles, votes) = leaders(p, rule, count);
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let ballots = shown.turnout.unwrap_or_default().deciding(rule);
    let tell = if shown.is_by_real_name() { sentences::finding_by_real_name } else { sentences::finding };
    tell(p.locale, &titles, votes, ballots, is_running(count))
}

/// The ranking rule, with a note that it was fixed before the vote. For an imported vote, the rule alone.
pub(super) fn rule_in_words(p: &Page, shown: &Results) -> String {
    let key = if shown.campaign.top_n < 1 { "tally-rule-imported" } else { "tally-rule-before" };
    p.tr(key, &[("ranking", rule::sentence(p.locale, &shown.campaign))])
}

/// Name and version of the ranking rule.
pub(super) fn rule_name(p: &Page, shown: &Results) -> String {
    p.tr("tally-rule-name", &[("rule", shown.campaign.ranking_rule.to_string())])
}

/// The sentence that anonymous ballots are not people; empty where there are no anonymous ballots.
pub(super) fn not_people(p: &Page, shown: &Results) -> String {
    if shown.has_anonymous() { p.t("tally-not-people") } else { String::new() }
}

/// The notice on the selection by the other rule; none where there is only one track.
pub(super) fn otherwise(p: &Page, campaign: &campaign::Model, ranking: &[Ranked]) -> Option<Stripe> {
    let other = queries::other_selection(campaign, ranking)?;
    Some(Stripe {
        kind: if other.comes_in.is_empty() { "info" } else { "warn" },
        word: p.t("tally-otherwise-word"),
        text: sentences::otherwise(p.locale, &other, campaign.top_n),
    })
}

/// The date of the figures, and the date of the close.
pub(super) fn as_of(p: &Page, shown: &Results) -> String {
    let Some(tally) = shown.count.as_ref().and_then(|c| c.tally.as_ref()) else {
        let key = if shown.turnout.is_some() { "tally-as-of-step" } else { "tally-as-of-now" };
        return p.tr(key, &[("moment", moment_long(p.locale, shown.at))]);
    };
    let close = last_day(shown.campaign.closes_at);
    // The year is given only once.
    let later = |at: DateTime<Utc>| match day_of(at) {
        day if day.year() == close.year() => day_short(p.locale, day),
        day => day_long(p.locale, day),
    };
    let counted = later(tally.counted_at);
    let close = day_long(p.locale, close);
    let time = ("time", closing_time(shown.campaign.closes_at));
    let certified = shown.count.as_ref().and_then(|c| c.selection.as_ref()?.second_at);
    match certified {
        Some(at) => {
            let args = [("close", close), time, ("counted", counted), ("certified", later(at))];
            p.tr("tally-as-of-certified", &args)
        }
        None => p.tr("tally-as-of-counted", &[("close", close), time, ("counted", counted)]),
    }
}

/// The sentence on the steps in which the figures move, and on a first step that is still awaited.
pub(super) fn steps(p: &Page, shown: &Results) -> String {
    match (shown.is_stepwise(), shown.too_few) {
        (false, _) => String::new(),
        (true, false) => p.t("tally-steps"),
        (true, true) => format!("{}{}", p.t("tally-too-few"), p.t("tally-steps")),
    }
}
