//! Answers to forms: the notice after a success, and the form again with its errors.

use askama::Template;
use poem::Response;

use crate::base::error::{Error, FieldError, Result};
use crate::web::page::{Page, answer};

/// Act that was just done, as the query of a page names it after a redirect.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Done {
    /// Word for the act: the end of a message key `sign-in-done-…`.
    pub done: String,
}

impl Done {
    /// The notice as a sentence; none for unknown words.
    pub fn notice(&self, p: &Page) -> Option<String> {
        let known = [
            "sign-out",
            "password",
            "change",
            "suspension",
            "reinstatement",
            "link",
            "unlink",
            "roles",
            "confirmation",
            "refusal",
            "access",
            "access-confirmation",
            "access-refusal",
            "delegation",
            "delegation-end",
            "factors",
            "factor",
            "removal",
            "session",
            "sessions",
        ];
        known.contains(&self.done.as_str()).then(|| p.tc("sign-in-done-", &self.done))
    }
}

/// Fields of a form in their order: name, and message key of the label.
pub type Labels = [(&'static str, &'static str)];

/// All errors of a form, as links to its fields in the order of the form. A refusal whose sentence says "here" gets the label of
/// the field. Errors of the whole form come last.
pub fn links(p: &Page, labels: &Labels) -> Vec<(String, String)> {
    let place = |error: &FieldError| labels.iter().position(|(name, _)| *name == error.field);
    let mut errors: Vec<&FieldError> = p.errors.iter().collect();
    errors.sort_by_key(|error| place(error).unwrap_or(labels.len()));
    let link = |error: &FieldError| {
        let sentence = p.locale.refusal(&error.refusal);
        let label = place(error).filter(|_| error.refusal.code.starts_with("form."));
        let sentence = match label {
            Some(at) => p.tr("sign-in-errors-at", &[("label", p.t(labels[at].1)), ("sentence", sentence)]),
            None => sentence,
        };
        (format!("#{}", error.field), sentence)
    };
    errors.into_iter().map(link).collect()
}

/// Head of an answer that shows a form again.
#[derive(Clone, Copy, Debug)]
pub struct Again {
    /// HTTP status of the answer.
    pub status: u16,
    /// Seconds after which a retry may work.
    pub wait: Option<u64>,
}

impl Again {
    /// The errors that a form shows on its own page: wrong fields, conflicts with the state of the account, waiting times.
    /// Conflicts and waiting times are shown at the given field. Every other error is returned.
    pub fn of(error: Error, field: &str) -> Result<(Self, Vec<FieldError>)> {
        let head = Self { status: error.status(), wait: error.retry_after() };
        match error {
            Error::Invalid(errors) => Ok((head, errors)),
            Error::Conflict(_) | Error::TooMany { .. } => {
                Ok((head, vec![FieldError { field: field.to_owned(), refusal: error.refusal() }]))
            }
            other => Err(other),
        }
    }

    /// The head for an error that the form itself found.
    pub const fn refused() -> Self {
        Self { status: 422, wait: None }
    }

    /// The page with this head.
    pub fn show(self, page: &impl Template) -> Result<Response> {
        answer(self.status, self.wait, page)
    }
}
