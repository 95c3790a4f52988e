//! The public log: Merkle trees, signed notes, and files that never change. `docs/ballot-log.md` specifies their content.
//!
//! This module knows nothing about ballots: it serves the files and names the witnesses. Hashing and signing are in
//! [`public_log`]. The sequencer of ballots writes the entries. The verifier reads them without access to the databases.

pub mod pages;
pub mod witnesses;
