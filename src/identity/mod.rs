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

use std::sync::Arc;

use self::avoided::Avoided;
use self::second_factor::passkeys::Passkeys;
use self::sign_on::SignOn;
use self::throttle::Throttle;
use crate::base::error::Result;
use crate::base::keys::Keys;
use crate::base::main_store::Main;
use crate::oidc::trip::Seals;

/// The running parts of this slice.
pub struct Identity {
    /// The main store, where accounts and sessions are.
    pub main: Main,
    /// Secrets of the site.
    pub keys: Keys,
    /// Delays sign-ins after failures.
    pub throttle: Throttle,
    /// Passwords that nobody may choose.
    pub blocklist: Avoided,
    /// Checks answers of passkeys.
    pub passkeys: Passkeys,
    /// The provider through which staff may sign in; none where the site has none.
    pub single_sign_on: Option<SignOn>,
    /// Seals the state that a browser carries to a provider and back.
    pub seals: Arc<Seals>,
    /// How long sessions last.
    pub sessions: session::Limits,
    /// Whether staff need a second factor.
    pub demands_second_factor: bool,
    /// Public address of the site, for links: no slash at the end.
    pub address: String,
}

impl Identity {
    /// Refuses a password where staff sign in through the provider only.
    ///
    /// # Errors
    /// `account.sign_on_only`.
    pub fn check_local(&self, login: &str) -> Result<()> {
        self.single_sign_on.as_ref().map_or(Ok(()), |provider| provider.check_local(login))
    }
}

/// A login as it is stored, however it was typed.
#[must_use]
pub fn login(typed: &str) -> String {
    typed.trim().to_lowercase()
}
