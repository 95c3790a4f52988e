//! The session cookie, written by hand: poem's jar drops `Secure` and the path when it deletes, and a `__Host-` cookie
//! without them stays in the browser.

use chrono::{DateTime, Utc};

use super::session::Opened;

/// Name of the session cookie. The prefix makes browsers refuse it without `Secure`, with a domain or another path.
pub const COOKIE: &str = "__Host-shudu";

/// `Set-Cookie` that hands a session to the browser. Its age is relative: the browser's clock may be wrong, ours may be the
/// demo's.
#[must_use]
pub fn set(opened: &Opened, system: DateTime<Utc>) -> String {
    with_age(opened.token.reveal(), (opened.expires - system).num_seconds())
}

/// `Set-Cookie` that takes it back.
#[must_use]
pub fn delete() -> String {
    with_age("", 0)
}

fn with_age(token: &str, seconds: i64) -> String {
    format!("{COOKIE}={token}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Lax")
}
