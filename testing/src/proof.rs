//! A claim, with the number of its trials and of its failures.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Number of failures that are reported in full; the others are only counted.
const MAX_REPORTED: usize = 10;

/// Whether claims are tried at full size, instead of the moderate size of every test run.
pub fn full() -> bool {
    std::env::var("SHUDU_PROOF").is_ok_and(|size| size == "full")
}

/// The moderate number in every test run, the other number at full size.
pub fn size<N>(moderate: N, at_full: N) -> N {
    if full() { at_full } else { moderate }
}

/// A claim under trial, usable from several threads.
pub struct Proof {
    claim: String,
    trials: AtomicU64,
    failures: AtomicU64,
    reported: Mutex<Vec<String>>,
}

impl Proof {
    /// A claim without trials.
    pub fn of(claim: &str) -> Self {
        Self {
            claim: claim.to_owned(),
            trials: AtomicU64::new(0),
            failures: AtomicU64::new(0),
            reported: Mutex::default(),
        }
    }

    /// Counts one trial; `what` describes a failure.
    pub fn trial(&self, held: bool, what: impl FnOnce() -> String) {
        let trials = self.trials.fetch_add(1, Ordering::Relaxed) + 1;
        if trials.is_multiple_of(10_000) && std::io::stderr().is_terminal() {
            eprint!("\r{}: {trials}  ", self.claim);
        }
        if !held {
            self.fail(what());
        }
    }

    /// Adds successful trials that were counted elsewhere.
    pub fn held(&self, trials: u64) {
        self.trials.fetch_add(trials, Ordering::Relaxed);
    }

    /// Reports a failure, also of a condition beside the trials.
    pub fn fail(&self, what: String) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        let mut reported = self.reported.lock().unwrap();
        if reported.len() < MAX_REPORTED {
            reported.push(what);
        }
    }

    /// Prints the line of the proof, and requires trials without a failure.
    #[track_caller]
    pub fn end(self) {
        let (trials, failures) = (self.trials.into_inner(), self.failures.into_inner());
        let reported = self.reported.into_inner().unwrap();
        // Writing to the handle bypasses the capturing of the test runner, so that the line can be collected.
        let mut out = std::io::stdout().lock();
        writeln!(out, "\nPROOF | {} | {trials} | {failures}", self.claim).unwrap();
        drop(out);
        assert!(trials > 0, "{}: not tried", self.claim);
        assert_eq!(failures, 0, "{}: {failures} of {trials}\n{}", self.claim, reported.join("\n"));
    }
}

/// Prints a measured figure, on which no requirement is placed.
pub fn figure(text: &str) {
    writeln!(std::io::stdout().lock(), "\nFIGURE | {text}").unwrap();
}

/// Prints the line of a proof that counted its trials itself, and requires no failures.
#[track_caller]
pub fn conclude(claim: &str, trials: impl std::fmt::Display, failures: &[String]) {
    println!("PROOF | {claim} | {trials} | {}", failures.len());
    assert!(failures.is_empty(), "{claim}:\n{}", failures.join("\n"));
}
