//! Invalidation: a rule is applied to the public log itself, and new entries of the log name the ballots that the rule meets.

use std::collections::BTreeMap;

use entity::ballots::sealed_rule;
use entity::stored::Track;
use public_log::bundle::MERGED;
use public_log::invalidation::{Criteria, Ruling, block, named};
use public_log::leaf::Entry;
use sea_orm::{EntityTrait, QueryFilter};

use super::Sequencer;
use super::reading::{Seen, each, within};
use super::staged::Staged;
use crate::ballot_log::counts::Counts;
use crate::base::error::{Error, Result};
use crate::base::files;

/// Ballots of a log that count so far and that fulfil a condition.
#[derive(Clone, Debug, Default)]
pub struct Met {
    /// Contribution of each ballot to the count, by index of the ballot's entry.
    ballots: BTreeMap<u64, Counted>,
}

#[derive(Clone, Debug)]
struct Counted {
    province: String,
    track: Track,
    choices: Vec<String>,
    block: Option<String>,
}

impl Met {
    /// Number of these ballots.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ballots.len()
    }

    /// Whether there are no such ballots.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ballots.is_empty()
    }

    /// Indices of the ballots' entries, ascending.
    #[must_use]
    pub fn indices(&self) -> Vec<u64> {
        self.ballots.keys().copied().collect()
    }

    /// Number of these ballots in each block of anonymous passes, largest number first.
    #[must_use]
    pub fn blocks(&self) -> Vec<(String, usize)> {
        let mut blocks: BTreeMap<&str, usize> = BTreeMap::new();
        for block in self.ballots.values().filter_map(|ballot| ballot.block.as_deref()) {
            *blocks.entry(block).or_default() += 1;
        }
        let mut blocks: Vec<(String, usize)> = blocks.into_iter().map(|(block, n)| (block.to_owned(), n)).collect();
        blocks.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        blocks
    }

    /// Numbers that these ballots add to the log's count.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::new();
        for ballot in self.ballots.values() {
            for option in std::iter::once("").chain(ballot.choices.iter().map(String::as_str)) {
                *counts.entry((option.to_owned(), ballot.province.clone(), ballot.track)).or_default() += 1;
            }
        }
        counts
    }
}

impl Sequencer {
    /// The ballots of a disclosed log that meet the criteria, without those that were invalidated before.
    ///
    /// # Errors
    /// Files that are missing or damaged.
    pub async fn met(&self, campaign: &str, criteria: &Criteria) -> Result<Met> {
        let criteria = criteria.clone();
        self.collect(campaign, move |seen, ballot| criteria.meets(ballot, seen.province, seen.batch)).await
    }

    /// Appends the entries of a rule to the log. The new count is shown together with the new checkpoint, because a verifier refuses
    /// the new checkpoint beside the old count. The call is idempotent.
    ///
    /// # Errors
    /// `invalidation.changed` where the rule no longer meets the number of ballots that was signed; a store or disk that fails.
    pub async fn invalidate(&self, campaign: &str, ruling: Ruling, expected: u64) -> Result<()> {
        let _one = self.0.one.lock().await;
        self.finish(campaign).await?;
        if sealed_rule::Entity::find_by_id((campaign.to_owned(), ruling.rule)).one(self.0.store.db()).await?.is_some() {
            return Ok(());
        }
        let met = self.met(campaign, &ruling.criteria).await?;
        if met.len() as u64 != expected || met.is_empty() {
            return Err(Error::conflict("invalidation.changed"));
        }
        let entries = ruling.entries(campaign, &met.indices());
        self.append_rule(&self.head(campaign).await?, ruling.rule, entries).await
    }

    /// Number of ballots of the log that were invalidated.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn invalidated(&self, campaign: &str) -> Result<i64> {
        let rules = sealed_rule::Entity::find()
            .filter(sealed_rule::COLUMN.campaign.eq(campaign))
            .all(self.0.store.db())
            .await?;
        Ok(rules.iter().map(|rule| rule.ballots).sum())
    }

    /// The number of the rule that invalidated the ballot at an index; none for a ballot that counts.
    ///
    /// # Errors
    /// A store or disk that fails.
    pub async fn rule_of(&self, campaign: &str, index: u64) -> Result<Option<i32>> {
        let rules = sealed_rule::Entity::find()
            .filter(sealed_rule::COLUMN.campaign.eq(campaign))
            .all(self.0.store.db())
            .await?;
        if rules.is_empty() {
            return Ok(None);
        }
        let (files, slug, ends) = (self.files(campaign), campaign.to_owned(), self.signed_ends(campaign).await?);
        files::blocking(move || {
            let mut found = None;
            for rule in rules {
                // A batch of invalidations is never the first one of a log.
                let Some([from, to]) =
                    ends.get((rule.batch.unsigned_abs() as usize).saturating_sub(1)..).and_then(|e| e.first_chunk())
                else {
                    continue;
                };
                within(&files, &ends, *from..*to, |seen| {
                    if named(seen.entry, &slug).is_some_and(|rule| rule.ballots.binary_search(&index).is_ok()) {
                        found = Some(rule.rule);
                    }
                    Ok(())
                })?;
            }
            Ok(found)
        })
        .await
    }

    /// Number of ballots that a staged batch of invalidations names, and the numbers that they take from the count.
    pub(super) async fn taken_back(&self, campaign: &str, staged: &Staged) -> Result<(i64, Counts)> {
        let read = |entry: &Vec<u8>| {
            let rule = named(entry, campaign).map(|rule| rule.ballots);
            rule.ok_or_else(|| Error::Internal("a staged entry is not an invalidation".to_owned()))
        };
        let lists: Vec<Vec<u64>> = staged.entries.iter().map(read).collect::<Result<_>>()?;
        let mut wanted: Vec<u64> = lists.concat();
        wanted.sort_unstable();
        let count = wanted.len();
        let met = self.collect(campaign, move |seen, _| wanted.binary_search(&seen.index).is_ok()).await?;
        if met.len() != count {
            return Err(Error::Internal(format!("a rule of {campaign} invalidates what does not count")));
        }
        let taken = met.counts().into_iter().map(|(cell, n)| (cell, -n)).collect();
        Ok((i64::try_from(count).unwrap_or(i64::MAX), taken))
    }

    async fn collect(
        &self,
        campaign: &str,
        wanted: impl Fn(&Seen<'_>, &Entry<'_>) -> bool + Send + 'static,
    ) -> Result<Met> {
        let (files, slug, ends) = (self.files(campaign), campaign.to_owned(), self.signed_ends(campaign).await?);
        files::blocking(move || {
            let mut met = Met::default();
            each(&files, &ends, |seen| {
                if let Some(ballot) = Entry::read(seen.entry) {
                    if wanted(seen, &ballot) {
                        let counted = Counted {
                            province: seen.province.unwrap_or(MERGED).to_owned(),
                            track: ballot.track.try_into()?,
                            block: block(&ballot),
                            choices: ballot.choices.iter().map(|code| (*code).to_owned()).collect(),
                        };
                        met.ballots.insert(seen.index, counted);
                    }
                } else {
                    for ballot in named(seen.entry, &slug).into_iter().flat_map(|rule| rule.ballots) {
                        met.ballots.remove(&ballot);
                    }
                }
                Ok(())
            })?;
            Ok(met)
        })
        .await
    }
}
