//! Response bodies of the tally operations.

use chrono::{DateTime, Utc};
use entity::stored::{RankingRule, Track};
use poem_openapi::{Enum, Object};

use crate::tally::published::ByTrack;
use crate::tally::ranking::Step;

/// State of the figures. `running`: before the count; figures move in steps of at least 50 new ballots of a track, at least ten
/// minutes apart. `counted`: counted and equal to a recount. `certified`: counted, and the selection is signed twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub(super) enum Basis {
    /// Voting is open, or the count is not taken yet. Figures move in steps of at least 50 new ballots of a track, at least ten
    /// minutes apart; the remaining ballots are shown with the count.
    Running,
    /// The figures are counted and equal to a recount; the selection is not signed twice yet.
    Counted,
    /// The selection is signed twice.
    Certified,
}

/// Ballots or option votes by track. Anonymous ballots are not people: one person can cast several.
#[derive(Object)]
pub(super) struct TrackSums {
    /// Number of ballots or of option votes on both tracks.
    pub(super) total: i64,
    /// Number on the anonymous track, not a number of people. While voting runs the number is 0 until the track takes its first
    /// step.
    pub(super) anonymous: i64,
    /// Number on the real-name track. While voting runs the number is 0 until the track takes its first step.
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
    /// Code of the option.
    pub(super) code: String,
    /// Option votes of the option on both tracks.
    pub(super) votes: i64,
    /// Option votes on the anonymous track; not a number of people.
    pub(super) votes_anonymous: i64,
    /// Option votes on the real-name track.
    pub(super) votes_real_name: i64,
}

/// The ballots of one province.
#[derive(Object)]
pub(super) struct ProvinceBallots {
    /// Six-digit code of the province; `000000` in a campaign without places. `merged` stands for all cells of fewer than 10
    /// ballots together, and for everything while voting runs.
    pub(super) province: String,
    /// Ballots of the province on both tracks.
    pub(super) ballots: i64,
    /// Ballots of the province on the anonymous track; not a number of people.
    pub(super) ballots_anonymous: i64,
    /// Ballots of the province on the real-name track.
    pub(super) ballots_real_name: i64,
}

/// One cell of the count: option × province × track.
#[derive(Object)]
pub(super) struct Cell {
    /// Code of the option; empty where the cell counts ballots instead of option votes.
    pub(super) option: String,
    /// Six-digit code of the province, `000000` or `merged`.
    pub(super) province: String,
    /// Track of the cell.
    pub(super) track: Track,
    /// Number of option votes, or of ballots where `option` is empty.
    pub(super) count: i64,
}

/// The count of a campaign.
#[derive(Object)]
pub(super) struct TallyAnswer {
    /// Slug of the campaign.
    pub(super) campaign: String,
    /// Whether the figures are running, counted or certified.
    pub(super) basis: Basis,
    /// Instant of the count, programme time; while voting runs, the instant at which a figure last moved.
    pub(super) as_of: DateTime<Utc>,
    /// Ballots that count.
    pub(super) ballots: TrackSums,
    /// Number of ballots of the public log that rules invalidated; `ballots` leaves these ballots out.
    pub(super) invalidated: i64,
    /// Ticks on all ballots. One ballot holds several ticks, so the option votes add up to more than the ballots.
    pub(super) option_votes: TrackSums,
    /// Options in the order of their numbers on the ballot.
    pub(super) options: Vec<OptionVotes>,
    /// Ballots of each province.
    pub(super) provinces: Vec<ProvinceBallots>,
    /// Every published cell, ordered by option, province and track.
    pub(super) cells: Vec<Cell>,
    /// SHA-256 over the lines `option province track count` of all cells in this order, each ended by a line feed. Absent while
    /// voting runs.
    #[oai(skip_serializing_if_is_none)]
    pub(super) digest: Option<String>,
}

/// The reason why an option ranks before or after others with as many deciding votes.
#[derive(Object)]
pub(super) struct TieNote {
    /// Codes of the other options with as many deciding votes.
    pub(super) with: Vec<String>,
    /// Step of the ranking rule that broke the tie for this option.
    pub(super) step: Step,
    /// Whether some of the tied options are selected and some are not.
    pub(super) across_cut: bool,
    /// The note as a sentence, in the language of the request.
    pub(super) sentence: String,
}

