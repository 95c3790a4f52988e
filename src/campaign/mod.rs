//! A campaign: one consultation round, from draft to dispatch.
//!
//! The author (an organiser) writes rules and options and submits them to review. An approver who is not the author publishes
//! the campaign (dual control). Publication freezes wording and rules. Opening and closing happen by programme time. A campaign
//! can be halted and resumed until it is counted, and cancelled before voting begins. The reasons are shown to everybody.

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
