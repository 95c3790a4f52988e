//! The leaf hashes of the ballots in the box, in memory: one keyed tag of eight bytes for each ballot, by campaign.
//!
//! # Why
//! An index on random hashes would cost the store more than the ballots themselves: keys of ballots are local, hashes are not.
//! Receipts are also looked up rarely. A tag is SipHash of all 32 bytes of a leaf hash. Its key is drawn at every start and never
//! leaves the process in any form. So a hash that differs from every stored hash in a single bit has a known tag with a chance of
//! one in 2^64 for each stored ballot, and nobody outside can search for such a hash. (The first eight bytes of the leaf hash,
//! without a key, would be known to everybody: any hash with the same beginning would pass as a ballot.)
//!
//! The ballots of earlier runs are read in the background into sorted rows of tags. Only a look-up of a receipt waits for the end
//! of that reading. Ballots cast in the meantime go into a set beside the rows. (One set for all ballots took twice the memory,
//! and the writer of ballots waited whenever the set grew.)

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use entity::ballots::{ballot, ballot_paper};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::base::error::{Error, Result};
use crate::base::store::Store;
use crate::base::text;

/// The tags of the ballots in the box; cheap to clone.
#[derive(Clone, Default)]
pub struct Receipts(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// Secret key of the tags.
    key: RandomState,
    /// Sorted tags by campaign, as of the start; absent until all are read.
    at_start: OnceLock<HashMap<String, Vec<u64>>>,
    /// Whether the stored ballots could not be read.
    has_failed: AtomicBool,
    since: RwLock<HashMap<Arc<str>, HashSet<u64>>>,
}

/// Number of rows that are read at a time.
const PAGE: u64 = 20_000;

impl Receipts {
    /// Reads all leaf hashes of the store in the background.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let receipts = Self::default();
        let filled = receipts.clone();
        tokio::spawn(async move {
            match filled.read(&store).await {
                Ok(read) => {
                    tracing::info!(ballots = read.values().map(Vec::len).sum::<usize>(), "receipts are read in");
                    drop(filled.0.at_start.set(read));
                }
                Err(error) => {
                    filled.0.has_failed.store(true, Ordering::Relaxed);
                    tracing::error!(error = %error, "receipts could not be read in");
                }
            }
        });
        receipts
    }

    /// Whether receipts are found, or will be once the stored ballots are read.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !self.0.has_failed.load(Ordering::Relaxed)
    }

    /// Adds ballots that were just committed.
    pub fn add<'a>(&self, ballots: impl Iterator<Item = (&'a Arc<str>, &'a [u8; 32])>) {
        if let Ok(mut since) = self.0.since.write() {
            for (campaign, leaf) in ballots {
                match since.get_mut(campaign) {
                    Some(tags) => tags.insert(self.tag(leaf)),
                    None => since.entry(Arc::clone(campaign)).or_default().insert(self.tag(leaf)),
                };
            }
        }
    }

    /// The campaign in whose box the ballot with this leaf hash is; none where there is no such ballot.
    ///
    /// # Errors
    /// `Busy` while the stored ballots are still being read and the hash was not found yet.
    pub fn campaign_of(&self, leaf: &[u8; 32]) -> Result<Option<Arc<str>>> {
        let tag = self.tag(leaf);
        let since = self.0.since.read().map_err(|_| Error::Internal("receipts poisoned".to_owned()))?;
        if let Some((campaign, _)) = since.iter().find(|(_, tags)| tags.contains(&tag)) {
            return Ok(Some(Arc::clone(campaign)));
        }
        let at_start = self.0.at_start.get().ok_or(Error::Busy { retry_after: 5 })?;
        let found = at_start.iter().find(|(_, tags)| tags.binary_search(&tag).is_ok());
        Ok(found.map(|(campaign, _)| campaign.as_str().into()))
    }

    /// The tag of a whole leaf hash.
    fn tag(&self, leaf: &[u8; 32]) -> u64 {
        self.0.key.hash_one(leaf)
    }

    /// The tags of all boxes.
    async fn read(&self, store: &Store) -> Result<HashMap<String, Vec<u64>>> {
        let campaigns: Vec<String> = ballot_paper::Entity::find()
            .select_only()
            .column(ballot_paper::Column::Campaign)
            .into_tuple()
            .all(store.db())
            .await?;
        let mut read = HashMap::with_capacity(campaigns.len());
        for campaign in campaigns {
            let mut tags = self.tags(store, &campaign).await?;
            tags.sort_unstable();
            tags.shrink_to_fit();
            read.insert(campaign, tags);
        }
        Ok(read)
    }

    /// The tags of one box, in the order of the passes. A stored leaf hash of another length is damaged and matches no ballot.
    async fn tags(&self, store: &Store, campaign: &str) -> Result<Vec<u64>> {
        let mut tags = Vec::new();
        let mut after = Vec::new();
        loop {
            let rows: Vec<(Vec<u8>, Vec<u8>)> = ballot::Entity::find()
                .filter(ballot::COLUMN.campaign.eq(campaign))
                .filter(ballot::Column::Serial.gt(after))
                .select_only()
                .columns([ballot::Column::Serial, ballot::Column::Leaf])
                .order_by_asc(ballot::Column::Serial)
                .limit(PAGE)
                .into_tuple()
                .all(store.db())
                .await?;
            tags.extend(
                rows.iter().filter_map(|(_, leaf)| <&[u8; 32]>::try_from(leaf.as_slice()).ok()).map(|l| self.tag(l)),
            );
            match rows.into_iter().next_back() {
                Some((serial, _)) => after = serial,
                None => return Ok(tags),
            }
        }
    }
}

