//! The session cookie.

use chrono::{DateTime, Utc};
use poem::Request;

use super::session::Opened;
use crate::web::host_cookie;

/// Name of the session cookie. The prefix makes browsers refuse it without `Secure`, with a domain or another path.
pub const COOKIE: &str = "__Host-shudu";

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
