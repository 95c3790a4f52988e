//! Staff: accounts, roles with scopes, passwords, second factors, sessions. Citizens have no accounts.
//!
//! Every staff route denies by default: a handler gets its [`crate::base::ctx::Ctx`] only through [`extract`], and every command
//! asks the context whether the table of [`crate::base::access`] allows it. What is not yours does not exist for you (404).

pub mod api;
pub mod commands;
pub mod devices;
pub mod extract;
pub mod known_device;
pub mod nav;
pub mod pages;
pub mod password;
pub mod password_blocklist;
pub mod purge;
pub mod queries;
pub mod reauthentication;
pub mod second_factor;
pub mod session;
pub mod sign_on;
pub mod step_up;
pub mod throttle;

use std::sync::Arc;

use self::second_factor::passkeys::Passkeys;
use self::sign_on::SignOn;
use self::throttle::Throttle;
use crate::base::error::Result;
use crate::base::keys::Keys;
use crate::base::main_store::Main;
use crate::oidc::auth_request::StateCookie;
use crate::sign_in::password_blocklist::PasswordBlocklist;

/// The running parts of this slice.
pub struct Authentication {
    /// The main store, where accounts and sessions are.
    pub main: Main,
    /// Secrets of the site.
    pub keys: Keys,
    /// Delays sign-ins after failures.
    pub throttle: Throttle,
    /// Passwords that nobody may choose.
    pub blocklist: PasswordBlocklist,
    /// Checks answers of passkeys.
    pub passkeys: Passkeys,
    /// The provider through which staff may sign in; none where the site has none.
    pub single_sign_on: Option<SignOn>,
    /// StateCookie the state that a browser carries to a provider and back.
    pub state_cookie: Arc<StateCookie>,
    /// How long sessions last.
    pub sessions: session::Limits,
    /// Whether staff need a second factor.
    pub demands_second_factor: bool,
    /// Public address of the site, for links: no slash at the end.
    pub address: String,
}

impl Authentication {
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
