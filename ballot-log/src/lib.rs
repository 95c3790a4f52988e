//! The public log of ballots: its format, its rules, and the verifier. `docs/ballot-log.md` is the specification.
//!
//! * Format: trees ([`tree`]) in tiles ([`tiles`]), signed notes and checkpoints ([`note`]), cosignatures of witnesses
//!   ([`cosignature`]), ballots as entries ([`leaf`]) in bundles with their places ([`bundle`]), the questionnaire
//!   ([`questionnaire`]), promises to voters ([`promise`]).
//! * Rules: which ballots an invalidation names ([`invalidation`]), when a witness cosigns ([`witness`]).
//! * Verification of a copy of a log, and of a site's log over HTTP ([`verify`]).
//!
//! The crate depends on no database and no server, so that a stranger can build it in a minute.

pub mod bundle;
pub mod command;
pub mod cosignature;
pub mod invalidation;
pub mod kept;
pub mod leaf;
pub mod note;
pub mod promise;
pub mod questionnaire;
pub mod tiles;
pub mod tree;
pub mod verify;
pub mod vote;
pub mod witness;

/// A new signing key for tests; every call returns another key.
#[cfg(test)]
fn fresh_key() -> ed25519_dalek::SigningKey {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&NUMBER.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    ed25519_dalek::SigningKey::from_bytes(&seed)
}
