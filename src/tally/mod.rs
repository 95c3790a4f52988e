//! Counting, ranking, selecting: from ballots to issues.
//!
//! After the close the paper is closed for good, the counts that the writer kept are compared with a recount of every
//! ballot, and the count is stored with a digest. An organiser draws up the selection by the published rule; two approvers,
//! neither of them an author, sign it; with the second signature the selected options become issues.
//!
//! What is shown of a count goes through two rules: [`display`] says how much may be seen in a phase, [`published`] which
//! cells are large enough to be shown by province. [`queries::results`] applies both and is the only way to a count that
//! pages, the API and files take.

pub mod api;
pub mod commands;
pub mod display;
pub mod invalidation;
pub mod invalidation_api;
pub mod pages;
pub mod published;
pub mod queries;
pub mod ranking;
pub mod two_signatures;
