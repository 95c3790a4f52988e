//! The flow that casts a ballot for a citizen. Casting reads only the ballots store.

use chrono::{DateTime, Utc};
use entity::stored::Track;

use super::Ballots;
use super::ballot_box::{Cast, CountedBallot};
use super::receipts::ReceiptNumber;
use crate::base::error::Result;

/// The answer to a voter who cast a ballot. The receipt holds no choice.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Receipt number of the ballot.
    pub number: ReceiptNumber,
    /// Leaf hash of the ballot.
    pub leaf: [u8; 32],
    /// Track on which the ballot counts.
    pub track: Track,
    /// Instant by which the ballot has to be in the public log, programme time.
    pub include_before: DateTime<Utc>,
    /// Signed promise that the ballot is in the log by that instant.
    pub promise: String,
    /// Whether the ballot was counted now or before.
    pub cast: Cast,
}

/// Casts a ballot. A positive answer means that the ballot is durable.
///
/// # Errors
/// As [`crate::pass::paper::Paper::check_sent`] and [`super::ballot_box::BallotBox::cast`].
pub async fn cast(ballots: &Ballots, slug: &str, pass: &str, place: &str, choices: &[String]) -> Result<Receipt> {
    let paper = ballots.passes.papers.get(slug).await?;
    let ballot = paper.check_sent(pass, place, choices)?;
    let (leaf, track, include_before) = (ballot.leaf, ballot.track, paper.include_before());
    let number = ballots.locators.number(&ballot.serial, &leaf);
    let CountedBallot { cast, promise } = ballots.ballot_box.cast(ballot).await?;
    Ok(Receipt { number, leaf, track, include_before, promise, cast })
}
