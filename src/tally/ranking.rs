//! The ranking rule, version 1, published beforehand: all option votes; a tie goes by real-name votes, then by ballot
//! number. The first N are selected.

use serde::{Deserialize, Serialize};

/// The rule's name and version, stored with every selection.
pub const RULE: &str = crate::campaign::questionnaire::TIE_RULE;

/// An option with its votes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Option code.
    pub code: String,
    /// Number in the fixed order.
    pub ballot_no: i32,
    /// Option votes on all tracks.
    pub votes: i64,
    /// Of these on the real-name track.
    pub votes_real_name: i64,
}

/// An option in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// 1 is first; the rule leaves no rank shared.
    pub rank: i32,
    /// Option code.
    pub code: String,
    /// Number in the fixed order.
    pub ballot_no: i32,
    /// Option votes on all tracks.
    pub votes: i64,
    /// Of these on the real-name track.
    pub votes_real_name: i64,
    /// Whether it is among the first N.
    pub selected: bool,
    /// The options with as many votes, and the step that told them apart.
    pub tie: Option<Tie>,
}

/// A tie and how it was broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// Codes with the same number of votes, this one excluded.
    pub with: Vec<String>,
    /// What told them apart.
    pub step: Step,
    /// Whether the cut lies within the tie: some are selected, some are not.
    pub across_cut: bool,
}

/// A step of the tie rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, poem_openapi::Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum Step {
    /// Real-name votes differ.
    RealName,
    /// Real-name votes are equal too.
    BallotNumber,
}

/// Ranks the options and marks the first `top_n`.
#[must_use]
pub fn rank(mut options: Vec<Counted>, top_n: usize) -> Vec<Ranked> {
    options.sort_by(|a, b| {
        (b.votes, b.votes_real_name).cmp(&(a.votes, a.votes_real_name)).then_with(|| a.ballot_no.cmp(&b.ballot_no))
    });
    (0..options.len()).map(|at| place(&options, at, top_n)).collect()
}

fn place(options: &[Counted], at: usize, top_n: usize) -> Ranked {
    let this = &options[at];
    let rivals: Vec<(usize, &Counted)> =
        options.iter().enumerate().filter(|(n, o)| *n != at && o.votes == this.votes).collect();
    let tie = (!rivals.is_empty()).then(|| Tie {
        with: rivals.iter().map(|(_, o)| o.code.clone()).collect(),
        step: if rivals.iter().any(|(_, o)| o.votes_real_name == this.votes_real_name) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counted(code: &str, ballot_no: i32, votes: i64, votes_real_name: i64) -> Counted {
        Counted { code: code.to_owned(), ballot_no, votes, votes_real_name }
    }

    #[test]
    fn a_tie_across_the_cut_goes_by_real_name_votes() {
        let ranked = rank(
            vec![
                counted("S2-20", 28, 9664, 2654),
                counted("S2-21", 29, 9664, 2813),
                counted("S2-19", 26, 10_538, 2981),
            ],
            2,
        );
        let codes: Vec<(&str, bool)> = ranked.iter().map(|r| (r.code.as_str(), r.selected)).collect();
        assert_eq!(codes, [("S2-19", true), ("S2-21", true), ("S2-20", false)]);
        let tie = ranked[2].tie.as_ref().unwrap();
        assert_eq!(
            (tie.with.as_slice(), tie.step, tie.across_cut),
            (["S2-21".to_owned()].as_slice(), Step::RealName, true)
        );
        assert_eq!(ranked[0].tie, None);
    }

    #[test]
    fn equal_in_everything_goes_by_ballot_number() {
        let ranked = rank(vec![counted("b", 2, 5, 1), counted("a", 1, 5, 1)], 1);
        assert_eq!(ranked[0].code, "a");
        assert_eq!(ranked[1].tie.as_ref().unwrap().step, Step::BallotNumber);
    }

    proptest! {
        #[test]
        fn the_order_of_input_does_not_matter_and_no_loser_beats_a_winner(
            votes in proptest::collection::vec((0i64..6, 0i64..4), 1..12),
            top_n in 0usize..14,
            turn in 0usize..12,
        ) {
            let options: Vec<Counted> =
                votes.iter().zip(1..).map(|((v, r), n)| counted(&format!("o{n}"), n, *v, (*r).min(*v))).collect();
            let mut turned = options.clone();
            turned.rotate_left(turn % options.len());
            let ranked = rank(options.clone(), top_n);
            prop_assert_eq!(&ranked, &rank(turned, top_n));
            prop_assert_eq!(ranked.iter().filter(|r| r.selected).count(), top_n.min(options.len()));
            for (winner, loser) in ranked.iter().filter(|r| r.selected).flat_map(|w| ranked.iter().filter(|r| !r.selected).map(move |l| (w, l))) {
                prop_assert!(winner.votes >= loser.votes);
            }
        }
    }
}
