//! The knowledge of the voters: which ballots were acknowledged, which ballots have an unknown outcome, and which answers were
//! wrong.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Number of options on the questionnaire.
const OPTIONS: usize = 30;
/// Codes of the provinces of the voters. The last one is rare, so that the figures have small cells.
const PLACES: [&str; 4] = ["320000", "330000", "440000", "610000"];

/// A ballot of a voter: the number of its pass, and the number of one of the selections that the voter may send with that pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ballot {
    pub pass: usize,
    pub choice: usize,
}

impl Ballot {
    /// JSON body of the request that casts the ballot.
    pub fn body(self, passes: &[String]) -> Value {
        let choices = [format!("S3-{:02}", (self.pass + self.choice * 7) % OPTIONS + 1)];
        json!({ "pass": passes[self.pass], "place": PLACES[self.pass % 31 % PLACES.len()], "choices": choices })
    }

    /// A ballot with the same pass and another selection.
    pub const fn otherwise(self) -> Self {
        Self { pass: self.pass, choice: self.choice + 1 }
    }
}

/// The answer of a server to a ballot.
pub struct Answer {
    pub status: u16,
    /// Whether the answer has a `Retry-After` header.
    pub says_when: bool,
    pub body: Value,
}

/// Receipt of an acknowledged ballot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Receipt {
    /// Receipt number, in hexadecimal.
    pub number: String,
    /// Leaf hash, in hexadecimal.
    pub leaf: String,
}

impl Receipt {
    fn of(body: &Value) -> Self {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        Self { number: text("receipt"), leaf: text("leaf_hash") }
    }
}

/// The ledger of all voters of a site.
#[derive(Default)]
pub struct Ledger {
    /// Number of passes that were used so far.
    next: usize,
    /// Numbers of the selections that were sent with each pass.
    sent: HashMap<usize, Vec<usize>>,
    /// Ballot that was acknowledged for each pass, with its receipt.
    acknowledged: HashMap<usize, (Ballot, Receipt)>,
    /// Passes whose ballot was answered as newly counted (201).
    counted: HashSet<usize>,
    /// Passes in the order of their first acknowledgement.
    order: Vec<usize>,
    /// Instants of these acknowledgements.
    moments: Vec<Instant>,
    /// Ballots of unknown outcome, in the order of sending.
    unknown: Vec<Ballot>,
    /// Descriptions of everything that went wrong.
    pub failures: Vec<String>,
    /// Number of answers of each kind: status and error code.
    pub answers: BTreeMap<String, usize>,
    /// Checkpoints that the site showed: text by size.
    pub checkpoints: BTreeMap<u64, String>,
}

impl Ledger {
    /// A ballot with an unused pass; none where all passes are used.
    pub fn fresh(&mut self, passes: usize) -> Option<Ballot> {
        let ballot = Ballot { pass: self.next, choice: 0 };
        self.next += 1;
        (ballot.pass < passes).then_some(ballot)
    }

    /// One of the 200 ballots that were acknowledged last, chosen by `dice`.
    pub fn recent(&self, dice: usize) -> Option<Ballot> {
        let among = self.order.len().min(200);
        let pass = self.order.get(self.order.len() - among + dice.checked_rem(among)?)?;
        self.acknowledged.get(pass).map(|(ballot, _)| *ballot)
    }

    /// One of the ballots of unknown outcome, chosen by `dice`.
    pub fn doubtful(&self, dice: usize) -> Option<Ballot> {
        self.unknown.get(dice.checked_rem(self.unknown.len())?).copied()
    }

    /// All ballots of unknown outcome, in the order of sending.
    pub fn all_doubtful(&self) -> Vec<Ballot> {
        self.unknown.clone()
    }

    /// Number of acknowledged ballots.
    pub fn acknowledged(&self) -> usize {
        self.acknowledged.len()
    }

