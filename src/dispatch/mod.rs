//! Dispatch: the act that sends a campaign's issues to the provinces, and the life of every assignment after it.
//!
//! An assignment is one issue at one province. [`workflow`] is the table of its moves, the only place that says what may
//! follow what and by whose hand. Every change of state is a command of this slice ([`commands::transition`]) that `report`
//! and `supervision` call too; each writes one event, with a compare-and-set on the state. Being late, partly covered or
//! asked to be exempted are facts with dates, never states.

pub mod api;
pub mod commands;
pub mod deadline;
pub mod inbox;
pub mod pages;
pub mod people;
pub mod queries;
pub mod workflow;
