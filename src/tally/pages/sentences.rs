//! Sentences about a count: the leading option, how a tie was broken, and the selection by the other rule. Each sentence has one
//! function, so that the page, the API, the file and the desk say the same.

use entity::stored::RankingRule;

use crate::tally::ranking::{Otherwise, Ranked};
use crate::web::locale::Locale;
use crate::web::page::thousands;

/// Example: “反复填写基本信息”得票最多：每5张选票约有1张. `titles` are the titles of the options with the most votes. While voting runs, the sentence
/// says that the result may change.
#[must_use]
pub fn finding(locale: Locale, titles: &[&str], votes: i64, ballots: i64, is_running: bool) -> String {
    if votes == 0 || ballots == 0 || titles.is_empty() {
        return locale.text("tally-finding-none");
    }
    let key = match (titles.len(), is_running) {
        (1, false) => "tally-finding-one",
        (1, true) => "tally-finding-one-running",
        (2, false) => "tally-finding-two",
        (2, true) => "tally-finding-two-running",
        (_, false) => "tally-finding-many",
        (_, true) => "tally-finding-many-running",
    };
    let title = |at: usize| titles.get(at).copied().unwrap_or("").to_owned();
    locale.message(
        key,
        &[
            ("first", title(0)),
            ("second", title(1)),
            ("count", titles.len().to_string()),
            ("often", often(locale, votes, ballots)),
        ],
    )
}

/// The sentence of [`finding`] for real-name ballots alone: `votes` and `ballots` are those of that track.
#[must_use]
pub fn finding_by_real_name(locale: Locale, titles: &[&str], votes: i64, ballots: i64, is_running: bool) -> String {
    if votes == 0 || ballots == 0 || titles.is_empty() {
        return locale.text("tally-finding-none-real-name");
    }
    let finding = finding(locale, titles, votes, ballots, is_running);
    locale.message("tally-finding-real-name", &[("finding", finding)])
}

/// How often an option was ticked: the simplest fraction near the share, with “about” unless the fraction is exact.
#[must_use]
pub fn often(locale: Locale, votes: i64, ballots: i64) -> String {
    let (part, whole) = fraction(votes, ballots);
    let exact = i128::from(part) * i128::from(ballots) == i128::from(whole) * i128::from(votes);
    let key = match (whole, exact) {
        (1, true) => "tally-often-all",
        (1, false) => "tally-often-nearly-all",
        (_, true) => "tally-often-exactly",
        (_, false) => "tally-often-about",
    };
    locale.message(key, &[("part", thousands(part)), ("whole", thousands(whole))])
}

/// The fraction nearest to a share among common fractions: one in so many, or some of up to five, or nine of ten.
fn fraction(part: i64, whole: i64) -> (i64, i64) {
    let below = (whole / part).max(1);
    let said = [(2, 3), (3, 4), (2, 5), (3, 5), (4, 5), (9, 10)];
    let one_in = [(1, below), (1, below + 1)];
    let distance = |(n, d): (i64, i64)| {
        let wide = |n: i64| i128::from(n);
        // part/whole - n/d|, multiplied by whole and by a common multiple of every d
        let apart = wide(part) * wide(d) - wide(n) * wide(whole);
        (apart.abs() * 60 * wide(below) * wide(below + 1)) / wide(d)
    };
    one_in.into_iter().chain(said).min_by_key(|f| distance(*f)).unwrap_or((1, below))
}