    /// Longest time without a new acknowledgement, among those after an instant.
    pub fn longest_pause(&self, since: Instant) -> Duration {
        let first = self.moments.partition_point(|moment| *moment < since).saturating_sub(1);
        let pauses = self.moments[first..].windows(2).map(|pair| pair[1] - pair[0]);
        pauses.max().unwrap_or_default()
    }

    /// Receipts of all acknowledged ballots.
    pub fn receipts(&self) -> HashSet<Receipt> {
        self.acknowledged.values().map(|(_, receipt)| receipt.clone()).collect()
    }

    /// Leaf hashes of all acknowledged ballots, in hexadecimal.
    pub fn leaves(&self) -> HashSet<String> {
        self.acknowledged.values().map(|(_, receipt)| receipt.leaf.clone()).collect()
    }

    /// Notes that a ballot is sent. Gives whether its pass already has an acknowledged ballot.
    pub fn send(&mut self, ballot: Ballot) -> bool {
        let choices = self.sent.entry(ballot.pass).or_default();
        if !choices.contains(&ballot.choice) {
            choices.push(ballot.choice);
        }
        self.acknowledged.contains_key(&ballot.pass)
    }

    /// Notes the answer to a ballot; `None` is a broken connection. `before` is the value that [`Ledger::send`] gave, because
    /// another connection may have sent the same ballot in between.
    pub fn note(&mut self, sent: Ballot, before: bool, answer: Option<Answer>) {
        let Some(Answer { status, says_when, body }) = answer else {
            self.answered("no answer");
            return self.doubt(sent);
        };
        let code = body["code"].as_str().unwrap_or_default().to_owned();
        self.answered(&format!("{status} {code}"));
        let standing = self.acknowledged.get(&sent.pass);
        let is_same = standing.is_none_or(|(ballot, receipt)| *ballot == sent && *receipt == Receipt::of(&body));
        let is_spent = match standing {
            Some((ballot, _)) => *ballot != sent,
            None => self.sent.get(&sent.pass).is_some_and(|choices| choices.iter().any(|c| *c != sent.choice)),
        };
        match (status, code.as_str()) {
            (503, _) if says_when => self.doubt(sent),
            (201, _) if is_same && !before && self.counted.insert(sent.pass) => self.acknowledge(sent, &body),
            (200, _) if is_same => self.acknowledge(sent, &body),
            (409, "ballot.pass_used") if is_spent => self.unknown.retain(|b| *b != sent),
            _ => {
                let standing = format!("{standing:?}");
                self.fail(format!("{sent:?}: {status} {body}; acknowledged before: {before}, standing: {standing}"));
            }
        }
    }

    fn acknowledge(&mut self, ballot: Ballot, body: &Value) {
        let receipt = Receipt::of(body);
        if self.acknowledged.insert(ballot.pass, (ballot, receipt)).is_none() {
            self.order.push(ballot.pass);
            self.moments.push(Instant::now());
        }
        self.unknown.retain(|b| b.pass != ballot.pass);
    }

    fn doubt(&mut self, ballot: Ballot) {
        if !self.acknowledged.contains_key(&ballot.pass) && !self.unknown.contains(&ballot) {
            self.unknown.push(ballot);
        }
    }

    fn answered(&mut self, kind: &str) {
        *self.answers.entry(kind.trim().to_owned()).or_default() += 1;
    }

    /// Notes a checkpoint that the site shows. Two different checkpoints of one size are a failure: they belong to two trees.
    pub fn saw(&mut self, checkpoint: &str) {
        let size = checkpoint.lines().nth(1).and_then(|line| line.parse().ok()).unwrap_or_default();
        let standing = self.checkpoints.entry(size).or_insert_with(|| checkpoint.to_owned());
        if standing != checkpoint {
            let what = format!("two checkpoints of one size:\n{standing}\n{checkpoint}");
            self.fail(what);
        }
    }

    /// Notes a failure.
    pub fn fail(&mut self, what: String) {
        self.failures.push(what);
    }
}