/// An option with its rank.
#[derive(Object)]
pub(super) struct RankedOption {
    /// Rank of the option; 1 is first. No two options share a rank.
    pub(super) rank: i32,
    /// Code of the option.
    pub(super) code: String,
    /// Title of the option in the language of the request, where there is one.
    pub(super) title: String,
    /// Option votes of the option on both tracks.
    pub(super) votes: i64,
    /// Option votes on the real-name track.
    pub(super) votes_real_name: i64,
    /// Option votes on the anonymous track; not a number of people.
    pub(super) votes_anonymous: i64,
    /// Share of all ballots that tick the option, in percent with one decimal, as text.
    pub(super) share: String,
    /// Share of the real-name ballots that tick the option, in percent with one decimal, as text. Absent without that track.
    #[oai(skip_serializing_if_is_none)]
    pub(super) share_real_name: Option<String>,
    /// Whether the option is among the first `top_n`; final when `basis` is `certified`.
    pub(super) selected: bool,
    /// Note on the tie-break; absent where no other option has as many deciding votes.
    #[oai(skip_serializing_if_is_none)]
    pub(super) tie: Option<TieNote>,
}

/// The selection by the other rule, compared with the selection by the campaign's own rule.
#[derive(Object)]
pub(super) struct OtherRule {
    /// Name and version of the other rule.
    pub(super) rule: RankingRule,
    /// Whether the other rule would select the same options.
    pub(super) is_same: bool,
    /// Codes of the options that only the other rule would select.
    pub(super) comes_in: Vec<String>,
    /// Codes of the options that only the campaign's rule selects.
    pub(super) falls_out: Vec<String>,
    /// The comparison as a sentence, in the language of the request.
    pub(super) sentence: String,
}

/// A signature under a selection.
#[derive(Object)]
pub(super) struct Signature {
    /// Office in whose name the selection was signed.
    pub(super) office: String,
    /// Instant of the signature, programme time.
    pub(super) at: DateTime<Utc>,
}

/// The ranking of a campaign.
#[derive(Object)]
pub(super) struct RankingAnswer {
    /// Slug of the campaign.
    pub(super) campaign: String,
    /// Whether the figures are running, counted or certified.
    pub(super) basis: Basis,
    /// Instant of the count, programme time; while voting runs, the instant at which a figure last moved.
    pub(super) as_of: DateTime<Utc>,
    /// Name and version of the ranking rule, as published with the questionnaire.
    pub(super) rule: RankingRule,
    /// The ranking rule in words, in the language of the request.
    pub(super) rule_text: String,
    /// The selection by the other rule; absent where there is only one track or nothing is selected.
    #[oai(skip_serializing_if_is_none)]
    pub(super) other_rule: Option<OtherRule>,
    /// Number of options that are selected.
    pub(super) top_n: i32,
    /// Ballots that count.
    pub(super) ballots: TrackSums,
    /// Options by rank.
    pub(super) ranking: Vec<RankedOption>,
    /// Offices that signed the selection; empty before certification.
    pub(super) signatures: Vec<Signature>,
}

/// A count that was compared with a recount of every ballot and is equal to the recount.
#[derive(Object)]
pub(super) struct CountAnswer {
    /// Slug of the campaign.
    pub(super) campaign: String,
    /// Instant of the count, programme time.
    pub(super) counted_at: DateTime<Utc>,
    /// Number of ballots on all tracks; anonymous ballots are not people.
    pub(super) ballots: i64,
    /// Number of ballots on the real-name track.
    pub(super) ballots_real_name: i64,
    /// Number of ticks on all ballots.
    pub(super) option_votes: i64,
    /// Digest of the count, as in the tally: SHA-256 over the published cells, hexadecimal.
    pub(super) digest: String,
}

/// A selection that is drawn up, with its signatures so far.
#[derive(Object)]
pub(super) struct SelectionAnswer {
    /// Slug of the campaign.
    pub(super) campaign: String,
    /// Name and version of the ranking rule.
    pub(super) rule: String,
    /// Digest of the count from which the selection was drawn up.
    pub(super) digest: String,
    /// Codes of the selected options by rank.
    pub(super) selected: Vec<String>,
    /// The selection by the other rule; absent where there is only one track.
    #[oai(skip_serializing_if_is_none)]
    pub(super) other_rule: Option<OtherRule>,
    /// The signatures so far; two certify the selection.
    pub(super) signatures: Vec<Signature>,
    /// Whether the selection is signed twice.
    pub(super) certified: bool,
}
