//! Type size and theme, kept in two cookies. Only the small preference style sheet depends on the cookies, so no page varies by
//! them. A page with a form sends the form along with the wish, and is shown again with everything that was entered.

use poem::http::{HeaderValue, StatusCode, header};
use poem::web::Query;
use poem::{Body, IntoResponse, Request, Response, handler};
use serde::Deserialize;

use super::address::own_path;
use super::form::malformed;
use super::host_cookie;
use super::page::see_other;
use super::policy::SMALL_BODY;
use super::response_cache::PRIVATE_PREFIX;
use crate::base::error::{Error, Result};

const SIZE: &str = "__Host-prefs-type";
const THEME: &str = "__Host-prefs-theme";
const YEAR: i64 = 365 * 24 * 3600;

/// Values of the tools in the head of every page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    r#type: String,
    theme: String,
    /// Page to return to.
    back: String,
    /// Page that is shown again with the sent form; empty where no form is sent along.
    pub keep: String,
    /// Id of the sent form on its page.
    pub form: String,
}

impl Wish {
    /// Adds the cookies of the wish to an answer.
    ///
    /// # Errors
    /// None that is known: all accepted values are plain words.
    pub fn set(&self, answer: &mut Response) -> Result<()> {
        for (name, value, known) in
            [(SIZE, &self.r#type, ["1", "2", "3"]), (THEME, &self.theme, ["system", "light", "dark"])]
        {
            if known.contains(&value.as_str()) {
                let cookie = HeaderValue::from_str(&host_cookie::set(name, value, YEAR));
                answer.headers_mut().append(header::SET_COOKIE, cookie.map_err(|e| Error::Internal(e.to_string()))?);
            }
        }
        Ok(())
    }
}

/// `POST /preferences`: keeps a type size or a theme. A form that was sent along is sent on, unread, to the page that `keep`
/// names (307).
#[handler]
pub async fn choose(request: &Request, Query(mut wish): Query<Wish>, body: Body) -> Result<Response> {
    let mut answer = if wish.keep.is_empty() {
        let bytes = body.into_bytes_limit(usize::try_from(SMALL_BODY).unwrap_or(0)).await;
        let bytes = bytes.map_err(|_| Error::TooLarge(SMALL_BODY))?;
        wish = serde_urlencoded::from_bytes(&bytes).map_err(|_| malformed())?;
        see_other(&back(request, &wish.back))
    } else {
        StatusCode::TEMPORARY_REDIRECT.with_header(header::LOCATION, kept(request, &wish.keep)).into_response()
    };
    wish.set(&mut answer)?;
    Ok(answer)
}

/// Path of the page to return to: the field that the script fills, else the referring page. Only a path of this site is accepted,
/// because otherwise the form could redirect somebody to another site (open redirect).
fn back(request: &Request, field: &str) -> String {
    let path = if field.is_empty() { referring(request).unwrap_or_default() } else { field.to_owned() };
    own_path(&path).unwrap_or("/").to_owned()
}

/// Path of the page that is shown again. Private parameters of the visitor are on no shared page; they come from the referring
/// address of the same page.
fn kept(request: &Request, keep: &str) -> String {
    let Some(address) = own_path(keep) else { return "/".to_owned() };
    let referring = referring(request).unwrap_or_default();
    let (path, query) = referring.split_once('?').unwrap_or_default();
    let is_same = own_path(&referring).is_some() && address.split('?').next() == Some(path);
    let private = query.split('&').filter(|pair| is_same && pair.starts_with(PRIVATE_PREFIX));
    private.fold(address.to_owned(), |address, pair| {
        let joint = if address.contains('?') { '&' } else { '?' };
        format!("{address}{joint}{pair}")
    })
}

/// Path and query of the referring page.
fn referring(request: &Request) -> Option<String> {
    let uri: poem::http::Uri = request.header(header::REFERER)?.parse().ok()?;
    Some(uri.path_and_query()?.to_string())
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
        return answer.status(StatusCode::NOT_MODIFIED).finish();
    }
    answer.body(css).into_response()
}
