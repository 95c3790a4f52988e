//! The recount: every entry is checked and added to its cells. Ballots that a later entry invalidates are taken back.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::flaw::{Outcome, flaw};
use super::questionnaire::Questionnaire;
use super::rules::Rules;
use crate::bundle::{LEAST, MERGED, NO_PLACE, PLACE};
use crate::invalidation::named;
use crate::leaf::{Entry, commitment};
use crate::note::{Checkpoint, Verifier};
use crate::tree::Hash;
use crate::vote::{RankingRule, Track};

/// State of a recount after the entries so far.
pub struct Recount<'a> {
    questionnaire: &'a Questionnaire,
    ballots: u64,
    serials: HashSet<[u8; 32]>,
    /// Position of each option in a cell, by option code.
    positions: HashMap<&'a str, usize>,
    /// Sums for every place and track: the ballots at position 0, the votes of each option at its position.
    cells: HashMap<Cell, Vec<i64>>,
    /// Whether the entry is a ballot that counts, for every entry so far.
    counts: Vec<bool>,
    rules: Rules,
    /// Leaf hash of the ballot before, in the same batch.
    before: Option<Hash>,
    /// Whether the current batch holds invalidations; unknown before its first entry.
    is_of_invalidations: Option<bool>,
    /// Number of ballots of the current batch whose places are opened, by cell.
    opened: HashMap<Cell, usize>,
}

/// Place and track of a cell. The place is the digits of a province code, or [`CLOSED`].
type Cell = ([u8; 6], Track);

/// Place of ballots whose province is not opened.
const CLOSED: [u8; 6] = [0; 6];

impl<'a> Recount<'a> {
    /// A recount that has counted nothing yet.
    pub fn new(questionnaire: &'a Questionnaire) -> Self {
        Self {
            questionnaire,
            ballots: 0,
            serials: HashSet::new(),
            positions: questionnaire.options.keys().map(String::as_str).zip(1..).collect(),
            cells: HashMap::new(),
            counts: Vec::new(),
            rules: Rules::default(),
            before: None,
            is_of_invalidations: None,
            opened: HashMap::new(),
        }
    }

    /// Checks an entry with its place, and counts it.
    ///
    /// # Errors
    /// The first flaw of the entry or of its place.
    pub fn take(
        &mut self,
        file: &str,
        places: &str,
        index: u64,
        leaf: &Hash,
        entry: &[u8],
        place: &[u8; PLACE],
    ) -> Outcome<()> {
        let Some(ballot) = Entry::read(entry) else {
            self.counts.push(false);
            self.invalidate(file, index, entry)?;
            // Only a ballot has a place.
            return if place == &[0; PLACE] { Ok(()) } else { flaw(places, format!("place {index} is of no ballot")) };
        };
        self.counts.push(true);
        if self.is_of_invalidations.replace(false) == Some(true) {
            return flaw(file, format!("entry {index} is a ballot among invalidations"));
        }
        if let Some(wrong) = self.wrong(&ballot) {
            return flaw(file, format!("entry {index} {wrong}"));
        }
        if self.before.is_some_and(|before| before >= *leaf) {
            return flaw(file, format!("entry {index} is not in the order of leaf hashes"));
        }
        self.before = Some(*leaf);
        if !self.serials.insert(*ballot.serial) {
            return flaw(file, format!("entry {index} has the serial of another ballot"));
        }
        let Some(province) = self.province(&ballot, place) else {
            return flaw(places, format!("place {index} does not open what ballot {index} committed to"));
        };
        if province != CLOSED {
            *self.opened.entry((province, ballot.track)).or_default() += 1;
        }
        self.ballots += 1;
        self.add(&ballot, province, 1);
        Ok(())
    }

    fn add(&mut self, ballot: &Entry<'_>, province: [u8; 6], n: i64) {
        let width = 1 + self.positions.len();
        let cell = self.cells.entry((province, ballot.track)).or_insert_with(|| vec![0; width]);
        let voted = ballot.choices.iter().filter_map(|code| self.positions.get(code).copied());
        for at in std::iter::once(0).chain(voted) {
            if let Some(sum) = cell.get_mut(at) {
                *sum += n;
            }
        }
    }

    fn invalidate(&mut self, file: &str, index: u64, entry: &[u8]) -> Outcome<()> {
        let Some(named) = named(entry, &self.questionnaire.campaign) else {
            return flaw(file, format!("entry {index} is neither a ballot nor an invalidation"));
        };
        match self.is_of_invalidations.replace(true) {
            Some(false) => return flaw(file, format!("entry {index} is an invalidation among ballots")),
            Some(true) => self.rules.go_on(file, index, &named)?,
            None => self.rules.begin(file, index, &named)?,
        }
        for ballot in named.ballots {
            let counts = usize::try_from(ballot).ok().and_then(|at| self.counts.get_mut(at));
            match counts {
                Some(counts) if *counts => *counts = false,
                _ => return flaw(file, format!("entry {index} invalidates {ballot}, which is no ballot that counts")),
            }
            self.rules.name(ballot, index);
        }
        Ok(())
    }

    /// Whether any ballot was invalidated. If so, all entries are read again for [`Recount::judge`].
    pub const fn has_rules(&self) -> bool {
        !self.rules.is_empty()
    }

    /// Takes a ballot back where a rule names it. The rules have to name the ballots that they meet, and no others.
    ///
    /// # Errors
    /// A rule that names this ballot wrongly, or leaves it out.
    pub fn judge(&mut self, size: u64, index: u64, batch: u32, entry: &[u8], place: &[u8; PLACE]) -> Outcome<()> {
        if let Some(ballot) = Entry::read(entry) {
            // The place was checked against its commitment in `take`.
            let province = place.first_chunk().copied().unwrap_or(CLOSED);
            let opened = (province != CLOSED).then(|| name(&province));
            if self.rules.judge(size, index, batch, &ballot, opened)? {
                self.add(&ballot, province, -1);
            }
        }
        Ok(())
    }

