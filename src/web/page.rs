//! What every page carries, and how a template becomes an answer.

use std::fmt::Display;

use askama::Template;
use poem::http::{HeaderValue, StatusCode, Uri, header};
use poem::{IntoResponse, Request, Response};

use super::assets;
use super::locale::Locale;
use super::response_cache::Cacheable;
use crate::base::error::{Error, FieldError, Result};

/// The head of a page: language, address, title. Every template has one as `p`.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Language.
    pub locale: Locale,
    /// What stands in the window's title and in the first heading.
    pub title: String,
    /// Which entry of the navigation is current.
    pub section: &'static str,
    /// Whether the figures are invented.
    pub demo: bool,
    /// Name of the signed-in member of staff; public pages never have one.
    pub account: Option<String>,
    /// Seconds until the session ends by itself, where there is one.
    pub ends_in: Option<i64>,
    /// One sentence about what was just done.
    pub notice: Option<String>,
    /// What is wrong with the form on the page.
    pub errors: Vec<FieldError>,
    /// Path and query of this page, without the language.
    pub address: String,
    /// Whether the language stands in the address, so that links carry it on.
    pub sticky: bool,
}

impl Page {
    /// The head of the page at an address, in the language that the request asks for.
    #[must_use]
    pub fn of(request: &Request, section: &'static str, demo: bool) -> Self {
        RequestAddress::of(request).page(section, demo)
    }

    /// Sets the title by its message.
    #[must_use]
    pub fn titled(mut self, key: &str) -> Self {
        self.title = self.t(key);
        self
    }

    /// Sets the title by its text.
    #[must_use]
    pub fn named(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// A message.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.locale.text(key)
    }

    /// A message whose key is a prefix and a code: `state-` and `in_progress`.
    #[must_use]
    pub fn tc(&self, prefix: &str, code: impl Display) -> String {
        self.locale.text(&format!("{prefix}{}", code.to_string().replace(['_', '.'], "-")))
    }

    /// A message with values.
    #[must_use]
    pub fn tr(&self, key: &str, args: &[(&'static str, String)]) -> String {
        self.locale.message(key, args)
    }

    /// The one of two texts that belongs to the language.
    #[must_use]
    pub fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.locale.pick(zh, en)
    }

    /// A whole number with thousands commas.
    #[must_use]
    pub fn n(&self, number: impl TryInto<i64>) -> String {
        thousands(number.try_into().unwrap_or(i64::MAX))
    }

    /// `zh-CN` or `en`.
    #[must_use]
    pub const fn lang(&self) -> &'static str {
        self.locale.tag()
    }

    /// Whether the page is in English.
    #[must_use]
    pub fn is_en(&self) -> bool {
        self.locale == Locale::En
    }

    /// A link within the site that keeps a language chosen in the address.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        if self.sticky { with_language(path, self.locale) } else { path.to_owned() }
    }

    /// This page in the other language.
    #[must_use]
    pub fn other_lang_href(&self) -> String {
        with_language(&self.address, if self.is_en() { Locale::Zh } else { Locale::En })
    }

    /// The address of an asset.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// What is wrong with a field, as a sentence.
    #[must_use]
    pub fn error(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|e| e.field == field).map(|e| self.locale.refusal(&e.refusal))
    }

    /// Everything that is wrong, as field and sentence, for the summary above the form.
    #[must_use]
    pub fn problems(&self) -> Vec<(String, String)> {
        self.errors.iter().map(|e| (e.field.clone(), self.locale.refusal(&e.refusal))).collect()
    }

    /// The same page, showing what is wrong with its form.
    #[must_use]
    pub fn refused(mut self, errors: Vec<FieldError>) -> Self {
        self.title = format!("{}{}", self.t("layout-error-prefix"), self.title);
        self.errors = errors;
        self
    }

    /// The same page with its form shown again after a refusal, and the status to answer with. What is no refusal of the
    /// form (an absent page, a fault) stays an error. A refusal of the whole belongs to the field without a name.
    ///
    /// # Errors
    /// The error itself.
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

/// What a request says about address and language: cheap to take along, so that a page can be made when one is needed.
#[derive(Clone, Debug)]
pub struct RequestAddress {
    uri: Uri,
    language: Option<HeaderValue>,
}

impl RequestAddress {
    /// What the request says.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let language = request.headers().get(header::ACCEPT_LANGUAGE).cloned();
        Self { uri: request.original_uri().clone(), language }
    }

    /// The language that is asked for, and whether it stands in the address.
    #[must_use]
    pub fn wished(&self) -> (Locale, bool) {
        let accepted = || self.language.as_ref()?.to_str().ok().map(Locale::accepted);
        match language_of(&self.uri) {
            Some(locale) => (locale, true),
            None => (accepted().unwrap_or_default(), false),
        }
    }

    /// The head of a page for the request.
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

/// Renders a public page that is the same for everyone: it may be kept as bytes.
///
/// # Errors
/// A template that fails.
pub fn public(template: &impl Template) -> Result<Response> {
    let mut response = html(template)?;
    response.extensions_mut().insert(Cacheable);
    Ok(response)
}

/// Sends the browser on with GET after a form was taken.
#[must_use]
pub fn see_other(address: &str) -> Response {
    StatusCode::SEE_OTHER.with_header(header::LOCATION, address).into_response()
}

/// The address, where it is a path of ours, so that sending somebody there is no way to send them elsewhere. Browsers take
/// tabs and line ends out of addresses and read a backslash as a slash, so neither may be in it.
#[must_use]
pub fn own_path(address: &str) -> Option<&str> {
    let plain = address.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    (plain && address.starts_with('/') && !address.starts_with("//")).then_some(address)
}

fn language_of(uri: &Uri) -> Option<Locale> {
    uri.query()?.split('&').find_map(|pair| Locale::of_tag(pair.strip_prefix("lang=")?))
}

fn without_language(uri: &Uri) -> String {
    let rest: Vec<&str> =
        uri.query().unwrap_or("").split('&').filter(|p| !p.is_empty() && !p.starts_with("lang=")).collect();
    if rest.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), rest.join("&")) }
}

fn with_language(path: &str, locale: Locale) -> String {
    let (path, fragment) = path.split_once('#').map_or((path, None), |(p, f)| (p, Some(f)));
    let joint = if path.contains('?') { '&' } else { '?' };
    let fragment = fragment.map(|f| format!("#{f}")).unwrap_or_default();
    format!("{path}{joint}lang={}{fragment}", locale.tag())
}

/// A whole number with thousands commas: 1,240.
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

    #[test]
    fn only_a_path_of_ours_is_followed() {
        for ours in ["/", "/desk?x=1#top", "/issues/S2-20/provinces/320000"] {
            assert_eq!(own_path(ours), Some(ours));
        }
        for foreign in [
            "",
            "desk",
            "//evil.example",
            "https://evil.example/",
            "/\\evil.example",
            "/\t/evil.example",
            "/ /evil.example",
            "/征集",
        ] {
            assert_eq!(own_path(foreign), None, "{foreign:?}");
        }
    }

    #[test]
    fn the_language_goes_before_the_fragment_and_after_the_query() {
        assert_eq!(
            with_language("/dashboard?as_of=2018-06-22#matrix", Locale::En),
            "/dashboard?as_of=2018-06-22&lang=en#matrix"
        );
        assert_eq!(without_language(&"/a?lang=en&x=1".parse().unwrap()), "/a?x=1");
    }
}
