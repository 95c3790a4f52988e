//! The ranking rule that a campaign chooses: which one is usual, which ones fit its tracks, and how it is said in words.
//! What a rule does is in `tally::ranking`.

use entity::campaign;
use entity::stored::{RankingRule, Track};

use super::draft::tracks;
use crate::web::locale::Locale;

/// The rule of a campaign whose organiser chose none: an anonymous ballot costs work and no identity, so it decides only
/// where there is no other.
#[must_use]
pub fn usual(tracks: &[Track]) -> RankingRule {
    if tracks.contains(&Track::RealName) { RankingRule::RealNameVotes } else { RankingRule::AllVotes }
}

/// Whether a campaign of these tracks can be decided by a rule: real-name votes decide nothing where there are none.
#[must_use]
pub fn fits(rule: RankingRule, tracks: &[Track]) -> bool {
    rule != RankingRule::RealNameVotes || tracks.contains(&Track::RealName)
}

/// Whether anonymous votes decide what is selected.
#[must_use]
pub fn lets_anonymous_votes_decide(campaign: &campaign::Model) -> bool {
    campaign.ranking_rule == RankingRule::AllVotes && tracks(campaign).contains(&Track::Anonymous)
}

/// The word of a rule in the keys of messages.
#[must_use]
pub const fn word(rule: RankingRule) -> &'static str {
    match rule {
        RankingRule::RealNameVotes => "real-name",
        RankingRule::AllVotes => "all",
    }
}

/// How the options of a campaign are ranked, in a sentence. With one track only both rules rank alike and are said alike.
#[must_use]
pub fn sentence(locale: Locale, campaign: &campaign::Model) -> String {
    match tracks(campaign).as_slice() {
        [_] => locale.text("campaign-ranking-one-track"),
        _ => locale.text(&format!("campaign-ranking-{}", word(campaign.ranking_rule))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RankingRule::{AllVotes, RealNameVotes};

    #[test]
    fn the_usual_rule_fits_and_real_names_decide_only_where_there_are_any() {
        use Track::{Anonymous, RealName};
        for (tracks, rule) in [
            (&[Anonymous][..], AllVotes),
            (&[RealName], RealNameVotes),
            (&[Anonymous, RealName], RealNameVotes),
            (&[], AllVotes),
        ] {
            assert_eq!(usual(tracks), rule);
            assert!(fits(rule, tracks) && fits(AllVotes, tracks));
        }
        assert!(!fits(RealNameVotes, &[Anonymous]));
    }
}
