//! What went wrong at a site, told to everybody at `/incidents`: by an approver, or by the program itself where a new version
//! knows what an earlier one did wrong. Published texts are never changed and never removed; a correction is a new one.

pub mod api;
pub mod commands;
pub mod known;
pub mod pages;
pub mod queries;
