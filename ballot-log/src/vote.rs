//! The words of a ballot's rules: tracks and ranking rules.

use std::fmt;
use std::str::FromStr;

/// Track on which a ballot counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Track {
    /// Proof of work, no identity.
    Anonymous,
    /// One ballot for each identity.
    RealName,
}

impl Track {
    /// Word in entries, questionnaires and counts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::RealName => "real_name",
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
        [Self::Anonymous, Self::RealName].into_iter().find(|track| track.code() == word).ok_or(Unknown)
    }
}

/// Rule by which options are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RankingRule {
    /// Real-name votes only.
    RealNameVotes,
    /// Votes of all tracks, then real-name votes.
    AllVotes,
}

impl RankingRule {
    /// Word in questionnaires.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RealNameVotes => "realname-number/1",
            Self::AllVotes => "votes-realname-number/1",
        }
    }

    /// Whether a campaign of these tracks can be decided by the rule: real-name votes decide nothing where there are none.
    #[must_use]
    pub fn fits(self, tracks: &[Track]) -> bool {
        self != Self::RealNameVotes || tracks.contains(&Track::RealName)
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
