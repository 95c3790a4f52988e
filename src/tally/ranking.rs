//! The ranking rules. Each rule is published before its vote and states what is compared in which order. The first N options are
//! selected. The selection by the other rule is shown beside every selection.

use entity::stored::RankingRule;
use serde::{Deserialize, Serialize};

/// An option with its votes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Code of the option.
    pub code: String,
    /// Number of the option in the fixed order of the ballot.
    pub ballot_no: i32,
    /// Option votes on all tracks.
    pub votes: i64,
    /// Option votes on the real-name track.
    pub votes_real_name: i64,
}

/// An option with its rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// Rank of the option; 1 is first. No two options share a rank.
    pub rank: i32,
    /// Code of the option.
    pub code: String,
    /// Number of the option in the fixed order of the ballot.
    pub ballot_no: i32,
    /// Option votes on all tracks.
    pub votes: i64,
    /// Option votes on the real-name track.
    pub votes_real_name: i64,
    /// Whether the option is among the first N.
    pub selected: bool,
    /// Options with as many deciding votes, and the step that broke the tie; none without a tie.
    pub tie: Option<Tie>,
}

/// A tie and how it was broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// Codes of the other options with the same number of deciding votes.
    pub with: Vec<String>,
    /// Step of the ranking rule that broke the tie.
    pub step: Step,
    /// Whether the cut divides the tie: some options are selected, some are not.
    pub across_cut: bool,
}

/// The step of a ranking rule that breaks a tie of deciding votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, poem_openapi::Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum Step {
    /// The real-name votes of the options differ.
    RealName,
    /// Only the numbers on the ballot differ.
    BallotNumber,
}

/// The ranking rules as values to compare: the deciding votes, then the votes that break a tie. Under both rules the last
/// comparison is the number on the ballot, smaller numbers first.
const fn compared(rule: RankingRule, votes: i64, votes_real_name: i64) -> (i64, Option<i64>) {
    match rule {
        RankingRule::RealNameVotes => (votes_real_name, None),
        RankingRule::AllVotes => (votes, Some(votes_real_name)),
    }
}

/// The deciding votes under a rule.
#[must_use]
pub const fn deciding(rule: RankingRule, votes: i64, votes_real_name: i64) -> i64 {
    compared(rule, votes, votes_real_name).0
}

impl Counted {
    const fn compared(&self, rule: RankingRule) -> (i64, Option<i64>) {
        compared(rule, self.votes, self.votes_real_name)
    }
}

impl Ranked {
    /// The votes that decided the rank under a rule.
    #[must_use]
    pub const fn deciding(&self, rule: RankingRule) -> i64 {
        deciding(rule, self.votes, self.votes_real_name)
    }
}

/// Ranks the options by a rule and marks the first `top_n`.
#[must_use]
pub fn rank(rule: RankingRule, mut options: Vec<Counted>, top_n: usize) -> Vec<Ranked> {
    options.sort_by(|a, b| b.compared(rule).cmp(&a.compared(rule)).then_with(|| a.ballot_no.cmp(&b.ballot_no)));
    (0..options.len()).map(|at| place(rule, &options, at, top_n)).collect()
}

fn place(rule: RankingRule, options: &[Counted], at: usize, top_n: usize) -> Ranked {
    let this = &options[at];
    let (deciding, behind) = this.compared(rule);
    let rivals: Vec<(usize, &Counted)> =
        options.iter().enumerate().filter(|(n, o)| *n != at && o.compared(rule).0 == deciding).collect();
    let tie = (!rivals.is_empty()).then(|| Tie {
        with: rivals.iter().map(|(_, o)| o.code.clone()).collect(),
        step: if rivals.iter().any(|(_, o)| o.compared(rule).1 == behind) {
            Step::BallotNumber
        } else {
            Step::RealName
        },
        across_cut: rivals.iter().any(|(n, _)| (*n < top_n) != (at < top_n)),
    });
    Ranked {
        rank: i32::try_from(at + 1).unwrap_or(i32::MAX),
        code: this.code.clone(),
        ballot_no: this.ballot_no,
        votes: this.votes,
        votes_real_name: this.votes_real_name,
        selected: at < top_n,
        tie,
    }
}

/// The selection by the other rule, compared with the campaign's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otherwise {
    /// Ranking rule that the campaign does not use.
    pub rule: RankingRule,
    /// Codes of the options that only the other rule would select, in the order of the other rule.
    pub comes_in: Vec<String>,
    /// Codes of the options that only the campaign's rule selects, by rank.
    pub falls_out: Vec<String>,
}

