//! Proofs of the product's claims, by adversaries and by random trials. Every `cargo test` makes a moderate number of trials;
//! `scripts/prove` makes as many as the claims need.
//!
//! Every proof ends with a line `PROOF | claim | trials | failures`. Results at full size are in `docs/proofs.md`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod documents;
mod forged;
mod hidden;
mod interleavings;
mod million;
mod mutation;
mod outside;
mod people;
mod races;
mod receipts;
mod stuffing;
mod unlinkable;
mod vote;
