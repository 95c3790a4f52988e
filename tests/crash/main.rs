//! The ballot box and its log on failing machines: processes killed, power cut, disks full and slow, databases gone.
//!
//! Each proof serves a data directory with the real binary, votes over HTTP, and breaks something at a random moment. Then the
//! proof compares the acknowledged ballots with the ballots that are there. The proof ends with a line `PROOF | claim | n |
//! failures`. Plain `cargo test` runs moderate sizes; `SHUDU_PROOF=full` runs the sizes that the claims state.

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

/// Whether the proofs run at full size.
fn full() -> bool {
    std::env::var("SHUDU_PROOF").is_ok_and(|size| size == "full")
}

/// The size of a proof: moderate, or full.
fn size(moderate: usize, at_full: usize) -> usize {
    if full() { at_full } else { moderate }
}

/// Ends a proof: prints its line, and panics where there are failures.
fn proof(claim: &str, n: impl Display, failures: &[String]) {
    println!("PROOF | {claim} | {n} | {}", failures.len());
    assert!(failures.is_empty(), "{claim}:\n{}", failures.join("\n"));
}
