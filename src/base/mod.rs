//! The foundation below every slice: errors, time, who asks and what they may do, keys, files, the three stores.
//!
//! Nothing in here knows a slice, a page or the settings.

pub mod access;
pub mod clock;
pub mod clock_steadiness;
pub mod ctx;
pub mod error;
pub mod file_modes;
pub mod files;
pub mod group_commit;
pub mod key_fingerprints;
pub mod keys;
pub mod main_store;
pub mod percentage;
pub mod rate_limit;
pub mod row_security;
pub mod schema;
pub mod store;
