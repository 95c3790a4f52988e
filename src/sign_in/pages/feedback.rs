//! Answers to forms: the notice of what was done, and the form again with what is wrong.

use askama::Template;
use poem::Response;

use crate::base::error::{Error, FieldError, Result};
use crate::web::page::{Page, answer};

/// What was just done, as the address of a page says it after a redirect.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Done {
    /// One of the words of `sign-in-done-…`.
    pub done: String,
}

impl Done {
    /// The sentence; none for words that are not ours.
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

/// Everything wrong with a form, as links to its fields. A sentence that speaks of "here" is given the field's name.
pub fn links(p: &Page) -> Vec<(String, String)> {
    p.errors
        .iter()
        .map(|error| {
            let mut sentence = p.locale.refusal(&error.refusal);
            if error.refusal.code.starts_with("form.") {
                let is_of_sign_in = ["login", "password", "code"].contains(&&*error.field);
                let label = p.tc(if is_of_sign_in { "sign-in-" } else { "accounts-" }, &error.field);
                sentence = p.tr("sign-in-errors-at", &[("label", label), ("sentence", sentence)]);
            }
            (format!("#{}", error.field), sentence)
        })
        .collect()
}

/// The head of an answer that shows a form again.
#[derive(Clone, Copy, Debug)]
pub struct Again {
    /// Status of the answer.
    pub status: u16,
    /// Seconds after which a retry may work.
    pub wait: Option<u64>,
}

impl Again {
    /// What a form shows instead of a page of its own: wrong fields, conflicts with the state of the account, waiting times.
    /// The latter two stand at the given field. Everything else passes.
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

    /// A refusal of the form itself.
    pub const fn refused() -> Self {
        Self { status: 422, wait: None }
    }

    /// The page with this head.
    pub fn show(self, page: &impl Template) -> Result<Response> {
        answer(self.status, self.wait, page)
    }
}
