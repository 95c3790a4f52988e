//! A page of a desk, drawn again with the form that somebody was filling in: the tools of the head send the form along
//! (`POST /desk/preferences`).
//!
//! The page is made anew for a GET request of the same session, and the fields of its form get the sent values. Nothing is filed.
//! Passwords and files are not kept. Where the page no longer has the form, or is no page to read, another page keeps the texts.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use poem::http::{self, Method, StatusCode, Uri, header};
use poem::web::{LocalAddr, Query, RemoteAddr};
use poem::{Body, Endpoint, FromRequest, IntoResponse, Middleware, Request, RequestParts, Response, handler};

use super::ended::{self, KeptForm};
use crate::app::App;
use crate::base::error::{Error, Result};
use crate::sign_in::extract::Signed;
use crate::sign_in::step_up::{ALL, CODE};
use crate::web::address::{own_path, without_language};
use crate::web::form::{MAX_TEXT, Pairs, urlencoded};
use crate::web::locale::Locale;
use crate::web::page::{Page, RequestAddress, see_other};
use crate::web::policy::Policies;
use crate::web::preferences::Wish;

/// Address to which the tools of a desk page send its form.
pub const REDRAW: &str = "/desk/preferences";
/// Id of the form on the page of an ended session.
const ENDED: &str = "ended";
/// Fields with secrets, which are never written into a page.
const SECRETS: [&str; 5] = ["old", "new", "again", "password", "code"];

/// Middleware that draws pages again. All routes are inside of it.
pub struct Redrawing(pub Policies);

impl<E: Endpoint> Middleware<E> for Redrawing {
    type Output = RedrawingEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        RedrawingEndpoint { endpoint, policies: self.0.clone() }
    }
}

/// Endpoint of the middleware [`Redrawing`].
pub struct RedrawingEndpoint<E> {
    endpoint: E,
    policies: Policies,
}

impl<E: Endpoint> Endpoint for RedrawingEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if request.method() == Method::POST && request.uri().path() == REDRAW {
            // Boxed: the future is large, and few requests need it.
            return Box::pin(self.redraw(request)).await;
        }
        Ok(self.endpoint.call(request).await?.into_response())
    }
}

impl<E: Endpoint> RedrawingEndpoint<E> {
    async fn redraw(&self, mut request: Request) -> poem::Result<Response> {
        let Query(wish) = Query::<Wish>::from_request_without_body(&request).await?;
        let is_demo = request.data::<Arc<App>>().is_some_and(|app| app.site.demo);
        let keep = desk(&wish.keep).to_owned();
        let mut page = RequestAddress::of(&request).page("", is_demo).framed(request.data());
        page.address = without_language(&keep.parse().map_err(|_| Error::NotFound("page"))?);
        let body = request.take_body().into_bytes_limit(MAX_TEXT).await;
        let mut pairs = urlencoded(&body.map_err(|_| Error::TooLarge(MAX_TEXT as u64))?)?;
        pairs.retain(|(name, _)| !name.starts_with("confirmation-") && !SECRETS.contains(&name.as_str()));
        let mut answer = if wish.form == ENDED {
            ended::page(page, keep, KeptForm { pairs, has_files: false })?
        } else {
            match self.endpoint.call(read(&request, &self.policies, &keep)?).await {
                Ok(answer) => drawn(answer.into_response(), page, keep, &wish.form, pairs).await?,
                Err(error) if asks_for_proof(&error) => return Err(error),
                Err(_) => ended::gone(page, keep, KeptForm { pairs, has_files: false })?,
            }
        };
        wish.set(&mut answer)?;
        Ok(answer)
    }
}

/// A page of a desk to show again; the desk itself in place of any other address.
fn desk(address: &str) -> &str {
    own_path(address).filter(|address| address.starts_with("/desk/")).unwrap_or("/desk")
}

/// Whether a request was refused until its sender proves something. The outer layer keeps the form then.
fn asks_for_proof(error: &poem::Error) -> bool {
    match error.downcast_ref() {
        Some(Error::Unauthenticated) => true,
        Some(Error::Forbidden(refusal)) => [CODE, ALL].contains(&refusal.code),
        _ => false,
    }
}

