//! The public log: trees of hashes, signed notes, files that never change. What is in them is said in `docs/ballot-log.md`.
//!
//! This part knows nothing of ballots: it is hashing, signing and files. The ballots' sequencer puts entries into it, and the
//! verifier reads it with no access to the databases.

pub mod pages;
pub mod witnesses;

use std::path::{Path, PathBuf};

/// The folder of a data directory that holds every public log.
#[must_use]
pub fn folder(data: &Path) -> PathBuf {
    data.join("log")
}
