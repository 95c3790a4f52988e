//! Rules by which ballots do not count. Each rule has to name all ballots that its criteria meet, and no others. Criteria use
//! only facts that the log itself shows, so that the rules can be applied again.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::flaw::{Outcome, flaw};
use super::names;
use crate::invalidation::{Criteria, Named};
use crate::leaf::Entry;

/// The rules of a log, in their order.
#[derive(Default)]
pub struct Rules {
    all: Vec<Rule>,
    /// Rule and entry for each invalidated ballot, by the ballot's index: the rule's position in `all`, and the index of the
    /// naming entry.
    by: BTreeMap<u64, (usize, u64)>,
}

struct Rule {
    said: [String; 3],
    criteria: Criteria,
    /// Index of the rule's first entry. Only ballots before this entry can be met.
    from: u64,
}

impl Rules {
    /// Whether the log has no rules.
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Number of ballots that the rules invalidate.
    pub fn invalidated(&self) -> u64 {
        self.by.len() as u64
    }

    /// Indices of the rules' entries. Each entry names at least one ballot.
    pub fn entries(&self) -> BTreeSet<u64> {
        self.by.values().map(|(_, entry)| *entry).collect()
    }

    /// Takes the first entry of a batch of invalidations, which begins a rule.
    ///
    /// # Errors
    /// Criteria that are malformed.
    pub fn begin(&mut self, file: &str, entry: u64, named: &Named<'_>) -> Outcome<()> {
        let Some(criteria) = named.criteria() else {
            return flaw(file, format!("entry {entry} has criteria that are not of the form"));
        };
        self.all.push(Rule { said: named.said.map(str::to_owned), criteria, from: entry });
        Ok(())
    }

    /// Takes a further entry of the batch.
    ///
    /// # Errors
    /// An entry of another rule.
    pub fn go_on(&self, file: &str, entry: u64, named: &Named<'_>) -> Outcome<()> {
        match self.all.last() {
            Some(rule) if rule.said == named.said => Ok(()),
            _ => flaw(file, format!("entry {entry} is of another rule than the first one of its batch")),
        }
    }

    /// Records that an entry names a ballot.
    pub fn name(&mut self, ballot: u64, entry: u64) {
        self.by.insert(ballot, (self.all.len().saturating_sub(1), entry));
    }

    /// Whether a ballot was invalidated. The first rule that meets the ballot has to name it.
    ///
    /// # Errors
    /// A rule that names the ballot without meeting it, or that meets the ballot without naming it.
    pub fn judge(
        &self,
        size: u64,
        index: u64,
        batch: u32,
        ballot: &Entry<'_>,
        province: Option<&str>,
    ) -> Outcome<bool> {
        let nobody = self.all.len();
        let (by, entry) = self.by.get(&index).copied().unwrap_or((nobody, 0));
        let meets = |rule: &Rule| index < rule.from && rule.criteria.meets(ballot, province, batch);
        let met = self.all.iter().enumerate().find(|(_, rule)| meets(rule));
        let (met, from) = met.map_or((nobody, 0), |(at, rule)| (at, rule.from));
        let wrong =
            |entry: u64, what: &str| flaw(&names::bundle("tile/entries", entry, size), format!("entry {entry} {what}"));
        match by.cmp(&met) {
            Ordering::Equal => Ok(by < nobody),
            Ordering::Less => wrong(entry, &format!("invalidates {index}, which its criteria do not meet")),
            Ordering::Greater => {
                wrong(from, &format!("and those after it leave {index} out, which their criteria meet"))
            }
        }
    }
}
