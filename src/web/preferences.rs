//! Type size and theme, kept in two cookies that only the small preference style sheet is sent: no page varies by them.

use poem::http::header;
use poem::web::Form;
use poem::web::cookie::{Cookie, CookieJar, SameSite};
use poem::{IntoResponse, Request, Response, handler};
use serde::Deserialize;

use super::page::{own_path, see_other};

const STYLE: &str = "/prefs.css";
/// `__Secure-` and not `__Host-`, which would want the path `/` and with it a cookie in every request for a page.
const SIZE: &str = "__Secure-prefs-type";
const THEME: &str = "__Secure-prefs-theme";

/// One of the two forms in the head of every page.
#[derive(Debug, Deserialize)]
struct Wish {
    r#type: Option<String>,
    theme: Option<String>,
    #[serde(default)]
    back: String,
}

/// `POST /preferences`
#[handler]
pub fn choose(request: &Request, jar: &CookieJar, Form(wish): Form<Wish>) -> Response {
    let known = ["1", "2", "3", "system", "light", "dark"];
    for (name, value) in [(SIZE, wish.r#type), (THEME, wish.theme)] {
        if let Some(value) = value.filter(|v| known.contains(&v.as_str())) {
            let mut cookie = Cookie::new_with_str(name, value);
            cookie.set_path(STYLE);
            cookie.set_http_only(true);
            cookie.set_secure(true);
            cookie.set_same_site(SameSite::Strict);
            cookie.set_max_age(std::time::Duration::from_secs(365 * 24 * 3600));
            jar.add(cookie);
        }
    }
    see_other(&back(request, &wish.back))
}

/// Where the reader was: the field that the script fills, else the referring page. Only a path of ours, so that this is
/// no way to send somebody elsewhere.
fn back(request: &Request, field: &str) -> String {
    let referring = || {
        let uri: poem::http::Uri = request.header(header::REFERER)?.parse().ok()?;
        Some(uri.path_and_query()?.to_string())
    };
    let path = if field.is_empty() { referring().unwrap_or_default() } else { field.to_owned() };
    own_path(&path).unwrap_or("/").to_owned()
}

/// `GET /prefs.css`
#[handler]
pub fn style(request: &Request, jar: &CookieJar) -> Response {
    let value = |name| jar.get(name).map(|c| c.value_str().to_owned()).unwrap_or_default();
    let (size, theme) = (value(SIZE), value(THEME));
    let css = super::assets::preferences(&size, &theme);
    let tag = format!("\"{}\"", hex::encode(format!("{size}.{theme}")));
    let answer = Response::builder()
        .header(header::CONTENT_TYPE, "text/css; charset=utf-8")
        .header(header::CACHE_CONTROL, "private, no-cache")
        .header(header::ETAG, &tag);
    if request.header(header::IF_NONE_MATCH) == Some(tag.as_str()) {
        return answer.status(poem::http::StatusCode::NOT_MODIFIED).finish();
    }
    answer.body(css).into_response()
}
