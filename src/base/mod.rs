//! The foundation below every slice: errors, both clocks, the actor of a request and their rights, keys, files, the three stores.
//!
//! No module in this folder knows a slice, a page or the settings.

pub mod access;
pub mod clock;
pub mod clock_steadiness;
mod connections;
pub mod ctx;
pub mod error;
pub mod file_modes;
pub mod files;
pub mod group_commit;
pub mod key_fingerprints;
pub mod keys;
pub mod main_store;
pub mod nodes;
pub mod objects;
pub mod percentage;
pub mod rate_limit;
pub mod row_security;
pub mod schema;
pub mod store;
pub mod text;
