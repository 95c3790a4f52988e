//! A form that cannot be taken now, mostly because its session ended. The page keeps the form: its sender signs in in another
//! window, for instance, and sends the form again.

use askama::Template;
use poem::http::{StatusCode, header};
use poem::{Body, Request, Response};

use crate::base::error::Result;
use crate::web::address::without_language;
use crate::web::form::{Pairs, Parts};
use crate::web::page::{Page, html_with};

/// Length from which a value is shown as a text, in characters. Shorter ones are choices, dates and numbers.
const SHORTEST_TEXT: usize = 12;
/// Fields with secrets, which are never written into a page.
const SECRETS: [&str; 5] = ["old", "new", "again", "password", "code"];

/// Whether the field of this name holds a secret.
pub(super) fn is_secret(name: &str) -> bool {
    SECRETS.contains(&name)
}

/// Whether a form has a secret. Such a form is filled in again on its own page.
pub(super) fn has_secret(pairs: &Pairs) -> bool {
    pairs.iter().any(|(name, _)| is_secret(name))
}

#[derive(Template)]
#[template(path = "sign_in/ended.html")]
struct KeptPage {
    p: Page,
    /// Id of the form.
    id: &'static str,
    /// Sentence on the state of the form.
    lead: String,
    /// Whether the sender has to sign in first.
    is_out: bool,
    to: String,
    /// Values that are sent along unseen.
    values: Pairs,
    /// Texts that somebody wrote.
    texts: Pairs,
    has_files: bool,
}

/// A form as far as a page can carry it.
#[derive(Debug, Default)]
pub(super) struct KeptForm {
    pub(super) pairs: Pairs,
    /// Whether the form had files, which no page can carry.
    pub(super) has_files: bool,
}

/// Whether a request carries a form with files.
pub(super) fn has_files(request: &Request) -> bool {
    request.header(header::CONTENT_TYPE).is_some_and(|media| media.starts_with("multipart/form-data"))
}

/// Reads the texts of a form with files, up to its first file: nobody is signed in, so no file is received.
pub(super) async fn texts(request: &Request, body: Body) -> poem::Result<KeptForm> {
    let mut parts = Parts::of(request, body).await?;
    let file = parts.next_file().await?;
    Ok(KeptForm { has_files: file.is_some(), pairs: parts.into_sent().pairs() })
}

/// State of a form whose page cannot be shown. The code is the id of the form on the page that keeps the form.
#[derive(Clone, Copy, Debug)]
pub(super) enum KeptState {
    /// The session of the sender has ended.
    Ended,
    /// The page of the form no longer has the form.
    Gone,
    /// The act of the form waits until its sender proves presence.
    Unproven,
}

impl KeptState {
    /// The state with this code.
    pub(super) fn of(code: &str) -> Option<Self> {
        [Self::Ended, Self::Gone, Self::Unproven].into_iter().find(|state| state.code() == code)
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Gone => "gone",
            // The id of the form on the page for reauthentication, too.
            Self::Unproven => "confirmation",
        }
    }

    /// The page with the form. The address `to` is where the form was sent.
    pub(super) fn page(self, p: Page, to: String, form: KeptForm) -> Result<Response> {
        let (status, title, lead) = match self {
            Self::Ended => (StatusCode::UNAUTHORIZED, "sign-in-ended-title", p.t("sign-in-ended-lead")),
            Self::Gone => (StatusCode::CONFLICT, "sign-in-gone-title", p.t("sign-in-gone-lead")),
            Self::Unproven => (StatusCode::FORBIDDEN, "sign-in-gone-title", p.t("sign-in-unproven-lead")),
        };
        let mut p = p.titled(title);
        // The address of the act, which the tools of the head keep.
        if let Ok(uri) = to.parse() {
            p.address = without_language(&uri);
        }
        let is_text = |(_, value): &(String, String)| value.contains('\n') || value.chars().count() >= SHORTEST_TEXT;
        let (texts, values) = form.pairs.into_iter().partition(is_text);
        let (id, is_out) = (self.code(), matches!(self, Self::Ended));
        html_with(status, &KeptPage { p, id, lead, is_out, to, values, texts, has_files: form.has_files })
    }
}
