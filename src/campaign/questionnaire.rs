//! The published questionnaire of a campaign as bytes, and its hash. The encoding is defined in [`public_log::questionnaire`].

use entity::{campaign, campaign_option};
use public_log::questionnaire::Questionnaire;
use sha2::{Digest, Sha256};

/// SHA-256 of the canonical bytes of the questionnaire, see [`bytes()`].
#[must_use]
pub fn hash(campaign: &campaign::Model, options: &[campaign_option::Model]) -> [u8; 32] {
    Sha256::digest(bytes(campaign, options)).into()
}

/// The canonical bytes of the questionnaire; `options` must be in the order of ballot numbers.
#[must_use]
pub fn bytes(campaign: &campaign::Model, options: &[campaign_option::Model]) -> Vec<u8> {
    Questionnaire {
        campaign: &campaign.slug,
        max_choices: campaign.max_choices,
        has_places: campaign.places,
        tracks: &campaign.tracks.0,
        selected: campaign.top_n,
        rule: campaign.ranking_rule.code(),
        options: options.iter().map(|o| (&*o.code, o.ballot_no, &*o.title_zh, &*o.title_en)).collect(),
    }
    .bytes()
}
