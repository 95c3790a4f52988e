//! Counting, ranking, selecting: from ballots to issues.
//!
//! After the close the paper is closed for good. The counts that the writer kept are compared with a recount of every ballot, and
//! the count is stored with a digest. An organiser draws up the selection by the published rule. Two approvers sign the selection
//! (dual control); neither is an author. With the second signature the selected options become issues.
//!
//! Every published figure of a count passes two rules. [`display`] decides how much may be seen in a phase; [`published`] decides
//! which cells are large enough to be shown by province. [`queries::results`] applies both rules. Pages, the API and files reach
//! a count only through that function.

pub mod api;
pub mod commands;
pub mod display;
pub mod flows;
pub mod invalidation;
pub mod invalidation_api;
pub mod pages;
pub mod published;
pub mod queries;
pub mod ranking;
pub mod two_signatures;
