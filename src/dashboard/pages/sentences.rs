//! Sentences that a reader may quote, one function for each, in both languages.

use chrono::NaiveDate;
use entity::campaign_option;

use crate::base::clock::day_of;
use crate::dashboard::figures::{AssignmentAsOf, Count, GroupFigure, percent};
use crate::dashboard::queries::stories::Story;
use crate::dashboard::queries::{Dashboard, Dispatched};
use crate::dispatch::deadline::Due;
use crate::web::dates::day_short;
use crate::web::page::Page;

/// A share with its fraction: `59.5%` and `369/620`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Rate in percent with its sign, rounded half up to one decimal; a dash for 0 of 0.
    pub percent: String,
    /// Part and whole, separated by a slash.
    pub fraction: String,
}

impl Share {
    /// The share of a part in a whole.
    #[must_use]
    pub fn of(p: &Page, part: i64, whole: i64) -> Self {
        Self { percent: percentage(part, whole), fraction: format!("{}/{}", p.n(part), p.n(whole)) }
    }
}

/// A rate in percent with its sign; a dash, without sign, for 0 of 0.
#[must_use]
pub fn percentage(part: i64, whole: i64) -> String {
    let rate = percent(part, whole);
    let sign = if whole == 0 { "" } else { "%" };
    format!("{rate}{sign}")
}

/// The finding of the dashboard in one sentence, chosen by rule.
#[must_use]
pub fn finding(p: &Page, dash: &Dashboard) -> String {
    let (total, day) = (&dash.total, dash.as_of.day);
    let since = match dash.campaigns.as_slice() {
        [] => return p.t("dashboard-finding-none"),
        [one] => p.tr("dashboard-finding-since", &[("days", one.age(day).to_string())]),
        many => p.tr("dashboard-finding-many", &[("n", many.len().to_string())]),
    };
    let claimed = total.of(entity::stored::AssignmentState::Reported);
    let key = match total {
        t if t.resolved() == 0 && claimed == 0 => "dashboard-finding-begun",
        t if t.resolved() == 0 => "dashboard-finding-claimed",
        t if t.open() == 0 => "dashboard-finding-done",
        t if t.overdue == 0 => "dashboard-finding-open",
        t if t.overdue == t.open() => "dashboard-finding-all-late",
        _ => "dashboard-finding-late",
    };
    p.tr(
        key,
        &[
            ("since", since),
            ("all", p.n(total.assignments())),
            ("done", p.n(total.resolved())),
            ("rate", percent(total.resolved(), total.assignments())),
            ("verified", p.n(total.verified())),
            ("open", p.n(total.open())),
            ("late", p.n(total.overdue)),
            ("claimed", p.n(claimed)),
            ("exempt", p.n(total.exempt())),
            ("spared", spared(p, total)),
        ],
    )
}

/// The clause on the exempt assignments, so that the numbers of a sentence add up; empty where there are none.
#[must_use]
pub fn spared(p: &Page, count: &Count) -> String {
    match count.exempt() {
        0 => String::new(),
        exempt => p.tr("dashboard-spared", &[("n", p.n(exempt))]),
    }
}

/// Sentence on the issue with the lowest resolved rate, or on the number of issues that share that rate.
#[must_use]
pub fn stuck(p: &Page, dash: &Dashboard) -> Option<String> {
    let begun = dash.total.resolved() > 0 && dash.total.open() > 0;
    let lowest =
        dash.by_issue.iter().filter(|l| l.count.is_ranked() && begun).min_by(|a, b| a.count.against(&b.count))?;
    let equal: Vec<&GroupFigure> = dash.by_issue.iter().filter(|l| l.count.against(&lowest.count).is_eq()).collect();
    let parts = [("done", p.n(lowest.count.resolved())), ("all", p.n(lowest.count.assignments()))];
    let [done, all] = parts;
    if let [one] = equal.as_slice() {
        let option = wording(dash, &one.code)?;
        let title = super::names::issue_name(p, option);
        Some(p.tr("dashboard-stuck", &[("title", title), done, all]))
    } else if equal.len() * 2 < dash.by_issue.len() {
        let n = equal.len().to_string();
        Some(p.tr("dashboard-stuck-several", &[("n", n), done, all]))
    } else {
        None
    }
}

/// The option with the wording of an issue, by its code; none where the dashboard does not show the issue.
#[must_use]
pub fn wording<'a>(dash: &'a Dashboard, code: &str) -> Option<&'a campaign_option::Model> {
    dash.campaigns.iter().flat_map(Dispatched::worded).find(|(issue, _)| issue.code == code).map(|(_, option)| option)
}