/// The request that reads a page, with the session and the client of another request.
fn read(request: &Request, policies: &Policies, address: &str) -> Result<Request> {
    let wrong = |e: http::Error| Error::Internal(e.to_string());
    let uri: Uri = address.parse().map_err(|_| Error::NotFound("page"))?;
    let policy = policies.find(&Method::GET, uri.path());
    let (mut parts, ()) = http::Request::builder().uri(uri).body(()).map_err(wrong)?.into_parts();
    parts.headers = request.headers().clone();
    for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::IF_NONE_MATCH] {
        parts.headers.remove(name);
    }
    parts.extensions = request.extensions().clone();
    let (local, remote) = (LocalAddr::default(), RemoteAddr::default());
    let parts = RequestParts::from((parts, local, remote, request.scheme().clone()));
    let mut page = Request::from_parts(parts, Body::empty());
    page.set_data(policy);
    Ok(page)
}

/// The answer with the sent values in its form, or the page that keeps them.
async fn drawn(mut answer: Response, page: Page, keep: String, form: &str, pairs: Pairs) -> Result<Response> {
    if answer.status() == StatusCode::OK {
        let html = answer.take_body().into_string().await.map_err(|e| Error::Internal(e.to_string()))?;
        if let Some(html) = filled(&html, form, &pairs, page.locale) {
            answer.set_body(html);
            return Ok(answer);
        }
    }
    ended::gone(page, keep, KeptForm { pairs, has_files: false })
}

/// `GET /desk/preferences`: an address that somebody kept of a page that was drawn again.
#[handler]
pub async fn kept(_signed: Signed, Query(wish): Query<Wish>) -> Response {
    see_other(desk(&wish.keep))
}

/// The page with the sent values in the form of this id. None where the page has no such form.
fn filled(html: &str, id: &str, sent: &Pairs, locale: Locale) -> Option<String> {
    let mark = format!(" id=\"{id}\"");
    let is_it = |at: &usize| html.get(*at..).and_then(|form| form.split('>').next()).is_some_and(|t| t.contains(&mark));
    let start = html.match_indices("<form ").map(|(at, _)| at).find(is_it)?;
    let (before, form) = html.split_at(start);
    let (form, after) = form.split_at(form.find("</form>")?);
    let mut fields = Fields::of(sent, locale);
    let mut drawn = before.to_owned();
    let mut rest = form;
    while let Some(at) = rest.find('<') {
        let (text, tags) = rest.split_at(at);
        let (tag, next) = tags.split_at(tags.find('>')? + 1);
        drawn.push_str(text);
        drawn.push_str(&fields.tag(tag));
        rest = next;
        if tag.starts_with("<textarea") {
            let (typed, next) = next.split_at(next.find("</textarea>")?);
            // A browser drops the line end behind the tag.
            drawn.push_str(&fields.next(tag).map_or_else(|| typed.to_owned(), |value| format!("\n{value}")));
            rest = next;
        }
    }
    Some(drawn + rest + after)
}

/// The sent values of a form, escaped as templates escape them.
struct Fields {
    left: HashMap<String, VecDeque<String>>,
    all: Vec<(String, String)>,
    /// Value of the select control whose options are read.
    selected: Option<String>,
    locale: Locale,
}

impl Fields {
    fn of(sent: &Pairs, locale: Locale) -> Self {
        let all: Vec<_> = sent.iter().map(|(name, value)| (escaped(name), escaped(value))).collect();
        let mut left: HashMap<String, VecDeque<String>> = HashMap::new();
        for (name, value) in all.clone() {
            left.entry(name).or_default().push_back(value);
        }
        Self { left, all, selected: None, locale }
    }

    /// The next sent value of the field of a tag.
    fn next(&mut self, tag: &str) -> Option<String> {
        self.left.get_mut(attribute(tag, "name")?)?.pop_front()
    }

