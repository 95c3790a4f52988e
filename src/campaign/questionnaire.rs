//! The published questionnaire as bytes, and its hash: what every ballot's leaf commits to.
//!
//! In order, each text with its length in four big-endian bytes before it: the words `shudu/questionnaire/1`, the slug,
//! the number of most choices in decimal, then for each option in the order of ballot numbers: code, ballot number in
//! decimal, Chinese title, English title.

use entity::{campaign, campaign_option};
use sha2::{Digest, Sha256};

/// SHA-256 of the questionnaire; `options` in the order of ballot numbers.
#[must_use]
pub fn hash(campaign: &campaign::Model, options: &[campaign_option::Model]) -> [u8; 32] {
    let mut digest = Sha256::new();
    let mut put = |text: &str| {
        digest.update(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        digest.update(text);
    };
    put("shudu/questionnaire/1");
    put(&campaign.slug);
    put(&campaign.max_choices.to_string());
    for option in options {
        put(&option.code);
        put(&option.ballot_no.to_string());
        put(&option.title_zh);
        put(&option.title_en);
    }
    digest.finalize().into()
}
