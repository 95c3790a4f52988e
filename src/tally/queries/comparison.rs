//! Comparison of the counts kept while ballots came in with a recount of the ballots themselves.

use std::collections::BTreeSet;

use entity::stored::Track;

use crate::ballot_log;
use crate::ballot_log::counts::Counts;
use crate::base::error::Result;
use crate::base::store::Store;

/// The counts that the writer kept, and the counts of a recount.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Counts kept while ballots came in.
    pub kept: Counts,
    /// Counts taken again from the ballots.
    pub recounted: Counts,
}

/// A cell in which kept count and recount differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Code of the option; empty where the cell counts ballots.
    pub option: String,
    /// Code of the province.
    pub province: String,
    /// Track of the cell.
    pub track: Track,
    /// Number of the cell in the kept counts.
    pub kept: i64,
    /// Number of the cell in the recount.
    pub recounted: i64,
}

impl Comparison {
    /// The cells that differ, in order.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let n = |counts: &Counts, cell| counts.get(cell).copied().unwrap_or(0);
        let cells: BTreeSet<_> = self.kept.keys().chain(self.recounted.keys()).collect();
        cells
            .into_iter()
            .map(|cell| Difference {
                option: cell.0.clone(),
                province: cell.1.clone(),
                track: cell.2,
                kept: n(&self.kept, cell),
                recounted: n(&self.recounted, cell),
            })
            .filter(|d| d.kept != d.recounted)
            .collect()
    }
}

/// Compares the kept counts with a recount of every ballot. For staff, after the close; the cost grows with the number of
/// ballots.
///
/// # Errors
/// A store that fails.
pub async fn comparison(ballots: &Store, slug: &str) -> Result<Comparison> {
    Ok(Comparison {
        kept: ballot_log::counts::counts(ballots, slug).await?,
        recounted: ballot_log::counts::recount(ballots, slug, |_| ()).await?,
    })
}
