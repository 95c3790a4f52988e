//! Passes and ballots as citizens ask for them. Casting reads the ballots store alone.

use chrono::{DateTime, Utc};
use entity::stored::Track;

use super::Ballots;
use super::ballot_box::Cast;
use crate::base::error::Result;

/// What somebody who cast a ballot is told. No choice is in it.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Leaf hash.
    pub leaf: [u8; 32],
    /// Track on which the ballot counts.
    pub track: Track,
    /// By when the ballot has to be among those that can be checked.
    pub include_before: DateTime<Utc>,
    /// The signed promise of it.
    pub promise: String,
    /// Whether the ballot was counted now or before.
    pub cast: Cast,
}

/// Casts a ballot. The answer means: durable.
///
/// # Errors
/// As [`crate::pass::paper::Paper::check_sent`] and [`super::ballot_box::BallotBox::cast`].
pub async fn cast(ballots: &Ballots, slug: &str, pass: &str, place: &str, choices: &[String]) -> Result<Receipt> {
    let paper = ballots.passes.papers.get(slug).await?;
    let ballot = paper.check_sent(pass, place, choices)?;
    let (leaf, track, include_before) = (ballot.leaf, ballot.track, paper.include_before());
    let cast = ballots.ballot_box.cast(ballot).await?;
    Ok(Receipt { promise: ballots.sequencer.promise(slug, &leaf, include_before)?, cast, include_before, leaf, track })
}
