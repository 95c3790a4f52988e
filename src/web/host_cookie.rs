//! Cookies of this host alone (prefix `__Host-`). Browsers refuse such a name without `Secure`, with a domain or with another
//! path. A deletion has to repeat all of these attributes. The cookie jar of poem does not, so a cookie would survive; this
//! module therefore writes the headers itself.

use poem::Request;
use poem::http::header;

/// The value of a cookie in a request.
#[must_use]
pub fn get(request: &Request, name: &str) -> Option<String> {
    request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
        .map(ToOwned::to_owned)
}

/// The `Set-Cookie` value that sets a cookie. The age of the cookie is relative, because the browser's clock may be wrong.
/// Browsers send the cookie when a link on another site leads here, and never inside a page of another site (`SameSite=Lax`).
#[must_use]
pub fn set(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// The `Set-Cookie` value that deletes a cookie.
#[must_use]
pub fn delete(name: &str) -> String {
    set(name, "", 0)
}
