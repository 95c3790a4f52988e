//! The session cookie, and the one by which an account knows a browser ([`super::known_device`]).

use chrono::{DateTime, TimeDelta, Utc};
use poem::Request;

use super::session::Opened;
use crate::web::host_cookie;

/// Name of the session cookie. The prefix makes browsers refuse it without `Secure`, with a domain or another path.
pub const COOKIE: &str = "__Host-shudu";
/// Name of the cookie by which an account knows a browser.
pub const DEVICE: &str = "__Host-shudu-device";
/// How long the browser keeps the latter, from the last sign-in on.
const KEPT: TimeDelta = TimeDelta::days(365);

/// The token that a browser sent, whether it is good for anything or not.
#[must_use]
pub fn get(request: &Request) -> Option<String> {
    host_cookie::get(request, COOKIE)
}

/// `Set-Cookie` that hands a session to the browser.
#[must_use]
pub fn set(opened: &Opened, system: DateTime<Utc>) -> String {
    host_cookie::set(COOKIE, opened.token.reveal(), (opened.expires - system).num_seconds())
}

/// `Set-Cookie` that takes it back.
#[must_use]
pub fn delete() -> String {
    host_cookie::delete(COOKIE)
}

/// The text that may make a browser known, whether it does or not.
#[must_use]
pub fn get_device(request: &Request) -> Option<String> {
    host_cookie::get(request, DEVICE)
}

/// `Set-Cookie` that makes a browser known.
#[must_use]
pub fn set_device(sealed: &str) -> String {
    host_cookie::set(DEVICE, sealed, KEPT.num_seconds())
}
