//! The ranking rule that a campaign chooses: the default rule, the rules that fit its tracks, and the rule in words. The
//! ranking itself is in `tally::ranking`.

use entity::campaign;
use entity::stored::{RankingRule, Track};
use public_log::vote;

use super::draft::tracks;
use crate::web::locale::Locale;

/// The default ranking rule for some tracks. An anonymous ballot costs work and proves no identity, so anonymous votes decide
/// only where there are no others.
#[must_use]
pub fn usual(tracks: &[Track]) -> RankingRule {
    if tracks.contains(&Track::RealName) { RankingRule::RealNameVotes } else { RankingRule::AllVotes }
}

/// Whether a rule can rank the options of a campaign with these tracks: real-name votes decide nothing where there are none.
#[must_use]
pub fn fits(rule: RankingRule, tracks: &[Track]) -> bool {
    let tracks: Vec<_> = tracks.iter().map(|track| (*track).into()).collect();
    vote::RankingRule::from(rule).fits(&tracks)
}

/// Whether anonymous votes decide the selection of a campaign.
#[must_use]
pub fn lets_anonymous_votes_decide(campaign: &campaign::Model) -> bool {
    campaign.ranking_rule == RankingRule::AllVotes && tracks(campaign).contains(&Track::Anonymous)
}

/// Code of a rule in message keys.
#[must_use]
pub const fn word(rule: RankingRule) -> &'static str {
    match rule {
        RankingRule::RealNameVotes => "real-name",
        RankingRule::AllVotes => "all",
    }
}

/// The ranking rule of a campaign as a sentence. With only one track both rules rank alike and have the same sentence.
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
    fn the_log_and_the_store_write_tracks_and_rules_with_the_same_words() {
        for track in Track::ALL {
            assert_eq!(vote::Track::from(*track).code(), track.code());
        }
        for rule in RankingRule::ALL {
            assert_eq!(vote::RankingRule::from(*rule).code(), rule.code());
        }
    }

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
