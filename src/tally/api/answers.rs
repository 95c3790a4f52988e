//! What this slice's calls answer.

use chrono::{DateTime, Utc};
use entity::stored::{RankingRule, Track};
use poem_openapi::{Enum, Object};

use crate::tally::published::ByTrack;
use crate::tally::ranking::Step;

/// How final figures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub(super) enum Basis {
    /// Voting runs, or the count is not yet taken: figures move in steps of at least 50 new ballots of a track, at least ten
    /// minutes apart; the rest is shown with the count.
    Running,
    /// Counted and equal to a recount; the selection is not yet signed twice.
    Counted,
    /// The selection is signed twice.
    Certified,
}

/// Ballots or option votes by track. Anonymous ones are not people: one person can cast several anonymous ballots.
#[derive(Object)]
pub(super) struct TrackSums {
    /// On both tracks.
    pub(super) total: i64,
    /// On the anonymous track, not a number of people; while voting runs 0 until the track takes its first step.
    pub(super) anonymous: i64,
    /// On the real-name track; while voting runs 0 until the track takes its first step.
    pub(super) real_name: i64,
}

impl From<ByTrack> for TrackSums {
    fn from(sums: ByTrack) -> Self {
        Self { total: sums.total(), anonymous: sums.anonymous, real_name: sums.real_name }
    }
}

/// The votes of one option.
#[derive(Object)]
pub(super) struct OptionVotes {
    /// Option code.
    pub(super) code: String,
    /// Option votes on both tracks.
    pub(super) votes: i64,
    /// Of these on the anonymous track; not a number of people.
    pub(super) votes_anonymous: i64,
    /// Of these on the real-name track.
    pub(super) votes_real_name: i64,
}

/// The ballots of one province.
#[derive(Object)]
pub(super) struct ProvinceBallots {
    /// Six digits; `000000` in a campaign without places; `merged` for cells of fewer than 10 ballots together, and for
    /// everything while voting runs.
    pub(super) province: String,
    /// Ballots on both tracks.
    pub(super) ballots: i64,
    /// Of these on the anonymous track; not a number of people.
    pub(super) ballots_anonymous: i64,
    /// Of these on the real-name track.
    pub(super) ballots_real_name: i64,
}

/// One cell: option × province × track.
#[derive(Object)]
pub(super) struct Cell {
    /// Option code; empty for the ballots of the cell.
    pub(super) option: String,
    /// Six digits, `000000` or `merged`.
    pub(super) province: String,
    /// Track.
    pub(super) track: Track,
    /// How many.
    pub(super) count: i64,
}

/// A count.
#[derive(Object)]
pub(super) struct TallyAnswer {
    /// Slug.
    pub(super) campaign: String,
    /// How final it is.
    pub(super) basis: Basis,
    /// When it was taken; while voting runs, when a figure last moved.
    pub(super) as_of: DateTime<Utc>,
    /// Ballots that count.
    pub(super) ballots: TrackSums,
    /// Ballots of the public log that rules invalidated; they are not among `ballots`.
    pub(super) invalidated: i64,
    /// Ticks. One ballot holds several, so they add up to more than the ballots.
    pub(super) option_votes: TrackSums,
    /// Options in the order of their numbers on the ballot.
    pub(super) options: Vec<OptionVotes>,
    /// Ballots by province.
    pub(super) provinces: Vec<ProvinceBallots>,
    /// Every published cell, in order.
    pub(super) cells: Vec<Cell>,
    /// SHA-256 over the lines `option province track count` of all cells in this order, each ended by a line feed; absent
    /// while voting runs.
    #[oai(skip_serializing_if_is_none)]
    pub(super) digest: Option<String>,
}

/// Why an option stands before or behind others with as many deciding votes.
#[derive(Object)]
pub(super) struct TieNote {
    /// Codes of the options with as many deciding votes.
    pub(super) with: Vec<String>,
    /// The step of the rule that told this one apart.
    pub(super) step: Step,
    /// Whether some of them are selected and some are not.
    pub(super) across_cut: bool,
    /// The same as a sentence, in the language of the request.
    pub(super) sentence: String,
}