/// Sentence on the progress of one issue on a day, such as 31省中28省上报已解决，14省已核验; none before its dispatch.
#[must_use]
pub fn issue_status(p: &Page, story: &Story, count: &Count, day: NaiveDate) -> Option<String> {
    let dispatch = story.dispatch.as_ref().filter(|_| story.issue.is_some())?;
    let age = (day - day_of(dispatch.at)).num_days();
    let reported = count.of(entity::stored::AssignmentState::Reported);
    let key = if count.resolved() > 0 {
        "dashboard-issue-status"
    } else if reported > 0 {
        "dashboard-issue-claimed"
    } else {
        "dashboard-issue-begun"
    };
    Some(p.tr(
        key,
        &[
            ("all", p.n(count.assignments())),
            ("done", p.n(count.resolved())),
            ("verified", p.n(count.verified())),
            ("claimed", p.n(reported)),
            ("days", age.to_string()),
        ],
    ))
}

/// Sentence on the progress of one province, such as 20项中14项上报已解决，6项已核验，1项返工.
#[must_use]
pub fn province_status(p: &Page, count: &Count, day: NaiveDate) -> String {
    let rework = count.of(entity::stored::AssignmentState::Rework);
    p.tr(
        "dashboard-province-status",
        &[
            ("all", p.n(count.assignments())),
            ("done", p.n(count.resolved())),
            ("verified", p.n(count.verified())),
            ("rework", p.n(rework)),
            ("day", day_short(p.locale, day)),
        ],
    )
}

/// Lateness of an assignment: its mark and its words; all empty where the deadline is not near.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    /// Code of the mark: `overdue`, `due-soon` or empty.
    pub code: &'static str,
    /// Lateness in words, such as 逾期4个工作日.
    pub short: String,
    /// Lateness in words with the deadline, such as 逾期4个工作日（期限7月2日）.
    pub long: String,
}

/// The lateness of an assignment, from its deadline.
#[must_use]
pub fn fact(p: &Page, due: Option<Due>, due_on: NaiveDate) -> Fact {
    let Some(due) = due.filter(|due| due.is_overdue() || due.is_soon()) else {
        return Fact::default();
    };
    let days = [("n", due.days.to_string())];
    let (code, short) = match (due.is_overdue(), due.days) {
        (true, 0) => ("overdue", p.t("dashboard-just-overdue")),
        (true, _) => ("overdue", p.tr("fact-overdue-days", &days)),
        (false, 0) => ("due-soon", p.t("dashboard-due-today")),
        (false, _) => ("due-soon", p.tr("fact-due-soon-days", &days)),
    };
    let day = day_short(p.locale, due_on);
    let long = p.tr("dashboard-with-deadline", &[("fact", short.clone()), ("due", day)]);
    Fact { code, short, long }
}

/// Partial coverage in percent, for the mark, and in words; none for full coverage or no claim.
#[must_use]
pub fn coverage(p: &Page, standing: &AssignmentAsOf) -> Option<(i64, String)> {
    let (done, all) = standing.coverage.filter(|(done, all)| done < all)?;
    let words = p.tr("fact-partial-of", &[("done", p.n(done)), ("all", p.n(all))]);
    Some((done * 100 / all.max(1), words))
}

/// A rank as it is shown: 1; =5 for a shared rank; a dash where everything is exempt.
#[must_use]
pub fn rank(line: &GroupFigure) -> String {
    match (line.rank, line.shared) {
        (Some(rank), true) => format!("={rank}"),
        (Some(rank), false) => rank.to_string(),
        (None, _) => "–".to_owned(),
    }
}

/// Splits a headline into clauses, so that lines break only between clauses.
#[must_use]
pub fn clauses(text: &str) -> Vec<String> {
    text.split_inclusive(['，', ','])
        .fold(Vec::new(), |mut parts: Vec<String>, part| {
            // A comma within a number does not separate clauses.
            let within =
                parts.last().is_some_and(|l| l.ends_with(',')) && part.starts_with(|c: char| c.is_ascii_digit());
            match parts.last_mut().filter(|_| within) {
                Some(last) => last.push_str(part),
                None => parts.push(part.to_owned()),
            }
            parts
        })
        .into_iter()
        .map(|part| part.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_breaks_at_commas_and_not_within_numbers() {
        assert_eq!(
            clauses("交办59天，1,240项里省级确认解决542项（43.7%），698项未解决"),
            ["交办59天，", "1,240项里省级确认解决542项（43.7%），", "698项未解决"]
        );
        assert_eq!(
            clauses("2 campaigns: 542 of 1,240 signed as resolved (43.7%), 698 open"),
            ["2 campaigns: 542 of 1,240 signed as resolved (43.7%),", "698 open"]
        );
    }
}
