//! What the product claims, tried by adversaries and by chance: a moderate number of times in every `cargo test`, as often as
//! the claims need with `scripts/prove`.
//!
//! Every proof ends with a line `PROOF | claim | trials | failures`. What was run at full size stands in `docs/proofs.md`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod forged;
mod hidden;
mod interleavings;
mod million;
mod mutation;
mod outside;
mod people;
mod proof;
mod races;
mod receipts;
mod stuffing;
#[expect(dead_code, reason = "it serves the tests over HTTP, which use all of it")]
#[path = "../http/support/mod.rs"]
mod support;
mod unlinkable;
mod vote;