/// An option in its place.
#[derive(Object)]
pub(super) struct RankedOption {
    /// 1 is first; the rule leaves no rank shared.
    pub(super) rank: i32,
    /// Option code.
    pub(super) code: String,
    /// Title in the language of the request, where there is one.
    pub(super) title: String,
    /// Option votes on both tracks.
    pub(super) votes: i64,
    /// Of these on the real-name track.
    pub(super) votes_real_name: i64,
    /// Of these on the anonymous track; not a number of people.
    pub(super) votes_anonymous: i64,
    /// Share of all ballots that tick it, in percent with one decimal, as text.
    pub(super) share: String,
    /// Share of the real-name ballots that tick it, likewise, where there is that track.
    #[oai(skip_serializing_if_is_none)]
    pub(super) share_real_name: Option<String>,
    /// Whether it is among the first `top_n`; final when `basis` is `certified`.
    pub(super) selected: bool,
    /// Where others have as many deciding votes.
    #[oai(skip_serializing_if_is_none)]
    pub(super) tie: Option<TieNote>,
}

/// What the other rule would select in the place of the campaign's own.
#[derive(Object)]
pub(super) struct OtherRule {
    /// Name and version of the other rule.
    pub(super) rule: RankingRule,
    /// Whether it would select the same options.
    pub(super) is_same: bool,
    /// Codes that it would select and the campaign's rule does not.
    pub(super) comes_in: Vec<String>,
    /// Codes that it would not select and the campaign's rule does.
    pub(super) falls_out: Vec<String>,
    /// The same as a sentence, in the language of the request.
    pub(super) sentence: String,
}

/// A signature under a selection.
#[derive(Object)]
pub(super) struct Signature {
    /// Office for which it was put.
    pub(super) office: String,
    /// When.
    pub(super) at: DateTime<Utc>,
}

/// The options by rank.
#[derive(Object)]
pub(super) struct RankingAnswer {
    /// Slug.
    pub(super) campaign: String,
    /// How final it is.
    pub(super) basis: Basis,
    /// When it was taken; while voting runs, when a figure last moved.
    pub(super) as_of: DateTime<Utc>,
    /// Name and version of the rule, as the questionnaire names it.
    pub(super) rule: RankingRule,
    /// The rule in words, in the language of the request.
    pub(super) rule_text: String,
    /// What the other rule would select; absent where there is one track only, or nothing is selected.
    #[oai(skip_serializing_if_is_none)]
    pub(super) other_rule: Option<OtherRule>,
    /// How many are selected.
    pub(super) top_n: i32,
    /// Ballots.
    pub(super) ballots: TrackSums,
    /// By rank.
    pub(super) ranking: Vec<RankedOption>,
    /// The offices that signed; empty before certification.
    pub(super) signatures: Vec<Signature>,
}

/// A count that was compared with a recount of every ballot, and is equal to it.
#[derive(Object)]
pub(super) struct CountAnswer {
    /// Slug.
    pub(super) campaign: String,
    /// When.
    pub(super) counted_at: DateTime<Utc>,
    /// Ballots on all tracks; the anonymous ones are not people.
    pub(super) ballots: i64,
    /// Of these on the real-name track.
    pub(super) ballots_real_name: i64,
    /// Ticks.
    pub(super) option_votes: i64,
    /// As in the tally.
    pub(super) digest: String,
}

/// A selection on its way.
#[derive(Object)]
pub(super) struct SelectionAnswer {
    /// Slug.
    pub(super) campaign: String,
    /// Name and version of the rule.
    pub(super) rule: String,
    /// Digest of the count that it rests on.
    pub(super) digest: String,
    /// Codes of the selected options by rank.
    pub(super) selected: Vec<String>,
    /// What the other rule would select; absent where there is one track only.
    #[oai(skip_serializing_if_is_none)]
    pub(super) other_rule: Option<OtherRule>,
    /// The signatures so far; two certify it.
    pub(super) signatures: Vec<Signature>,
    /// Whether it is signed twice.
    pub(super) certified: bool,
}
