//! Verification: the checks of the supervision teams.

pub mod api;
pub mod commands;
pub mod pages;
pub mod queries;
