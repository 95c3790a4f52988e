//! The published questionnaire as bytes, and its hash: what every ballot's leaf commits to.
//!
//! In order, each text with its length in four big-endian bytes before it: the words `shudu/questionnaire/2`, the slug, the
//! number of most choices in decimal, whether ballots name places (`1` or `0`), the tracks joined by commas, the number of
//! options that are selected in decimal, the ranking rule, then for each option in the order of ballot numbers: code, ballot
//! number in decimal, Chinese title, English title. `docs/ballot-log.md` says the same; verifiers read it.

use entity::{campaign, campaign_option};
use sha2::{Digest, Sha256};

/// SHA-256 of the questionnaire as [`bytes()`].
#[must_use]
pub fn hash(campaign: &campaign::Model, options: &[campaign_option::Model]) -> [u8; 32] {
    Sha256::digest(bytes(campaign, options)).into()
}

/// The questionnaire; `options` in the order of ballot numbers.
#[must_use]
pub fn bytes(campaign: &campaign::Model, options: &[campaign_option::Model]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut put = |text: &str| {
        bytes.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    };
    put("shudu/questionnaire/2");
    put(&campaign.slug);
    put(&campaign.max_choices.to_string());
    put(if campaign.places { "1" } else { "0" });
    put(&campaign.tracks.0.join(","));
    put(&campaign.top_n.to_string());
    put(campaign.ranking_rule.code());
    for option in options {
        put(&option.code);
        put(&option.ballot_no.to_string());
        put(&option.title_zh);
        put(&option.title_en);
    }
    bytes
}
