//! The session cookie, and the cookie by which an account recognises a browser after a sign-in.

use chrono::TimeDelta;
use poem::Request;

use super::host_cookie;

/// Name of the session cookie. The prefix makes browsers refuse it without `Secure`, with a domain or another path.
pub const COOKIE: &str = "__Host-shudu";
/// Name of the device cookie.
pub const DEVICE: &str = "__Host-shudu-device";
/// Lifetime of the device cookie, from the last sign-in on.
const DEVICE_LIFETIME: TimeDelta = TimeDelta::days(365);

/// The token that a browser sent, valid or not.
#[must_use]
pub fn get(request: &Request) -> Option<String> {
    host_cookie::get(request, COOKIE)
}

/// `Set-Cookie` that hands the token of a session to the browser, for so long.
#[must_use]
pub fn set(token: &str, lifetime: TimeDelta) -> String {
    host_cookie::set(COOKIE, token, lifetime.num_seconds())
}

/// `Set-Cookie` that takes it back.
#[must_use]
pub fn delete() -> String {
    host_cookie::delete(COOKIE)
}

/// The text of the device cookie, valid or not.
#[must_use]
pub fn get_device(request: &Request) -> Option<String> {
    host_cookie::get(request, DEVICE)
}

/// `Set-Cookie` that makes a browser recognised.
#[must_use]
pub fn set_device(sealed: &str) -> String {
    host_cookie::set(DEVICE, sealed, DEVICE_LIFETIME.num_seconds())
}
