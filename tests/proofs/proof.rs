//! A claim, how often it was tried, and how often it did not hold.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Failures that are told in full; of the rest only the number.
const TOLD: usize = 10;

/// Whether claims are tried as often as they need, instead of as often as there is time for in every test run.
pub fn full() -> bool {
    std::env::var("SHUDU_PROOF").is_ok_and(|size| size == "full")
}

/// One number in every test run, another at full size.
pub fn size<N>(moderate: N, at_full: N) -> N {
    if full() { at_full } else { moderate }
}

/// A claim under trial, from any number of threads.
pub struct Proof {
    claim: String,
    trials: AtomicU64,
    failures: AtomicU64,
    told: Mutex<Vec<String>>,
}

impl Proof {
    /// A claim that was not tried yet.
    pub fn of(claim: &str) -> Self {
        Self { claim: claim.to_owned(), trials: AtomicU64::new(0), failures: AtomicU64::new(0), told: Mutex::default() }
    }

    /// One trial; `what` tells of a failure.
    pub fn trial(&self, held: bool, what: impl FnOnce() -> String) {
        let trials = self.trials.fetch_add(1, Ordering::Relaxed) + 1;
        if trials.is_multiple_of(10_000) && std::io::stderr().is_terminal() {
            eprint!("\r{}: {trials}  ", self.claim);
        }
        if !held {
            self.fail(what());
        }
    }

    /// So many trials that held, counted elsewhere.
    pub fn held(&self, trials: u64) {
        self.trials.fetch_add(trials, Ordering::Relaxed);
    }

    /// Something that must hold besides the trials, and does not.
    pub fn fail(&self, what: String) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        let mut told = self.told.lock().unwrap();
        if told.len() < TOLD {
            told.push(what);
        }
    }

    /// Prints the line, and demands that there were trials and no failure.
    #[track_caller]
    pub fn end(self) {
        let (trials, failures) = (self.trials.into_inner(), self.failures.into_inner());
        let told = self.told.into_inner().unwrap();
        // Past the capturing of the test runner, so that the line is there to be collected.
        let mut out = std::io::stdout().lock();
        writeln!(out, "\nPROOF | {} | {trials} | {failures}", self.claim).unwrap();
        drop(out);
        assert!(trials > 0, "{}: not tried", self.claim);
        assert_eq!(failures, 0, "{}: {failures} of {trials}\n{}", self.claim, told.join("\n"));
    }
}

/// Prints a figure that was measured on the way; nothing is demanded of it.
pub fn figure(text: &str) {
    writeln!(std::io::stdout().lock(), "\nFIGURE | {text}").unwrap();
}