/// Example: S2-20与S2-21同为9,664票，按实名票2,654比2,813，S2-21入选. None where the option has no rival. `real_name` tells whether the
/// campaign took real-name ballots at all.
#[must_use]
pub fn tie(locale: Locale, rule: RankingRule, ranking: &[Ranked], code: &str, real_name: bool) -> Option<String> {
    let this = ranking.iter().find(|r| r.code == code)?;
    let note = this.tie.as_ref()?;
    let deciding = this.deciding(rule);
    let mut rivals: Vec<&Ranked> = ranking.iter().filter(|r| r.deciding(rule) == deciding).collect();
    let by_rank = codes(locale, &rivals, "tally-list-order");
    rivals.sort_by_key(|r| (r.code.len(), &r.code));
    let mut real: Vec<i64> = rivals.iter().map(|r| r.votes_real_name).collect();
    let numbers: Vec<String> = real.iter().map(|n| thousands(*n)).collect();
    real.sort_unstable();
    real.dedup();
    let key = match (real.len(), rivals.len()) {
        _ if rule == RankingRule::RealNameVotes => "tally-tie-real-name",
        (1, _) if real_name => "tally-tie-number",
        (1, _) => "tally-tie-number-only",
        (2, 2) => "tally-tie-two",
        (distinct, all) if distinct == all => "tally-tie-many",
        _ => "tally-tie-mixed",
    };
    let outcome = if note.across_cut {
        let selected: Vec<&Ranked> = rivals.iter().copied().filter(|r| r.selected).collect();
        locale.message(
            "tally-tie-selected",
            &[("codes", codes(locale, &selected, "tally-list-and")), ("count", selected.len().to_string())],
        )
    } else {
        locale.message("tally-tie-order", &[("codes", by_rank)])
    };
    Some(locale.message(
        key,
        &[
            ("codes", codes(locale, &rivals, "tally-list-and")),
            ("votes", thousands(deciding)),
            ("first", numbers.first().cloned().unwrap_or_default()),
            ("second", numbers.get(1).cloned().unwrap_or_default()),
            ("numbers", numbers.join(" / ")),
            ("outcome", outcome),
        ],
    ))
}

/// The sentence on the tie across the cut; none where there is no such tie.
#[must_use]
pub fn tie_across_cut(locale: Locale, rule: RankingRule, ranking: &[Ranked], real_name: bool) -> Option<String> {
    let torn = ranking.iter().find(|r| r.tie.as_ref().is_some_and(|t| t.across_cut))?;
    tie(locale, rule, ranking, &torn.code, real_name)
}

/// Example: 如果按全部得票（匿名加实名）排，前20项会有1项不同：换上S3-05，换下S3-20。 `top_n` is the number of selected options.
#[must_use]
pub fn otherwise(locale: Locale, other: &Otherwise, top_n: i32) -> String {
    let by = locale.text(match other.rule {
        RankingRule::AllVotes => "tally-otherwise-by-all",
        RankingRule::RealNameVotes => "tally-otherwise-by-real-name",
    });
    if other.comes_in.is_empty() {
        return locale.message("tally-otherwise-same", &[("by", by), ("n", top_n.to_string())]);
    }
    let listed = |codes: &[String]| joined(locale, codes.iter().map(String::as_str), "tally-list-and");
    locale.message(
        "tally-otherwise-differs",
        &[
            ("by", by),
            ("n", top_n.to_string()),
            ("moved", other.comes_in.len().to_string()),
            ("in", listed(&other.comes_in)),
            ("out", listed(&other.falls_out)),
        ],
    )
}

fn codes(locale: Locale, options: &[&Ranked], last: &str) -> String {
    joined(locale, options.iter().map(|r| r.code.as_str()), last)
}

