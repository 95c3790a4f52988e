//! The ballot box and its log on failing machines: processes killed, power cut, disks full and slow, databases gone.
//!
//! Each proof serves a data directory with the real binary, votes over HTTP, and breaks something at a random moment. Then the
//! proof compares the acknowledged ballots with the ballots that are there. The proof ends with a line `PROOF | claim | n |
//! failures`. Plain `cargo test` runs moderate sizes; `SHUDU_PROOF=full` runs the sizes that the claims state.

mod crashes;
mod disk;
mod full_disk;
mod kills;
pub mod ledger;
pub mod load;
mod no_primary;
mod power;
pub mod reconciliation;
pub mod server;
pub mod site;
mod slow_disk;
mod steps;
mod store_gone;
