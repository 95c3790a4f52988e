//! Accounts of staff: roles with scopes, invitations, delegations, and changes that need two people. Citizens have no accounts.

pub mod access_api;
pub mod access_changes;
pub mod api;
pub mod commands;
pub mod delegating;
pub mod flows;
pub mod pages;
pub mod queries;
