//! Promises for the ballots of one commit. One signature covers up to 64 of them, so signing costs little beside the commit.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ballot_box::{Cast, CountedBallot};
use super::receipts::Locators;
use crate::ballot_log::Sequencer;
use crate::base::error::{Error, Result};
use crate::pass::paper::{Checked, Papers};

/// Signs promises. Cheap to clone.
#[derive(Clone)]
pub struct Promises {
    /// Sequencer, which knows the signers of all logs.
    pub sequencer: Sequencer,
    /// Ballot papers, which name the instant of the promise.
    pub papers: Papers,
    /// Masks of the receipt numbers.
    pub locators: Locators,
}

impl Promises {
    /// Adds promises to the outcomes of a commit, in the same order. The ballots are durable already. Where no promise can be signed,
    /// the answer is `Busy`: the same ballot may be sent again.
    pub(super) async fn sign(&self, ballots: &[Checked], outcomes: Vec<Result<Cast>>) -> Vec<Result<CountedBallot>> {
        let mut by_campaign: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        for (n, (ballot, _)) in ballots.iter().zip(&outcomes).enumerate().filter(|(_, (_, outcome))| outcome.is_ok()) {
            by_campaign.entry(Arc::clone(&ballot.campaign)).or_default().push(n);
        }
        let mut promises: Vec<Option<String>> = vec![None; ballots.len()];
        for (campaign, taken) in by_campaign {
            match self.of_campaign(&campaign, taken.iter().filter_map(|n| ballots.get(*n))).await {
                Ok(signed) => {
                    for (n, promise) in taken.into_iter().zip(signed) {
                        promises[n] = Some(promise);
                    }
                }
                Err(error) => tracing::error!(error = %error, %campaign, "promises could not be signed"),
            }
        }
        let answer = |(outcome, promise): (Result<Cast>, Option<String>)| {
            let (cast, unsigned) = (outcome?, Error::Busy { retry_after: 5 });
            promise.map(|promise| CountedBallot { cast, promise }).ok_or(unsigned)
        };
        outcomes.into_iter().zip(promises).map(answer).collect()
    }

    async fn of_campaign(&self, campaign: &str, ballots: impl Iterator<Item = &Checked>) -> Result<Vec<String>> {
        let by = self.papers.get(campaign).await?.include_before();
        let promised: Vec<_> =
            ballots.map(|ballot| self.locators.promised(&ballot.serial, &ballot.leaf)).collect::<Result<_>>()?;
        self.sequencer.promises(campaign, &promised, by).await
    }
}
