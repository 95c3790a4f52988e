//! The votes by option as a bar chart that is also a table, and the same numbers as plain rows.

use entity::campaign_option;
use entity::stored::RankingRule;

use crate::base::percentage::percent;
use crate::tally::pages::sentences::tie;
use crate::tally::published::by_option;
use crate::tally::queries::{Count, Results};
use crate::tally::ranking::Ranked;
use crate::web::locale::Locale;
use crate::web::page::{Page, thousands};

/// The chart with its sentences.
pub(super) struct Chart {
    /// Sentence on the votes at the cut.
    pub finding: String,
    /// Sentence on the measure; it also says that shares do not add up to 100 %.
    pub reading: String,
    /// Sentence on the source of the figures.
    pub source: String,
    /// Number of votes of the longest bar.
    pub max: i64,
    /// Bars of the chart, one for each option.
    pub bars: Vec<Bar>,
    /// The figures of the bars as table rows.
    pub rows: Vec<ChartRow>,
    /// Name of the second part of a bar; empty where a bar has one part. A bar has one part where only anonymous ballots are
    /// taken, and where real-name votes decide. In the second case anonymous votes are no part of the bar, so that stuffed
    /// ballots do not shrink the bars that count.
    pub second: String,
    /// Head of the column of deciding votes.
    pub values: String,
    /// Head of the column of shares.
    pub shares: String,
    /// Whether real-name votes decide and anonymous votes are shown beside them.
    pub by_real_name: bool,
    /// Language of the titles; empty where it is the language of the page.
    pub lang: String,
}

/// A bar with its label and its numbers.
pub(super) struct Bar {
    pub rank: String,
    pub label: String,
    pub href: String,
    pub a: i64,
    pub b: i64,
    pub value: String,
    pub share: String,
    pub cut: bool,
    pub note: String,
}

/// A row of the table of votes.
pub(super) struct ChartRow {
    pub rank: String,
    pub code: String,
    pub title: String,
    pub href: String,
    pub votes: String,
    pub anonymous: String,
    pub real_name: String,
    pub share: String,
    pub selected: String,
    pub cut: bool,
}

/// The chart of the figures that may be shown.
pub(super) fn chart(p: &Page, shown: &Results, count: &Count) -> Chart {
    let rows: Vec<(Bar, ChartRow)> = count.ranking.iter().map(|ranked| line(p, shown, count, ranked)).collect();
    let (bars, rows) = rows.into_iter().unzip();
    let most = count.ranking.first().map_or(0, |r| r.deciding(shown.campaign.ranking_rule));
    let by_real_name = shown.is_by_real_name();
    let key = if is_running(count) { "tally-source-running" } else { "tally-source" };
    Chart {
        finding: finding(p, shown, count),
        reading: reading(p, shown, count),
        source: p.t(key),
        max: most.max(1),
        bars,
        rows,
        second: if shown.has_real_name() && !by_real_name { p.t("tally-real-name") } else { String::new() },
        values: p.t(if by_real_name { "tally-votes-real-name" } else { "tally-votes-short" }),
        shares: shares(p, shown),
        by_real_name,
        lang: language(p, &shown.campaign.language),
    }
}

/// Head of the column of shares: shares of all ballots, or of the ballots whose votes decide.
pub(super) fn shares(p: &Page, shown: &Results) -> String {
    p.t(if shown.is_by_real_name() { "tally-share-real-name" } else { "tally-share" })
}

/// The language of a campaign's titles; empty where it is the language of the page.
pub(super) fn language(p: &Page, campaign: &str) -> String {
    match campaign {
        "both" => String::new(),
        own if own == p.lang() => String::new(),
        own => own.to_owned(),
    }
}

/// Whether the figures still change.
pub(super) const fn is_running(count: &Count) -> bool {
    count.tally.is_none()
}

/// The full title of an option in the language of the page.
pub(super) fn title(locale: Locale, option: Option<&campaign_option::Model>) -> String {
    option.map_or_else(String::new, |o| locale.pick(&o.title_zh, &o.title_en).to_owned())
}

/// The short title of an option in the language of the page; the full title where there is no short one.
pub(super) fn short(locale: Locale, option: Option<&campaign_option::Model>) -> String {
    match option.map(|o| locale.pick(&o.short_zh, &o.short_en)) {
        Some(short) if !short.is_empty() => short.to_owned(),
        _ => title(locale, option),
    }
}

/// The short titles of the options with the most deciding votes, and the number of these votes.
pub(super) fn leaders(p: &Page, rule: RankingRule, count: &Count) -> (Vec<String>, i64) {
    let most = count.ranking.first().map_or(0, |r| r.deciding(rule));
    let titles =
        count.ranking.iter().take_while(|r| r.deciding(rule) == most).map(|r| short(p.locale, count.option(&r.code)));
    (titles.collect(), most)
}

