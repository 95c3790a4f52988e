//! Staff: accounts, roles with scopes, passwords, second factors, sessions. Citizens have no accounts.
//!
//! Every staff route denies by default: a handler gets its [`crate::base::ctx::Ctx`] only through [`extract`], and every command
//! asks the context whether the table of [`crate::base::access`] allows it. What is not yours does not exist for you (404).

pub mod access_api;
pub mod access_changes;
pub mod api;
pub mod avoided;
pub mod commands;
pub mod confirmation;
pub mod cookie;
pub mod delegating;
pub mod devices;
pub mod ended;
pub mod extract;
pub mod known_device;
pub mod nav;
pub mod pages;
pub mod password;
pub mod proof;
pub mod queries;
pub mod second_factor;
pub mod session;
pub mod sign_on;
pub mod throttle;
pub mod told;

/// A login as it is stored, however it was typed.
#[must_use]
pub fn login(typed: &str) -> String {
    typed.trim().to_lowercase()
}
