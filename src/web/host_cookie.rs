//! Cookies of this host alone, written by hand: browsers refuse a name with this prefix without `Secure`, with a domain or
//! another path, and one that is taken back has to say all of it again (poem's jar does not, so it would stay).

use poem::Request;
use poem::http::header;

/// The value of a cookie that a browser sent.
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

/// `Set-Cookie` that hands it to the browser. Its age is relative: the browser's clock may be wrong. It comes along when
/// another site sends the browser here by a link, and never inside another site's page.
#[must_use]
pub fn set(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// `Set-Cookie` that takes it back.
#[must_use]
pub fn delete(name: &str) -> String {
    set(name, "", 0)
}
