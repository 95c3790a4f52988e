//! Files that programs ask every site for: icons, the manifest of the application, rules for crawlers, the contact for security.

use std::sync::Arc;

use chrono::{Days, SecondsFormat, Utc};
use poem::http::header;
use poem::web::Data;
use poem::{Request, Response, handler};
use serde_json::json;

use crate::app::App;
use crate::base::error::{Error, Result};
use crate::sign_in::extract::Visit;
use crate::site::drawing::PICTURES;
use crate::web::response_cache::Cacheable;

/// Paths that crawlers leave alone: pages of staff and of single persons, sessions, and answers to every possible question.
const DISALLOWED: [&str; 8] = [
    "/api/v1/account",
    "/api/v1/sessions",
    "/desk",
    "/identity/",
    "/invitations/",
    "/receipts/",
    "/search?",
    "/sign-in",
];

/// Days after which a reader of `security.txt` should ask again (RFC 9116, 2.5.5: less than a year).
const CONTACT_DAYS: Days = Days::new(180);

/// A picture of the mark, by its path.
#[handler]
pub fn picture(request: &Request) -> Result<Response> {
    let path = request.original_uri().path();
    let found = PICTURES.iter().find(|drawn| drawn.path == path).ok_or(Error::NotFound("page"))?;
    Ok(Response::builder()
        .content_type(found.media)
        .header(header::CACHE_CONTROL, "public, max-age=86400")
        .body(found.bytes.as_slice()))
}

/// `GET /manifest.webmanifest`: name and icons for the start screen of a telephone.
#[handler]
pub async fn manifest(visit: Visit) -> Result<Response> {
    let p = visit.page("");
    let icon = |side: u32| json!({ "src": format!("/icon-{side}.png"), "sizes": format!("{side}x{side}"), "type": "image/png" });
    let members = json!({
        "name": p.t("layout-site"),
        "short_name": p.t("layout-site"),
        "description": p.t("layout-foot-purpose"),
        "lang": p.lang(),
        "start_url": p.href("/"),
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "theme_color": "#0b57a4",
        "icons": [icon(192), icon(512)],
    });
    let mut response = Response::builder().content_type("application/manifest+json").body(members.to_string());
    response.extensions_mut().insert(Cacheable);
    Ok(response)
}

/// `GET /robots.txt`: everything public is open to crawlers (RFC 9309).
#[handler]
pub fn robots(app: Data<&Arc<App>>) -> Response {
    let mut text = "User-agent: *\n".to_owned();
    DISALLOWED.iter().for_each(|path| text.push_str(&format!("Disallow: {path}\n")));
    text.push_str(&format!("Allow: /\n\nSitemap: {}/sitemap.xml\n", app.config.public_address()));
    plain(text)
}

/// `GET /.well-known/security.txt`: whom to tell about a security flaw (RFC 9116). A site without a contact has none.
#[handler]
pub fn security(app: Data<&Arc<App>>) -> Result<Response> {
    let contact = &app.config.operator.told.security;
    if contact.is_empty() {
        return Err(Error::NotFound("page"));
    }
    let today = app.clock.system().date_naive();
    let until = (today + CONTACT_DAYS).and_time(chrono::NaiveTime::MIN).and_local_timezone(Utc).earliest();
    let until = until.ok_or_else(|| Error::Internal("no such instant".to_owned()))?;
    let mut text = format!(
        "Contact: {contact}\nExpires: {}\nPreferred-Languages: zh, en\n",
        until.to_rfc3339_opts(SecondsFormat::Secs, true)
    );
    if app.config.address.is_some() {
        text.push_str(&format!("Canonical: {}/.well-known/security.txt\n", app.config.public_address()));
    }
    Ok(plain(text))
}

fn plain(text: String) -> Response {
    Response::builder()
        .content_type("text/plain; charset=utf-8")
        .header(header::CACHE_CONTROL, "public, max-age=3600")
        .body(text)
}