/// Greatest length of a pasted receipt, in characters.
const LONGEST: usize = 4000;

/// Parses a receipt as people copy it: the number in groups, in capitals, in full width, with surrounding spaces; the same in
/// base64; the address of its page on any host; or a whole promise or proof, with or without line ends.
#[must_use]
pub fn parse(text: &str) -> Option<[u8; 32]> {
    let plain: String = text::ungrouped(text).chars().take(LONGEST).collect();
    let path = plain.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let mut leaf = [0; 32];
    match hex::decode_to_slice(last.replace('-', ""), &mut leaf) {
        Ok(()) => Some(leaf),
        Err(_) => parse_base64(path),
    }
}

/// Decodes the first base64 text of 32 bytes. In promises and proofs that text is the leaf hash, because the lines before it
/// contain no `=`.
fn parse_base64(plain: &str) -> Option<[u8; 32]> {
    const LENGTH: usize = 44;
    let end = plain.find('=')? + 1;
    STANDARD.decode(plain.get(end.checked_sub(LENGTH)?..end)?).ok()?.try_into().ok()
}

/// Formats a receipt number for people: sixteen groups of four digits.
#[must_use]
pub fn grouped(leaf: &[u8; 32]) -> String {
    let groups: Vec<String> = leaf.chunks(2).map(hex::encode_upper).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_every_way_of_copying_it() {
        let leaf: [u8; 32] = std::array::from_fn(|n| u8::try_from(n * 7).unwrap());
        let plain = hex::encode(leaf);
        let full_width: String = plain.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
        for spelling in [
            plain.clone(),
            plain.to_uppercase(),
            grouped(&leaf),
            grouped(&leaf).replace(' ', "-"),
            format!("\u{3000}{}\n", grouped(&leaf).replace(' ', "\u{a0}")),
            full_width,
            STANDARD.encode(leaf),
            format!(" {}\n", STANDARD.encode(leaf)),
        ] {
            assert_eq!(parse(&spelling), Some(leaf), "{spelling}");
        }
    }

    #[test]
    fn the_address_of_a_receipt_is_read_on_any_host_and_in_any_language() {
        let leaf: [u8; 32] = std::array::from_fn(|n| u8::try_from(n * 7).unwrap());
        for number in [hex::encode(leaf), hex::encode_upper(leaf), STANDARD.encode(leaf)] {
            for spelling in [
                format!("http://127.0.0.1:8080/receipts/{number}"),
                format!("https://shudu.example/receipts/{number}?lang=en"),
                format!("https://shudu.example/receipts/{number}/?lang=zh-CN#main"),
                format!("shudu.example/receipts/{number}"),
                format!(" /receipts/{number}\n"),
            ] {
                assert_eq!(parse(&spelling), Some(leaf), "{spelling}");
            }
        }
    }

    #[test]
    fn a_promise_and_a_proof_are_read_with_and_without_their_line_ends() {
        let leaf: [u8; 32] = std::array::from_fn(|n| u8::try_from(n * 7).unwrap());
        let line = STANDARD.encode(leaf);
        let other = STANDARD.encode([1; 32]);
        for text in [
            format!(
                "shudu/promise/1\nshudu.example/log/s1\n{line}\n2018-04-09T16:00:00Z\n\n— shudu.example/log/s1 {other}\n"
            ),
            format!("shudu/receipt/1\nshudu.example/log/s1\n{line}\n5\n{other}\n\nshudu.example/log/s1\n18\n{other}\n"),
        ] {
            for spelling in [text.clone(), text.replace('\n', ""), text.replace('\n', " "), text.replace('\n', "\r\n")]
            {
                assert_eq!(parse(&spelling), Some(leaf), "{spelling}");
            }
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        let plain = "ab".repeat(32);
        for wrong in [
            "",
            "回执",
            &plain[1..],
            &format!("{plain}a"),
            &plain.replace('a', "g"),
            "=",
            "abc=",
            &format!("{}=", "!".repeat(43)),
            "https://shudu.example/receipts/",
            "https://shudu.example/receipts?lang=en",
            &format!("https://shudu.example/receipts/{}", &plain[1..]),
            &format!("https://shudu.example/receipts/{plain}/promise"),
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
