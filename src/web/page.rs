//! The head that all pages share, and the rendering of templates into answers.

use std::fmt::Display;
use std::sync::Arc;

use askama::Template;
use chrono::{DateTime, Utc};
use poem::http::{HeaderValue, StatusCode, Uri, header};
use poem::{IntoResponse, Request, Response};

use super::address::{language_of, with_language, without_language};
use super::assets;
use super::dates::moment_long;
use super::frame::Frame;
use super::locale::Locale;
use super::query;
use super::response_cache::Cacheable;
use crate::base::error::{Error, FieldError, Result};

/// Head of a page: language, address, title. Every template has one as `p`.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Language of the page.
    pub locale: Locale,
    /// Title of the window and of the first heading.
    pub title: String,
    /// Name of the current entry of the navigation.
    pub section: &'static str,
    /// Whether the figures of the site are invented (demo).
    pub demo: bool,
    /// Name of the signed-in member of staff; public pages never have one.
    pub account: Option<String>,
    /// Time until the session ends by itself, in seconds; `None` without a session.
    pub ends_in: Option<i64>,
    /// One sentence about an act that was just done.
    pub notice: Option<String>,
    /// Refusals of the fields of the form on the page.
    pub errors: Vec<FieldError>,
    /// Path and query of the page, without the language.
    pub address: String,
    /// Whether the address contains the language, so that links keep it.
    pub sticky: bool,
    /// Description for search engines and shared links; empty for a page that states none.
    pub description: String,
    /// Path and query of the main address; empty where the path alone is the main address.
    pub main_address: String,
    /// Whether search engines are asked to leave the page out.
    pub is_unlisted: bool,
    /// Frame of the site: its public address and the operator's words.
    pub frame: Arc<Frame>,
}

impl Page {
    /// The head of the page at the address of a request, in the language of the request.
    #[must_use]
    pub fn of(request: &Request, section: &'static str, demo: bool) -> Self {
        RequestAddress::of(request).page(section, demo).framed(request.data())
    }

    /// Sets the title to a message.
    #[must_use]
    pub fn titled(mut self, key: &str) -> Self {
        self.title = self.t(key);
        self
    }

    /// Sets the title to a text.
    #[must_use]
    pub fn named(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The message of a key, in the language of the page.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.locale.text(key)
    }

    /// A message whose key is a prefix and a code, such as `state-` and `in_progress`.
    #[must_use]
    pub fn tc(&self, prefix: &str, code: impl Display) -> String {
        self.locale.text(&format!("{prefix}{}", code.to_string().replace(['_', '.'], "-")))
    }

    /// A message with arguments.
    #[must_use]
    pub fn tr(&self, key: &str, args: &[(&'static str, String)]) -> String {
        self.locale.message(key, args)
    }

    /// The text of a pair in the language of the page.
    #[must_use]
    pub fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.locale.pick(zh, en)
    }

    /// An instant of system time in words. In a demo, whose programme time is another, the words say that the time is the system's.
    #[must_use]
    pub fn system_moment(&self, at: DateTime<Utc>) -> String {
        let moment = moment_long(self.locale, at);
        if self.demo { self.tr("layout-system-time", &[("at", moment)]) } else { moment }
    }

    /// A whole number with thousands commas.
    #[must_use]
    pub fn n(&self, number: impl TryInto<i64>) -> String {
        thousands(number.try_into().unwrap_or(i64::MAX))
    }

    /// Language tag of the page: `zh-CN` or `en`.
    #[must_use]
    pub const fn lang(&self) -> &'static str {
        self.locale.tag()
    }

    /// Whether the page is in English.
    #[must_use]
    pub fn is_en(&self) -> bool {
        self.locale == Locale::En
    }

