//! Sign-in of staff: passwords, second factors, sessions and single sign-on. Citizens have no accounts.
//!
//! Every staff route denies by default: a handler gets its [`crate::base::ctx::Ctx`] only through [`extract`], and every command
//! asks the context whether the table of [`crate::base::access`] allows the act. Objects outside the scope of a role do not exist
//! for its holder (404).

pub mod api;
pub mod commands;
pub mod devices;
pub mod extract;
pub mod flows;
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
use crate::base::text;
use crate::oidc::auth_request::StateCookie;
use crate::sign_in::password_blocklist::PasswordBlocklist;

/// Running parts of this slice.
pub struct Authentication {
    /// Main store, which contains accounts and sessions.
    pub main: Main,
    /// Secret keys of the site.
    pub keys: Keys,
    /// Delay of sign-ins after failures.
    pub throttle: Throttle,
    /// Passwords that nobody may choose.
    pub blocklist: PasswordBlocklist,
    /// Check of passkey answers.
    pub passkeys: Passkeys,
    /// Provider through which staff may sign in; none where the site has none.
    pub single_sign_on: Option<SignOn>,
    /// Seals the state that a browser carries to a provider and back.
    pub state_cookie: Arc<StateCookie>,
    /// Lifetime of sessions.
    pub sessions: session::Limits,
    /// Whether every member of staff needs a second factor.
    pub demands_second_factor: bool,
    /// Public address of the site for links, without a slash at the end.
    pub address: String,
}

impl Authentication {
    /// Refuses a password where staff sign in only through the provider.
    ///
    /// # Errors
    /// `account.sign_on_only`.
    pub fn check_local(&self, login: &str) -> Result<()> {
        self.single_sign_on.as_ref().map_or(Ok(()), |provider| provider.check_local(login))
    }
}

/// The login in the form in which it is stored, for any way of typing it.
#[must_use]
pub fn login(typed: &str) -> String {
    text::plain(typed).to_lowercase()
}
