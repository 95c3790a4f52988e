//! Rules by which ballots do not count: each names the ballots that its criteria meet, all of them and no others. Criteria speak only
//! of what the log itself shows, so the rules are applied again.

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
    /// For each invalidated ballot the rule at its position in `all`, and the entry that names it.
    by: BTreeMap<u64, (usize, u64)>,
}

struct Rule {
    said: [String; 3],
    criteria: Criteria,
    /// Its first entry: ballots before it can be met.
    from: u64,
}

impl Rules {
    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many ballots they invalidate.
    pub fn invalidated(&self) -> u64 {
        self.by.len() as u64
    }

    /// Their entries: each names a ballot at least.
    pub fn entries(&self) -> BTreeSet<u64> {
        self.by.values().map(|(_, entry)| *entry).collect()
    }

    /// Takes the first entry of a batch of invalidations, and with it a rule.
    ///
    /// # Errors
    /// Criteria that are none.
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
    /// One of another rule.
    pub fn go_on(&self, file: &str, entry: u64, named: &Named<'_>) -> Outcome<()> {
        match self.all.last() {
            Some(rule) if rule.said == named.said => Ok(()),
            _ => flaw(file, format!("entry {entry} is of another rule than the first one of its batch")),
        }
    }

    /// Notes that an entry names a ballot.
    pub fn name(&mut self, ballot: u64, entry: u64) {
        self.by.insert(ballot, (self.all.len().saturating_sub(1), entry));
    }

    /// Whether a ballot was invalidated: by the first rule that meets it.
    ///
    /// # Errors
    /// A rule that names it though it does not meet it, or meets it and does not name it.
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
