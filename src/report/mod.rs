//! What a province says of a fix: plan, report with evidence, signature.
//!
//! A claim names what changed, since when and for how many counties, and brings evidence. Who reports does not sign; a claim
//! with coverage under 100 % is not signed: it stands as partly resolved. Files lie under their hash ([`evidence`]).

pub mod api;
pub mod claim;
pub mod commands;
pub mod evidence;
pub mod pages;
pub mod purge;
pub mod queries;
