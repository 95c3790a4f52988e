//! The words of a ballot's rules: tracks and ranking rules.

use std::fmt;
use std::str::FromStr;

/// Track on which a ballot counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Track {
    /// Track with a puzzle (proof of work) and no identity.
    Anonymous,
    /// Track with one ballot for each identity.
    RealName,
    /// Track of ballots that are cast with the help of an agent, after the identity was checked. Passes of this track have the same
    /// serials as those of the real-name track, so one identity has one ballot on both. Reserved: no page offers the track yet.
    Assisted,
}

impl Track {
    /// All tracks, in the order of their introduction.
    pub const ALL: [Self; 3] = [Self::Anonymous, Self::RealName, Self::Assisted];

    /// Whether every ballot of the track is that of an identity. Votes of these tracks count as real-name votes in rankings.
    #[must_use]
    pub const fn has_identities(self) -> bool {
        matches!(self, Self::RealName | Self::Assisted)
    }

    /// Word of the track in entries, questionnaires and counts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::RealName => "real_name",
            Self::Assisted => "assisted",
        }
    }
}

impl fmt::Display for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Track {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        Self::ALL.into_iter().find(|track| track.code() == word).ok_or(Unknown)
    }
}

/// Rule by which options are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RankingRule {
    /// Ranking by real-name votes only: those of tracks with identities.
    RealNameVotes,
    /// Ranking by the votes of all tracks, then by real-name votes.
    AllVotes,
}

impl RankingRule {
    /// Word of the rule in questionnaires.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RealNameVotes => "realname-number/1",
            Self::AllVotes => "votes-realname-number/1",
        }
    }

    /// Whether the rule can decide a campaign with these tracks. Without a track of identities, real-name votes decide nothing.
    #[must_use]
    pub fn fits(self, tracks: &[Track]) -> bool {
        self != Self::RealNameVotes || tracks.iter().any(|track| track.has_identities())
    }
}

impl FromStr for RankingRule {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        [Self::RealNameVotes, Self::AllVotes].into_iter().find(|rule| rule.code() == word).ok_or(Unknown)
    }
}

impl fmt::Display for RankingRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A word that this version does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a word that is not known here")]
pub struct Unknown;
