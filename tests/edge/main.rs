//! The edge on a real socket: unclear ends of requests, slow and greedy clients, floods, and the content of logs.
//!
//! The tests assert the fate of each connection, never a time. `SHUDU_PROOF=full` runs the numbers of clients that the claims
//! state.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod borders;
mod flood;
mod listening;
mod logs;
mod slow;
#[expect(dead_code, unused_imports, reason = "it serves the tests over HTTP, which use all of it")]
#[path = "../http/support/mod.rs"]
mod support;

/// The size of a proof: moderate, or full.
fn size(moderate: usize, at_full: usize) -> usize {
    if std::env::var("SHUDU_PROOF").is_ok_and(|size| size == "full") { at_full } else { moderate }
}

/// Ends a proof: prints its line, and panics where there are failures.
fn proof(claim: &str, n: usize, failures: &[String]) {
    println!("PROOF | {claim} | {n} | {}", failures.len());
    assert!(failures.is_empty(), "{claim}:\n{}", failures.join("\n"));
}
