//! Verification: the checks in which supervision teams confirm a fix, reject a fix, or find a relapse.

pub mod api;
pub mod commands;
pub mod pages;
pub mod queries;
