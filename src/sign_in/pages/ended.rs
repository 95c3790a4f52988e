//! A form that arrives after its session ended. The page keeps the form: its sender signs in in another window and sends the
//! form again.

use askama::Template;
use poem::http::{StatusCode, header};
use poem::{Body, Request, Response};

use crate::base::error::Result;
use crate::web::form::{Pairs, Parts};
use crate::web::page::{Page, html_with};

/// Length from which a value is shown as a text, in characters. Shorter ones are choices, dates and numbers.
const SHORTEST_TEXT: usize = 12;

#[derive(Template)]
#[template(path = "sign_in/ended.html")]
struct EndedSession {
    p: Page,
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

/// The page with the form. The address `to` is where the form was sent.
pub(super) fn page(p: Page, to: String, form: KeptForm) -> Result<Response> {
    let p = p.titled("sign-in-ended-title");
    let lead = p.t("sign-in-ended-lead");
    html_with(StatusCode::UNAUTHORIZED, &EndedSession::of(p, lead, true, to, form))
}

/// The page with a form that its own page no longer shows.
pub(super) fn gone(p: Page, to: String, form: KeptForm) -> Result<Response> {
    let p = p.titled("sign-in-gone-title");
    let lead = p.t("sign-in-gone-lead");
    html_with(StatusCode::CONFLICT, &EndedSession::of(p, lead, false, to, form))
}

impl EndedSession {
    fn of(p: Page, lead: String, is_out: bool, to: String, form: KeptForm) -> Self {
        let is_text = |(_, value): &(String, String)| value.contains('\n') || value.chars().count() >= SHORTEST_TEXT;
        let (texts, values) = form.pairs.into_iter().partition(is_text);
        Self { p, lead, is_out, to, values, texts, has_files: form.has_files }
    }
}
