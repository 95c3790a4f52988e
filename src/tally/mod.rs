//! Counting, ranking, selecting: from ballots to issues.
//!
//! After the close the paper is closed for good, the counts that the writer kept are compared with a recount of every
//! ballot, and the count is stored with a digest. An organiser draws up the selection by the published rule; two approvers,
//! neither of them an author, sign it; with the second signature the selected options become issues.

pub mod api;
pub mod commands;
pub mod pages;
pub mod queries;
pub mod ranking;
