//! Supervision: the teams' checks, and every figure of the dashboard. Reads everything, owns only the checks.
//!
//! A figure is a count over events up to an instant ([`figures`]), so it can be shown as of any past day, and the same
//! numbers stand on the page, in the API and in the file. Its cost does not grow with the ballots.

pub mod api;
pub mod checks_api;
pub mod commands;
pub mod figures;
pub mod pages;
pub mod queries;
pub mod story;
