//! Dispatch: the act that sends a campaign's issues to the provinces, and the life cycle of every assignment after that.
//!
//! An assignment is one issue at one province. [`workflow`] is the table of the moves: the only place that states which move
//! may follow which state, and whose hand makes the move. Every change of state is a command of this slice
//! ([`commands::transition`]), which `report` and `verification` call too. Each change writes one event, with a compare-and-set
//! on the state, and needs a permission ([`permission::allowed`]). Lateness, partial coverage and a request for exemption are
//! facts with dates, never states.

pub mod api;
pub mod commands;
pub mod deadline;
pub mod dry_run;
pub mod inbox;
pub mod pages;
pub mod people;
pub mod permission;
pub mod queries;
pub mod workflow;