fn line(p: &Page, shown: &Results, count: &Count, ranked: &Ranked) -> (Bar, ChartRow) {
    let rule = shown.campaign.ranking_rule;
    let ballots = shown.turnout.unwrap_or_default().deciding(rule);
    let top_n = shown.campaign.top_n;
    let option = count.option(&ranked.code);
    // Only a certified selection has issues to link to.
    let href = if count.selection.is_some() && ranked.selected {
        p.href(&format!("/issues/{}", ranked.code))
    } else {
        String::new()
    };
    let votes = by_option(&count.cells).get(ranked.code.as_str()).copied().unwrap_or_default();
    let cut = ranked.rank == top_n && usize::try_from(top_n).is_ok_and(|n| n < count.ranking.len());
    let share = format!("{}%", percent(ranked.deciding(rule), ballots));
    let (a, b) = if shown.is_by_real_name() { (votes.real_name, 0) } else { (votes.anonymous, votes.real_name) };
    let bar = Bar {
        rank: ranked.rank.to_string(),
        label: short(p.locale, option),
        href: href.clone(),
        a,
        b,
        value: thousands(ranked.deciding(rule)),
        share: share.clone(),
        cut,
        note: note(p, shown, count, ranked),
    };
    let row = ChartRow {
        rank: ranked.rank.to_string(),
        code: ranked.code.clone(),
        title: title(p.locale, option),
        href,
        votes: thousands(ranked.votes),
        anonymous: thousands(votes.anonymous),
        real_name: thousands(votes.real_name),
        share,
        selected: selected(p, shown, count, ranked),
        cut,
    };
    (bar, row)
}

/// The code of the option, the votes that the row does not show yet, and the outcome at the cut.
fn note(p: &Page, shown: &Results, count: &Count, ranked: &Ranked) -> String {
    let note = if shown.is_by_real_name() {
        let anonymous = thousands(ranked.votes - ranked.votes_real_name);
        p.tr("tally-note-anonymous", &[("code", ranked.code.clone()), ("votes", anonymous)])
    } else if shown.has_real_name() {
        p.tr("tally-note-real-name", &[("code", ranked.code.clone()), ("votes", thousands(ranked.votes_real_name))])
    } else {
        ranked.code.clone()
    };
    if is_running(count) || shown.campaign.top_n < 1 {
        return note;
    }
    let torn = ranked.tie.as_ref().is_some_and(|t| t.across_cut);
    let key = match (ranked.selected, torn) {
        (true, false) => return note,
        (true, true) => "tally-note-tie-selected",
        (false, true) => "tally-note-tie",
        (false, false) => "tally-note-not-selected",
    };
    p.tr(key, &[("note", note)])
}

/// Whether the option is selected, with the reason.
pub(super) fn selected(p: &Page, shown: &Results, count: &Count, ranked: &Ranked) -> String {
    let top_n = shown.campaign.top_n;
    if top_n < 1 {
        return String::new();
    }
    let torn = ranked.tie.as_ref().is_some_and(|t| t.across_cut);
    if torn && !is_running(count) {
        let real_name = shown.has_real_name();
        let rule = shown.campaign.ranking_rule;
        return tie(p.locale, rule, &count.ranking, &ranked.code, real_name).unwrap_or_default();
    }
    let key = match (ranked.selected, is_running(count)) {
        (true, false) => "tally-yes",
        (false, false) => "tally-no",
        (true, true) => "tally-yes-running",
        (false, true) => "tally-no-running",
    };
    p.tr(key, &[("n", top_n.to_string())])
}

/// The sentence above the chart: the votes on both sides of the cut, or at the top where nothing is cut.
fn finding(p: &Page, shown: &Results, count: &Count) -> String {
    let at = |rank: usize| count.ranking.get(rank.wrapping_sub(1));
    let cut = usize::try_from(shown.campaign.top_n).unwrap_or(0);
    let votes = |ranked: &Ranked| ranked.deciding(shown.campaign.ranking_rule);
    let (last, next, key) = match (at(cut), at(cut + 1)) {
        (Some(last), Some(next)) if votes(last) == votes(next) => (last, next, "tally-cut-tie"),
        (Some(last), Some(next)) if is_running(count) => (last, next, "tally-cut-gap-running"),
        (Some(last), Some(next)) => (last, next, "tally-cut-gap"),
        _ => match (at(1), at(2)) {
            (Some(first), Some(second)) => (first, second, "tally-cut-none"),
            _ => return p.t("tally-cut-one"),
        },
    };
    p.tr(
        key,
        &[
            ("last", last.rank.to_string()),
            ("next", next.rank.to_string()),
            ("gap", thousands(votes(last) - votes(next))),
            ("unit", p.t(if shown.is_by_real_name() { "tally-unit-real-name" } else { "tally-unit" })),
        ],
    )
}

fn reading(p: &Page, shown: &Results, count: &Count) -> String {
    let campaign = &shown.campaign;
    let ballots = shown.turnout.unwrap_or_default().deciding(campaign.ranking_rule);
    let mut text = p.tr(
        "tally-reading",
        &[("max", campaign.max_choices.to_string()), ("share", shares(p, shown)), ("ballots", thousands(ballots))],
    );
    if shown.is_by_real_name() {
        text.push_str(&p.t("tally-reading-real-name"));
    }
    if campaign.top_n > 0 {
        let key = if is_running(count) { "tally-reading-cut-running" } else { "tally-reading-cut" };
        text.push_str(&p.tr(key, &[("n", campaign.top_n.to_string())]));
    }
    text
}
