//! The dashboard: every public figure, and the history of issues, provinces and assignments. The slice reads all slices and
//! writes nothing.
//!
//! A figure is a count over events up to an instant ([`figures`]). So a figure can be shown as of any past day, and the page,
//! the API and the file show the same numbers. The cost of a figure does not grow with the number of ballots.

pub mod api;
pub mod figures;
pub mod milestones;
pub mod pages;
pub mod queries;