    /// A link within the site. The link keeps a language that the address of the page contains.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        if self.sticky { with_language(path, self.locale) } else { path.to_owned() }
    }

    /// Address of this page in the other language.
    #[must_use]
    pub fn other_lang_href(&self) -> String {
        with_language(&self.address, if self.is_en() { Locale::Zh } else { Locale::En })
    }

    /// Tag of the other language.
    #[must_use]
    pub const fn other_lang(&self) -> &'static str {
        match self.locale {
            Locale::Zh => Locale::En.tag(),
            Locale::En => Locale::Zh.tag(),
        }
    }

    /// Address to which a tool of the head sends a form of this page, so that the page is shown again with everything that was
    /// entered. The tool sets `kind` (`lang`, `type` or `theme`). `step` is the step that a page shows for the sent form itself;
    /// other pages of desks are drawn again with the form.
    #[must_use]
    pub fn tool(&self, form: &str, step: &str, kind: &str, value: impl Display) -> String {
        let mut keep = self.address.clone();
        if !step.is_empty() {
            let joint = if keep.contains('?') { '&' } else { '?' };
            keep = format!("{keep}{joint}show={step}");
        }
        let locale = match kind {
            "lang" if self.is_en() => Some(Locale::Zh),
            "lang" => Some(Locale::En),
            _ => self.sticky.then_some(self.locale),
        };
        let mut wish = if kind == "lang" { String::new() } else { format!("{kind}={value}&") };
        if let Some(locale) = locale {
            keep = with_language(&keep, locale);
            wish = format!("lang={}&{wish}", locale.tag());
        }
        let (path, form) = if step.is_empty() && keep.starts_with("/desk/") {
            ("/desk", format!("form={form}&"))
        } else {
            ("", String::new())
        };
        format!("{path}/preferences?{wish}{form}keep={}", query::encode(&keep))
    }

    /// The address of an asset.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// Error sentence of a field, if the field has an error.
    #[must_use]
    pub fn error(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|e| e.field == field).map(|e| self.locale.refusal(&e.refusal))
    }

    /// All errors as pairs of field and sentence, for the summary above the form.
    #[must_use]
    pub fn problems(&self) -> Vec<(String, String)> {
        self.errors.iter().map(|e| (e.field.clone(), self.locale.refusal(&e.refusal))).collect()
    }

    /// As [`Page::problems`], with the label of each field before its sentence and in the order of the labels. An error of the whole
    /// form, whose field name is empty, comes first; errors of fields without a label come last.
    #[must_use]
    pub fn labelled_problems(&self, labels: &[(&str, String)]) -> Vec<(String, String)> {
        let place = |field: &str| labels.iter().position(|(name, _)| *name == field);
        let mut problems = self.problems();
        problems
            .sort_by_key(|(field, _)| if field.is_empty() { None } else { Some(place(field).unwrap_or(labels.len())) });
        let labelled = problems.into_iter().map(|(field, sentence)| match place(&field) {
            Some(at) => {
                let parts = [("label", labels[at].1.clone()), ("sentence", sentence)];
                (field, self.tr("layout-error-at", &parts))
            }
            None => (field, sentence),
        });
        labelled.collect()
    }

    /// The same page with the errors of its form.
    #[must_use]
    pub fn refused(mut self, errors: Vec<FieldError>) -> Self {
        self.title = format!("{}{}", self.t("layout-error-prefix"), self.title);
        self.errors = errors;
        self
    }

    /// The same page with its form shown again after a refusal, and the status of the answer. A refusal of the whole form gets
    /// the empty field name. Other errors (an absent page, a fault) stay errors.
    ///
    /// # Errors
    /// An error that is no refusal of the form.
    pub fn again(self, error: Error) -> Result<(StatusCode, Self)> {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::CONFLICT);
        let errors = match error {
            Error::Invalid(errors) => errors,
            Error::Conflict(refusal) | Error::Forbidden(refusal) | Error::Unsupported(refusal) => {
                vec![FieldError { field: String::new(), refusal }]
            }
            other => return Err(other),
        };
        Ok((status, self.refused(errors)))
    }
}

/// Address and language of a request: cheap to keep, so that a page can be made later, when one is needed.
#[derive(Clone, Debug)]
pub struct RequestAddress {
    uri: Uri,
    language: Option<HeaderValue>,
}

impl RequestAddress {
    /// Address and language of a request.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let language = request.headers().get(header::ACCEPT_LANGUAGE).cloned();
        Self { uri: request.original_uri().clone(), language }
    }

    /// The requested language, and whether the address contains it.
    #[must_use]
    pub fn wished(&self) -> (Locale, bool) {
        let accepted = || self.language.as_ref()?.to_str().ok().map(Locale::accepted);
        match language_of(&self.uri) {
            Some(locale) => (locale, true),
            None => (accepted().unwrap_or_default(), false),
        }
    }

    /// The head of a page that answers the request.
    #[must_use]
    pub fn page(&self, section: &'static str, demo: bool) -> Page {
        let (locale, sticky) = self.wished();
        Page { locale, sticky, section, demo, address: without_language(&self.uri), ..Page::default() }
    }
}

/// Renders a page.
///
/// # Errors
/// A template that fails.
pub fn html(template: &impl Template) -> Result<Response> {
    html_with(StatusCode::OK, template)
}

/// Renders a page with a status, such as 422 for a form that is shown again.
///
/// # Errors
/// A template that fails.
pub fn html_with(status: StatusCode, template: &impl Template) -> Result<Response> {
    let body = template.render().map_err(|e| Error::Internal(e.to_string()))?;
    Ok(Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(body))
}

/// Renders a public page that is the same for everyone, so the response cache may keep its bytes.
///
/// # Errors
/// A template that fails.
pub fn public(template: &impl Template) -> Result<Response> {
    let mut response = html(template)?;
    response.extensions_mut().insert(Cacheable);
    Ok(response)
}

/// Redirects the browser to an address by GET after a form was accepted (303).
#[must_use]
pub fn see_other(address: &str) -> Response {
    StatusCode::SEE_OTHER.with_header(header::LOCATION, address).into_response()
}

/// Formats a whole number with thousands commas: 1,240.
#[must_use]
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A page that answers a form, with the status of the refusal and the seconds after which a retry may work.
///
/// # Errors
/// A template that cannot be rendered.
pub fn answer(status: u16, retry_after: Option<u64>, page: &impl Template) -> Result<Response> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = html_with(status, page)?;
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted_by_commas() {
        assert_eq!(
            [0, 620, 1240, -180_000, 540_000_000].map(thousands),
            ["0", "620", "1,240", "-180,000", "540,000,000"]
        );
    }
}