    /// A tag of the form with its sent value.
    fn tag(&mut self, tag: &str) -> String {
        if tag.starts_with("<select") {
            self.selected = self.next(tag);
        } else if tag.starts_with("<option") {
            if let Some(selected) = &self.selected {
                return switched(tag, "selected", attribute(tag, "value") == Some(selected));
            }
        } else if tag.starts_with("<input") {
            return match attribute(tag, "type").unwrap_or("text") {
                "checkbox" | "radio" => {
                    let pair = (attribute(tag, "name"), attribute(tag, "value"));
                    let is_on =
                        self.all.iter().any(|(name, value)| pair == (Some(name.as_str()), Some(value.as_str())));
                    switched(tag, "checked", is_on)
                }
                "file" if self.next(tag).is_some_and(|name| !name.is_empty()) => {
                    format!("{tag}<p class=\"bad\" role=\"status\">{}</p>", self.locale.text("sign-in-redrawn-files"))
                }
                "file" | "password" => tag.to_owned(),
                _ => match (self.next(tag), attribute(tag, "value")) {
                    (Some(sent), Some(value)) => {
                        tag.replacen(&format!(" value=\"{value}\""), &format!(" value=\"{sent}\""), 1)
                    }
                    _ => tag.to_owned(),
                },
            };
        }
        tag.to_owned()
    }
}

/// The value of an attribute as it stands in a tag of a template.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// The tag with an attribute on or off.
fn switched(tag: &str, attribute: &str, is_on: bool) -> String {
    let plain = tag.replacen(&format!(" {attribute}"), "", 1);
    match plain.strip_suffix('>') {
        Some(open) if is_on => format!("{open} {attribute}>"),
        _ => plain,
    }
}

/// A text for an attribute or an element, with the references that templates use.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("&#34;"),
            '&' => escaped.push_str("&#38;"),
            '\'' => escaped.push_str("&#39;"),
            '<' => escaped.push_str("&#60;"),
            '>' => escaped.push_str("&#62;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<form method=\"post\"><input name=\"a\" type=\"text\" value=\"other\"></form>\
        <form id=\"f\" method=\"post\"><input type=\"hidden\" name=\"v\" value=\"2\"><input name=\"a\" type=\"text\" value=\"\">\
        <input type=\"checkbox\" name=\"c\" value=\"1\" checked><input type=\"checkbox\" name=\"c\" value=\"2\">\
        <select name=\"s\"><option value=\"x\" selected>X</option><option value=\"y\">Y</option></select>\
        <textarea name=\"t\">\nold</textarea><input type=\"password\" name=\"p\" value=\"\"><input name=\"e\" type=\"file\"></form>";

    fn drawn(sent: &[(&str, &str)]) -> Option<String> {
        let sent = sent.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        filled(PAGE, "f", &sent, Locale::Zh)
    }

    #[test]
    fn every_kind_of_field_gets_what_was_sent_and_other_forms_stay() {
        let page = drawn(&[("v", "1"), ("a", "<\"&'>"), ("c", "2"), ("s", "y"), ("t", "a\nb</textarea>"), ("p", "x")])
            .unwrap();
        for part in [
            "<input name=\"a\" type=\"text\" value=\"other\">",
            "name=\"v\" value=\"1\">",
            "name=\"a\" type=\"text\" value=\"&#60;&#34;&#38;&#39;&#62;\">",
            "name=\"c\" value=\"1\">",
            "name=\"c\" value=\"2\" checked>",
            "<option value=\"x\">",
            "<option value=\"y\" selected>",
            "<textarea name=\"t\">\na\nb&#60;/textarea&#62;</textarea>",
            "name=\"p\" value=\"\">",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("重新选择"), "{page}");
    }

    #[test]
    fn a_file_has_to_be_chosen_again_and_a_page_without_the_form_is_told() {
        assert!(drawn(&[("e", "a.pdf")]).unwrap().contains("重新选择"));
        assert!(filled(PAGE, "g", &Pairs::new(), Locale::Zh).is_none());
    }
}
