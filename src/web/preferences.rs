//! Type size and theme, kept in two cookies. Only the small preference style sheet depends on the cookies, so no page varies by
//! them.

use poem::http::{HeaderValue, header};
use poem::web::Form;
use poem::{IntoResponse, Request, Response, handler};
use serde::Deserialize;

use super::host_cookie;
use super::page::{own_path, see_other};
use crate::base::error::{Error, Result};

const SIZE: &str = "__Host-prefs-type";
const THEME: &str = "__Host-prefs-theme";
const YEAR: i64 = 365 * 24 * 3600;

/// Values of one of the two preference forms in the head of every page.
#[derive(Debug, Deserialize)]
struct Wish {
    r#type: Option<String>,
    theme: Option<String>,
    #[serde(default)]
    back: String,
}

/// `POST /preferences`: keeps a type size or a theme.
#[handler]
pub fn choose(request: &Request, Form(wish): Form<Wish>) -> Result<Response> {
    let known = ["1", "2", "3", "system", "light", "dark"];
    let mut answer = see_other(&back(request, &wish.back));
    for (name, value) in [(SIZE, wish.r#type), (THEME, wish.theme)] {
        if let Some(value) = value.filter(|v| known.contains(&v.as_str())) {
            let cookie = HeaderValue::from_str(&host_cookie::set(name, &value, YEAR));
            answer.headers_mut().append(header::SET_COOKIE, cookie.map_err(|e| Error::Internal(e.to_string()))?);
        }
    }
    Ok(answer)
}

/// Path of the page to return to: the field that the script fills, else the referring page. Only a path of this site is accepted,
/// because otherwise the form could redirect somebody to another site (open redirect).
fn back(request: &Request, field: &str) -> String {
    let referring = || {
        let uri: poem::http::Uri = request.header(header::REFERER)?.parse().ok()?;
        Some(uri.path_and_query()?.to_string())
    };
    let path = if field.is_empty() { referring().unwrap_or_default() } else { field.to_owned() };
    own_path(&path).unwrap_or("/").to_owned()
}

/// `GET /prefs.css`: the preference style sheet, with an ETag.
#[handler]
pub fn style(request: &Request) -> Response {
    let value = |name| host_cookie::get(request, name).unwrap_or_default();
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