/// Codes as a list: A, B and C. `last` is the key of the message that joins the last code.
fn joined<'a>(locale: Locale, codes: impl Iterator<Item = &'a str>, last: &str) -> String {
    let codes: Vec<&str> = codes.collect();
    match codes.split_last() {
        None => String::new(),
        Some((end, [])) => (*end).to_owned(),
        Some((end, rest)) => {
            let start = rest.join(&locale.text("tally-list-comma"));
            locale.message(last, &[("start", start), ("end", (*end).to_owned())])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::ranking::{Counted, rank};
    use RankingRule::{AllVotes, RealNameVotes};

    #[test]
    fn the_finding_says_how_often_in_both_languages() {
        let retyping = ["反复填写基本信息", "Retyping the same details"];
        for (votes, ballots, zh, en) in [
            (36_922, 180_000, "每5张选票里约有1张选了它", "about 1 ballot in 5"),
            (36_000, 180_000, "每5张选票里有1张选了它", "1 ballot in 5"),
            (2, 3, "每3张选票里有2张选了它", "2 ballots in 3"),
            (66, 100, "每3张选票里约有2张选了它", "about 2 ballots in 3"),
            (43, 100, "每5张选票里约有2张选了它", "about 2 ballots in 5"),
            (50, 100, "每2张选票里有1张选了它", "1 ballot in 2"),
            (97, 100, "几乎每张选票都选了它", "almost every ballot"),
            (4, 4, "每张选票都选了它", "every ballot"),
            (1, 1_240, "每1,240张选票里有1张选了它", "1 ballot in 1,240"),
            (7, 100, "每14张选票里约有1张选了它", "about 1 ballot in 14"),
        ] {
            assert_eq!(
                finding(Locale::Zh, &[retyping[0]], votes, ballots, false),
                format!("“反复填写基本信息”得票最多：{zh}")
            );
            assert_eq!(
                finding(Locale::En, &[retyping[1]], votes, ballots, false),
                format!("“Retyping the same details” came first: {en}")
            );
        }
    }

    #[test]
    fn a_shared_first_place_and_no_votes_are_said_as_they_are() {
        for (titles, running, zh, en) in [
            (
                &["甲", "乙"][..],
                false,
                "“甲”与“乙”得票并列最多，两项都是每4张选票里有1张选了它",
                "“甲” and “乙” share the first place: 1 ballot in 4",
            ),
            (
                &["甲", "乙", "丙"],
                false,
                "3项得票并列最多，每项都是每4张选票里有1张选了它",
                "3 options share the first place: 1 ballot in 4 each",
            ),
            (&["甲"], true, "“甲”目前得票最多：每4张选票里有1张选了它", "“甲” leads so far: 1 ballot in 4"),
        ] {
            assert_eq!(finding(Locale::Zh, titles, 5, 20, running), zh);
            assert_eq!(finding(Locale::En, titles, 5, 20, running), en);
        }
        assert_eq!(finding(Locale::Zh, &["甲"], 0, 0, false), "没有收到选票");
        assert_eq!(finding(Locale::En, &["甲"], 0, 0, false), "No ballots came in");
    }

    fn ranked(rule: RankingRule, options: &[(&str, i64, i64)], top_n: usize) -> Vec<Ranked> {
        let counted = options.iter().zip(1..).map(|((code, votes, real), n)| Counted {
            code: (*code).to_owned(),
            ballot_no: n,
            votes: *votes,
            votes_real_name: *real,
        });
        rank(rule, counted.collect(), top_n)
    }

    #[test]
    fn a_tie_is_told_with_its_numbers_and_its_outcome() {
        let s2 = [("S2-20", 9664, 2654), ("S2-21", 9664, 2813)];
        let three = [("A-2", 7, 3), ("A-10", 7, 2), ("A-3", 7, 1)];
        let mixed = [("A-2", 7, 3), ("A-10", 7, 2), ("A-3", 7, 2)];
        let equal = [("A-1", 1500, 4), ("A-2", 1500, 4)];
        for (options, top_n, real_name, zh, en) in [
            (
                &s2[..],
                1,
                true,
                "S2-20与S2-21同为9,664票，按实名票2,654比2,813，S2-21入选",
                "S2-20 and S2-21 tie at 9,664; by real-name votes, 2,654 to 2,813, S2-21 is selected",
            ),
            (
                &s2,
                2,
                true,
                "S2-20与S2-21同为9,664票，按实名票2,654比2,813，排为S2-21、S2-20",
                "S2-20 and S2-21 tie at 9,664; by real-name votes, 2,654 to 2,813, the order is S2-21, S2-20",
            ),
            (
                &three,
                2,
                true,
                "A-2、A-3与A-10同为7票，按实名票（3 / 1 / 2），A-2与A-10入选",
                "A-2, A-3 and A-10 tie at 7; by real-name votes (3 / 1 / 2), A-2 and A-10 are selected",
            ),
            (
                &mixed,
                2,
                true,
                "A-2、A-3与A-10同为7票，按实名票（3 / 2 / 2），再按题号，A-2与A-10入选",
                "A-2, A-3 and A-10 tie at 7; by real-name votes (3 / 2 / 2), then by option number, A-2 and A-10 are selected",
            ),
            (
                &equal,
                1,
                true,
                "A-1与A-2同为1,500票，实名票都是4，按题号，A-1入选",
                "A-1 and A-2 tie at 1,500 with 4 real-name votes each; by option number, A-1 is selected",
            ),
            (
                &equal,
                1,
                false,
                "A-1与A-2同为1,500票，按题号，A-1入选",
                "A-1 and A-2 tie at 1,500; by option number, A-1 is selected",
            ),
        ] {
            let ranking = ranked(AllVotes, options, top_n);
            let code = options[0].0;
            assert_eq!(tie(Locale::Zh, AllVotes, &ranking, code, real_name).as_deref(), Some(zh));
            assert_eq!(tie(Locale::En, AllVotes, &ranking, code, real_name).as_deref(), Some(en));
        }
    }

    #[test]
    fn only_a_tie_across_the_cut_is_told_above_the_table() {
        let ranking = ranked(AllVotes, &[("A", 9, 1), ("B", 9, 0), ("C", 5, 0)], 2);
        assert_eq!(tie_across_cut(Locale::Zh, AllVotes, &ranking, true), None);
        assert_eq!(tie(Locale::Zh, AllVotes, &ranking, "C", true), None);
        assert!(tie(Locale::Zh, AllVotes, &ranking, "B", true).is_some());
    }

    #[test]
    fn by_real_names_a_tie_is_one_of_real_name_votes_and_goes_by_the_number() {
        let ranking = ranked(RealNameVotes, &[("A-1", 9000, 1500), ("A-2", 1500, 1500), ("A-3", 9000, 4)], 1);
        assert_eq!(
            tie_across_cut(Locale::Zh, RealNameVotes, &ranking, true).as_deref(),
            Some("A-1与A-2的实名票同为1,500票，按题号，A-1入选")
        );
        assert_eq!(
            tie(Locale::En, RealNameVotes, &ranking, "A-2", true).as_deref(),
            Some("A-1 and A-2 tie at 1,500 real-name votes; by option number, A-1 is selected")
        );
        assert_eq!(tie(Locale::En, RealNameVotes, &ranking, "A-3", true), None);
    }

    #[test]
    fn a_finding_of_real_names_says_so() {
        assert_eq!(
            finding_by_real_name(Locale::Zh, &["甲"], 5, 20, false),
            "实名票中，“甲”得票最多：每4张选票里有1张选了它"
        );
        assert_eq!(
            finding_by_real_name(Locale::En, &["甲"], 5, 20, false),
            "Among real-name ballots, “甲” came first: 1 ballot in 4"
        );
        assert_eq!(finding_by_real_name(Locale::Zh, &["甲"], 0, 0, false), "没有收到实名选票");
    }

    #[test]
    fn what_the_other_rule_would_select_is_named_or_said_to_be_the_same() {
        let codes = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect();
        for (rule, comes_in, falls_out, zh, en) in [
            (
                AllVotes,
                &["S3-05"][..],
                &["S3-20"][..],
                "如果按全部得票（匿名加实名）排，前20项会有1项不同：换上S3-05，换下S3-20。",
                "By all votes, anonymous ones included, 1 of the first 20 would be another: S3-05 in, S3-20 out.",
            ),
            (
                RealNameVotes,
                &["A", "B"],
                &["C", "D"],
                "如果只按实名票排，前20项会有2项不同：换上A与B，换下C与D。",
                "By real-name votes alone, 2 of the first 20 would be others: A and B in, C and D out.",
            ),
            (
                AllVotes,
                &[],
                &[],
                "如果按全部得票（匿名加实名）排，前20项还是这些。",
                "By all votes, anonymous ones included, the first 20 would be the same.",
            ),
            (
                RealNameVotes,
                &[],
                &[],
                "如果只按实名票排，前20项还是这些。",
                "By real-name votes alone, the first 20 would be the same.",
            ),
        ] {
            let other = Otherwise { rule, comes_in: codes(comes_in), falls_out: codes(falls_out) };
            assert_eq!(otherwise(Locale::Zh, &other, 20), zh);
            assert_eq!(otherwise(Locale::En, &other, 20), en);
        }
    }
}