    fn wrong(&self, ballot: &Entry<'_>) -> Option<&'static str> {
        let rules = self.questionnaire;
        let known = |code: &&str| self.positions.contains_key(code);
        [
            (ballot.campaign != rules.campaign, "is of another campaign"),
            (*ballot.questionnaire != rules.hash, "answers another questionnaire"),
            (!rules.tracks.contains(&ballot.track), "is on a track that the questionnaire does not have"),
            (ballot.choices.is_empty() || ballot.choices.len() > rules.most, "has a wrong number of choices"),
            (!ballot.choices.iter().all(known), "has a choice that the questionnaire does not have"),
        ]
        .into_iter()
        .find_map(|(is_wrong, what)| is_wrong.then_some(what))
    }

    fn province(&self, ballot: &Entry<'_>, place: &[u8; PLACE]) -> Option<[u8; 6]> {
        if place == &[0; PLACE] {
            return self.questionnaire.has_places.then_some(CLOSED);
        }
        let (province, salt) = place.split_first_chunk::<6>()?;
        let code = std::str::from_utf8(province).ok().filter(|code| code.bytes().all(|b| b.is_ascii_digit()))?;
        let fits = self.questionnaire.has_places || code == NO_PLACE;
        (fits && commitment(salt.try_into().ok()?, code) == *ballot.place).then_some(*province)
    }

    /// Ends a batch, and checks that no cell that was opened in it is small.
    ///
    /// # Errors
    /// An opened cell with fewer than `LEAST` ballots.
    pub fn close_batch(&mut self, places: &str) -> Outcome<()> {
        (self.before, self.is_of_invalidations) = (None, None);
        let has_places = self.questionnaire.has_places;
        let small = self.opened.drain().find(|(_, n)| has_places && *n < LEAST);
        match small {
            Some(((province, track), n)) => flaw(
                places,
                format!(
                    "opens {} on the track {track} for {n} ballots of a batch; {LEAST} are the least",
                    name(&province)
                ),
            ),
            None => Ok(()),
        }
    }

    /// Indices of the entries that are invalidations.
    pub fn rulings(&self) -> BTreeSet<u64> {
        self.rules.entries()
    }

    /// Number of ballots, and number of invalidated ones among them.
    pub fn ballots(&self) -> (u64, u64) {
        (self.ballots, self.rules.invalidated())
    }

    /// Compares the recount with the signed count, line by line.
    ///
    /// # Errors
    /// The first line that differs.
    pub fn compare(&self, signed: &[u8], key: &Verifier, checkpoint: &Checkpoint) -> Outcome<()> {
        let Some(text) = std::str::from_utf8(signed).ok().and_then(|note| key.open(note)) else {
            return flaw("tally", "is not signed by the log's key");
        };
        let (included, invalidated) = self.ballots();
        let mut expected =
            format!("shudu/tally/1\n{}included {included}\ninvalidated {invalidated}\n", checkpoint.text());
        for ((option, province, track), n) in self.sums() {
            let option = if option.is_empty() { "-" } else { option };
            expected.push_str(&format!("{option} {province} {track} {n}\n"));
        }
        let differs = expected.lines().zip(text.lines()).position(|(a, b)| a != b);
        match differs {
            Some(line) => flaw("tally", format!("line {} is not what the ballots say", line + 1)),
            None if expected != text => flaw("tally", "has lines more or fewer than the ballots say"),
            None => Ok(()),
        }
    }

    /// Every sum that is not zero, by option (empty for ballots), province or `merged`, and track.
    fn sums(&self) -> BTreeMap<(&str, &str, &'static str), i64> {
        let mut sums = BTreeMap::new();
        let names: Vec<(&str, usize)> =
            std::iter::once(("", 0)).chain(self.positions.iter().map(|(code, at)| (*code, *at))).collect();
        for ((province, track), cell) in &self.cells {
            for (option, at) in &names {
                if let Some(n) = cell.get(*at).filter(|n| **n != 0) {
                    sums.insert((*option, name(province), track.code()), *n);
                }
            }
        }
        sums
    }

    /// Options by the ranking rule that the questionnaire names: code, votes, real-name votes.
    pub fn ranking(&self) -> Vec<(String, i64, i64)> {
        let mut votes: HashMap<&str, (i64, i64)> =
            self.questionnaire.options.keys().map(|code| (code.as_str(), (0, 0))).collect();
        for ((_, track), cell) in &self.cells {
            for (option, at) in &self.positions {
                let n = cell.get(*at).copied().unwrap_or(0);
                let sums = votes.entry(option).or_default();
                sums.0 += n;
                sums.1 += if track.has_identities() { n } else { 0 };
            }
        }
        let mut ranking: Vec<(String, i64, i64)> =
            votes.into_iter().map(|(code, (all, real_name))| (code.to_owned(), all, real_name)).collect();
        ranking.sort_by_key(|(code, all, real_name)| {
            let (first, second) = match self.questionnaire.rule {
                RankingRule::RealNameVotes => (*real_name, 0),
                RankingRule::AllVotes => (*all, *real_name),
            };
            (-first, -second, self.questionnaire.options.get(code).copied())
        });
        ranking
    }
}

/// Row of the count for a place: the province code or `merged`.
fn name(province: &[u8; 6]) -> &str {
    if province == &CLOSED { MERGED } else { std::str::from_utf8(province).unwrap_or(MERGED) }
}
