//! The ballot box and its log where machines fail: processes killed, power cut, disks full and slow, databases gone.
//!
//! Each proof serves a data directory with the real binary, votes over HTTP, breaks something at a moment nobody chose,
//! and compares what was acknowledged with what is there afterwards. It ends with a line `PROOF | claim | n | failures`.
//! Plain `cargo test` runs moderate sizes; `SHUDU_PROOF=full` runs the sizes that the claims are made of.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod account;
mod crashes;
mod database;
mod disk;
mod full_disk;
mod kills;
mod ledger;
mod load;
mod no_primary;
mod power;
mod server;
mod site;
mod slow_disk;
mod steps;
mod store_gone;

use std::fmt::Display;

/// Whether the sizes are those that the claims are made of.
fn full() -> bool {
    std::env::var("SHUDU_PROOF").is_ok_and(|size| size == "full")
}

/// A size: moderate, or full.
fn size(moderate: usize, at_full: usize) -> usize {
    if full() { at_full } else { moderate }
}

/// Ends a proof: prints its line, and fails where anything failed.
fn proof(claim: &str, n: impl Display, failures: &[String]) {
    println!("PROOF | {claim} | {n} | {}", failures.len());
    assert!(failures.is_empty(), "{claim}:\n{}", failures.join("\n"));
}
