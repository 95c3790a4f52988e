//! The dashboard: every public figure, and the history of issues, provinces and assignments. Reads all slices, writes nothing.
//!
//! A figure is a count over events up to an instant ([`figures`]), so it can be shown as of any past day, and the same
//! numbers stand on the page, in the API and in the file. Its cost does not grow with the ballots.

pub mod api;
pub mod figures;
pub mod milestones;
pub mod pages;
pub mod queries;
