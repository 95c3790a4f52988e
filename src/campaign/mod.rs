//! A campaign: one consultation round, from draft to dispatch.
//!
//! The author (organiser) writes rules and options and hands them to review; an approver who is not the author publishes.
//! Publication freezes wording and rules. Opening and closing happen by the clock. A campaign can be halted and resumed
//! until it is counted, and cancelled before voting began; reasons are shown to everybody.

pub mod api;
pub mod checks;
pub mod commands;
pub mod draft;
pub mod effects;
pub mod halt;
pub mod options;
pub mod pages;
pub mod phase;
pub mod queries;
pub mod questionnaire;
pub mod rule;
