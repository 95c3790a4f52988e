//! Reports of provinces about a fix: plan, report with evidence, signature.
//!
//! A claim states the change, the day since which the fix works and the number of counties covered, and carries evidence. The
//! reporter does not sign. A claim with coverage under 100 % is not signed: its assignment counts as partly resolved. Evidence
//! files are stored under their hash ([`evidence`]).

pub mod api;
pub mod claim;
pub mod commands;
pub mod evidence;
pub mod pages;
pub mod purge;
pub mod queries;
