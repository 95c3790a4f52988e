//! The session cookie, and the cookie by which an account recognises a browser after a sign-in.

use chrono::TimeDelta;
use poem::Request;

use super::host_cookie;

/// Name of the session cookie. Because of the prefix, browsers refuse the cookie without `Secure`, with a domain or with another
/// path.
pub const COOKIE: &str = "__Host-shudu";
/// Name of the device cookie.
pub const DEVICE: &str = "__Host-shudu-device";
/// Lifetime of the device cookie, counted from the last sign-in.
const DEVICE_LIFETIME: TimeDelta = TimeDelta::days(365);

/// The session token in a request, valid or not.
#[must_use]
pub fn get(request: &Request) -> Option<String> {
    host_cookie::get(request, COOKIE)
}

/// The `Set-Cookie` value that gives the browser a session token for the lifetime.
#[must_use]
pub fn set(token: &str, lifetime: TimeDelta) -> String {
    host_cookie::set(COOKIE, token, lifetime.num_seconds())
}

/// The `Set-Cookie` value that deletes the session cookie.
#[must_use]
pub fn delete() -> String {
    host_cookie::delete(COOKIE)
}

/// The value of the device cookie in a request, valid or not.
#[must_use]
pub fn get_device(request: &Request) -> Option<String> {
    host_cookie::get(request, DEVICE)
}

/// The `Set-Cookie` value by which the account recognises the browser later.
#[must_use]
pub fn set_device(sealed: &str) -> String {
    host_cookie::set(DEVICE, sealed, DEVICE_LIFETIME.num_seconds())
}
