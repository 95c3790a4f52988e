//! What the voters know: which ballots were acknowledged, of which the outcome is unknown, and what was answered wrongly.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Value, json};

/// Options on the questionnaire.
const OPTIONS: usize = 30;
/// Where voters live. The last one is rare, so that small cells are met.
const PLACES: [&str; 4] = ["320000", "330000", "440000", "610000"];

/// A ballot that is sent: a pass, by its number, and one of the choices that its voter may send with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ballot {
    pub pass: usize,
    pub choice: usize,
}

impl Ballot {
    /// The body of the request.
    pub fn body(self, passes: &[String]) -> Value {
        let choices = [format!("S3-{:02}", (self.pass + self.choice * 7) % OPTIONS + 1)];
        json!({ "pass": passes[self.pass], "place": PLACES[self.pass % 31 % PLACES.len()], "choices": choices })
    }

    /// The same pass with other choices.
    pub const fn otherwise(self) -> Self {
        Self { pass: self.pass, choice: self.choice + 1 }
    }
}

/// What came back.
pub struct Answer {
    pub status: u16,
    /// Whether it said when to come again.
    pub says_when: bool,
    pub body: Value,
}

/// See the module.
#[derive(Default)]
pub struct Ledger {
    /// Passes that were used so far.
    next: usize,
    /// Choices that were sent with a pass.
    sent: HashMap<usize, Vec<usize>>,
    /// The ballot that was acknowledged for a pass, and its receipt.
    acknowledged: HashMap<usize, (Ballot, String)>,
    /// Passes of which it was said that their ballot counts now.
    counted: HashSet<usize>,
    /// Passes in the order of their acknowledgements.
    order: Vec<usize>,
    /// Sent, and no word came back whether they count, in the order of sending.
    unknown: Vec<Ballot>,
    /// What should not have been answered.
    pub failures: Vec<String>,
    /// How often each kind of answer came.
    pub answers: BTreeMap<String, usize>,
    /// Checkpoints that the site showed: size and text.
    pub checkpoints: BTreeMap<u64, String>,
}

impl Ledger {
    /// A pass that nobody has used; none where all are used up.
    pub fn fresh(&mut self, passes: usize) -> Option<Ballot> {
        let ballot = Ballot { pass: self.next, choice: 0 };
        self.next += 1;
        (ballot.pass < passes).then_some(ballot)
    }

    /// One of the newest ballots that were acknowledged, chosen by `dice`.
    pub fn recent(&self, dice: usize) -> Option<Ballot> {
        let among = self.order.len().min(200);
        let pass = self.order.get(self.order.len() - among + dice.checked_rem(among)?)?;
        self.acknowledged.get(pass).map(|(ballot, _)| *ballot)
    }

    /// One of those whose outcome is unknown, chosen by `dice`.
    pub fn doubtful(&self, dice: usize) -> Option<Ballot> {
        self.unknown.get(dice.checked_rem(self.unknown.len())?).copied()
    }

    /// Everything whose outcome is unknown, in the order of sending.
    pub fn all_doubtful(&self) -> Vec<Ballot> {
        self.unknown.clone()
    }

    /// Every receipt that somebody holds.
    pub fn receipts(&self) -> HashSet<String> {
        self.acknowledged.values().map(|(_, receipt)| receipt.clone()).collect()
    }

    /// Notes that a ballot is sent. Gives whether its pass has been acknowledged by now.
    pub fn send(&mut self, ballot: Ballot) -> bool {
        let choices = self.sent.entry(ballot.pass).or_default();
        if !choices.contains(&ballot.choice) {
            choices.push(ballot.choice);
        }
        self.acknowledged.contains_key(&ballot.pass)
    }

    /// Notes what came of a ballot; none where the connection broke. `before` is what [`Ledger::send`] gave: in between,
    /// another connection may have sent the same.
    pub fn note(&mut self, sent: Ballot, before: bool, answer: Option<Answer>) {
        let Some(Answer { status, says_when, body }) = answer else {
            self.answered("no answer");
            return self.doubt(sent);
        };
        let code = body["code"].as_str().unwrap_or_default().to_owned();
        self.answered(&format!("{status} {code}"));
        let standing = self.acknowledged.get(&sent.pass);
        let is_same = standing.is_none_or(|(ballot, receipt)| *ballot == sent && body["receipt"] == receipt.as_str());
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
        let receipt = body["receipt"].as_str().unwrap_or_default().to_owned();
        if self.acknowledged.insert(ballot.pass, (ballot, receipt)).is_none() {
            self.order.push(ballot.pass);
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

    /// Notes a checkpoint that the site shows. Two of one size are two trees.
    pub fn saw(&mut self, checkpoint: &str) {
        let size = checkpoint.lines().nth(1).and_then(|line| line.parse().ok()).unwrap_or_default();
        let standing = self.checkpoints.entry(size).or_insert_with(|| checkpoint.to_owned());
        if standing != checkpoint {
            let what = format!("two checkpoints of one size:\n{standing}\n{checkpoint}");
            self.fail(what);
        }
    }

    /// Notes something that must not be.
    pub fn fail(&mut self, what: String) {
        self.failures.push(what);
    }
}