/// Selects as many options by the other rule. The comparison shows at every selection what anonymous votes changed, or would have
/// changed.
#[must_use]
pub fn otherwise(rule: RankingRule, ranking: &[Ranked]) -> Otherwise {
    let other = match rule {
        RankingRule::RealNameVotes => RankingRule::AllVotes,
        RankingRule::AllVotes => RankingRule::RealNameVotes,
    };
    let counted = ranking.iter().map(|r| Counted {
        code: r.code.clone(),
        ballot_no: r.ballot_no,
        votes: r.votes,
        votes_real_name: r.votes_real_name,
    });
    let again = rank(other, counted.collect(), ranking.iter().filter(|r| r.selected).count());
    let only = |these: &[Ranked], those: &[Ranked]| {
        let selected = |code: &str| those.iter().any(|r| r.selected && r.code == code);
        these.iter().filter(|r| r.selected && !selected(&r.code)).map(|r| r.code.clone()).collect()
    };
    Otherwise { rule: other, comes_in: only(&again, ranking), falls_out: only(ranking, &again) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RankingRule::{AllVotes, RealNameVotes};
    use proptest::prelude::*;

    fn counted(code: &str, ballot_no: i32, votes: i64, votes_real_name: i64) -> Counted {
        Counted { code: code.to_owned(), ballot_no, votes, votes_real_name }
    }

    fn codes(ranked: &[Ranked]) -> Vec<(&str, bool)> {
        ranked.iter().map(|r| (r.code.as_str(), r.selected)).collect()
    }

    fn season_two() -> Vec<Counted> {
        vec![counted("S2-20", 28, 9664, 2654), counted("S2-21", 29, 9664, 2813), counted("S2-19", 26, 10_538, 2981)]
    }

    #[test]
    fn by_all_votes_a_tie_across_the_cut_goes_by_real_name_votes() {
        let ranked = rank(AllVotes, season_two(), 2);
        assert_eq!(codes(&ranked), [("S2-19", true), ("S2-21", true), ("S2-20", false)]);
        let tie = ranked[2].tie.as_ref().unwrap();
        assert_eq!(
            (tie.with.as_slice(), tie.step, tie.across_cut),
            (["S2-21".to_owned()].as_slice(), Step::RealName, true)
        );
        assert_eq!(ranked[0].tie, None);
        // There is no tie by real-name votes.
        assert!(rank(RealNameVotes, season_two(), 2).iter().all(|r| r.tie.is_none()));
    }

    #[test]
    fn equal_in_everything_goes_by_ballot_number() {
        for rule in [AllVotes, RealNameVotes] {
            let ranked = rank(rule, vec![counted("b", 2, 5, 1), counted("a", 1, 5, 1)], 1);
            assert_eq!(ranked[0].code, "a");
            assert_eq!(ranked[1].tie.as_ref().unwrap().step, Step::BallotNumber);
        }
    }

    #[test]
    fn by_real_name_votes_a_tie_goes_by_ballot_number_whatever_anonymous_votes_say() {
        let ranked =
            rank(RealNameVotes, vec![counted("b", 2, 9000, 7), counted("a", 1, 7, 7), counted("c", 3, 90, 8)], 2);
        assert_eq!(codes(&ranked), [("c", true), ("a", true), ("b", false)]);
        let tie = ranked[1].tie.as_ref().unwrap();
        assert_eq!(
            (tie.with.as_slice(), tie.step, tie.across_cut),
            (["b".to_owned()].as_slice(), Step::BallotNumber, true)
        );
        assert_eq!(ranked[0].tie, None);
    }

    #[test]
    fn anonymous_votes_move_what_all_votes_select_and_it_is_said_which() {
        let honest = vec![counted("a", 1, 50, 30), counted("b", 2, 40, 20), counted("c", 3, 10, 5)];
        let same = |rule| Otherwise { rule, comes_in: Vec::new(), falls_out: Vec::new() };
        assert_eq!(otherwise(RealNameVotes, &rank(RealNameVotes, honest.clone(), 2)), same(AllVotes));
        assert_eq!(otherwise(AllVotes, &rank(AllVotes, honest.clone(), 2)), same(RealNameVotes));
        let mut pushed = honest.clone();
        pushed[2].votes += 9000;
        let by_name = rank(RealNameVotes, pushed.clone(), 2);
        assert_eq!(codes(&by_name), codes(&rank(RealNameVotes, honest, 2)));
        let (b, c) = (vec!["b".to_owned()], vec!["c".to_owned()]);
        let moved = Otherwise { rule: AllVotes, comes_in: c.clone(), falls_out: b.clone() };
        assert_eq!(otherwise(RealNameVotes, &by_name), moved);
        let moved = Otherwise { rule: RealNameVotes, comes_in: b, falls_out: c };
        assert_eq!(otherwise(AllVotes, &rank(AllVotes, pushed, 2)), moved);
    }

    fn options() -> impl Strategy<Value = Vec<Counted>> {
        proptest::collection::vec((0i64..6, 0i64..4), 1..12).prop_map(|votes| {
            votes.iter().zip(1..).map(|((v, r), n)| counted(&format!("o{n}"), n, *v, (*r).min(*v))).collect()
        })
    }

    proptest! {
        #[test]
        fn the_order_of_input_does_not_matter_and_no_loser_beats_a_winner(
            options in options(),
            rule in prop_oneof![Just(AllVotes), Just(RealNameVotes)],
            top_n in 0usize..14,
            turn in 0usize..12,
        ) {
            let mut turned = options.clone();
            turned.rotate_left(turn % options.len());
            let ranked = rank(rule, options.clone(), top_n);
            prop_assert_eq!(&ranked, &rank(rule, turned, top_n));
            prop_assert_eq!(ranked.iter().filter(|r| r.selected).count(), top_n.min(options.len()));
            prop_assert!(ranked.is_sorted_by_key(|r| r.rank));
            for (ahead, behind) in ranked.iter().zip(ranked.iter().skip(1)) {
                prop_assert!(ahead.deciding(rule) >= behind.deciding(rule));
                if ahead.deciding(rule) == behind.deciding(rule) {
                    prop_assert!(ahead.tie.as_ref().is_some_and(|tie| tie.with.contains(&behind.code)));
                    let by_name = rule == AllVotes && ahead.votes_real_name != behind.votes_real_name;
                    let apart = if by_name {
                        ahead.votes_real_name > behind.votes_real_name
                    } else {
                        ahead.ballot_no < behind.ballot_no
                    };
                    prop_assert!(apart);
                }
            }
            for this in &ranked {
                let ties: Vec<&Ranked> =
                    ranked.iter().filter(|r| r.code != this.code && r.deciding(rule) == this.deciding(rule)).collect();
                let torn = ties.iter().any(|r| r.selected != this.selected);
                prop_assert_eq!(this.tie.as_ref().map_or(0, |tie| tie.with.len()), ties.len());
                prop_assert_eq!(this.tie.as_ref().is_some_and(|tie| tie.across_cut), torn);
                prop_assert!(rule == AllVotes || this.tie.as_ref().is_none_or(|tie| tie.step == Step::BallotNumber));
            }
        }

        #[test]
        fn no_number_of_anonymous_votes_moves_a_ranking_by_real_names(
            options in options(),
            more in proptest::collection::vec(0i64..10_000, 12),
            top_n in 0usize..14,
        ) {
            let places = |options| -> Vec<(i32, String, bool, Option<Tie>)> {
                rank(RealNameVotes, options, top_n).into_iter().map(|r| (r.rank, r.code, r.selected, r.tie)).collect()
            };
            let mut pushed = options.clone();
            for (option, more) in pushed.iter_mut().zip(more) {
                option.votes += more;
            }
            prop_assert_eq!(places(options), places(pushed));
        }

        #[test]
        fn the_other_selection_is_what_the_other_rule_selects(
            options in options(),
            rule in prop_oneof![Just(AllVotes), Just(RealNameVotes)],
            top_n in 0usize..14,
        ) {
            let ranked = rank(rule, options.clone(), top_n);
            let found = otherwise(rule, &ranked);
            prop_assert_ne!(found.rule, rule);
            let by_other = rank(found.rule, options, top_n);
            prop_assert_eq!(found.comes_in.len(), found.falls_out.len());
            for this in &by_other {
                let here = ranked.iter().any(|r| r.selected && r.code == this.code);
                prop_assert_eq!(found.comes_in.contains(&this.code), this.selected && !here);
                prop_assert_eq!(found.falls_out.contains(&this.code), here && !this.selected);
            }
        }
    }
}
