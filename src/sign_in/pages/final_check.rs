//! The final check: the page between the button of an act that binds everybody and the act itself.
//!
//! The page names the effect of the act with its figures, the step before the act with its author, and the part that nobody can
//! undo. Opening the page writes nothing. The form carries the version that was read (optimistic lock), so a change in between is
//! refused and the page is shown with the new figures.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use crate::base::error::{Error, Result};
use crate::sign_in::nav::Nav;
use crate::web::page::{Page, html_with};

/// The page of a final check.
#[derive(Template)]
#[template(path = "sign_in/final_check.html")]
pub struct FinalCheck {
    /// Head of the page, with the errors of a refused act.
    pub p: Page,
    /// Navigation of the desk.
    pub nav: Nav,
    /// Act and its object, as the heading.
    pub heading: (String, String),
    /// Address and text of the link that leads back.
    pub back: (String, String),
    /// Effect of the act with its figures, in one or two sentences.
    pub effect: String,
    /// Facts behind the effect, the step before the act first: term and text of each.
    pub facts: Vec<(String, String)>,
    /// Sentence on the part that cannot be undone.
    pub lasting: String,
    /// Address of the act.
    pub action: String,
    /// Hidden field with the version that was read: name and value.
    pub version: (&'static str, String),
    /// Field for the reason; none for an act without a reason.
    pub reason: Option<Reason>,
    /// Text of the button that makes the act.
    pub button: String,
    /// Style of the button.
    pub kind: &'static str,
}

/// The field for the reason of an act.
pub struct Reason {
    /// Hint on the readers of the reason.
    pub hint: String,
    /// Reason as typed.
    pub typed: String,
    /// Error message of the reason; empty for none.
    pub error: String,
}

impl FinalCheck {
    /// The head of the page with the title for a heading.
    #[must_use]
    pub fn head(p: Page, (act, name): &(String, String)) -> Page {
        let title = p.tr("sign-in-final-check-title", &[("act", act.clone()), ("name", name.clone())]);
        p.named(title)
    }

    /// As [`FinalCheck::head`], with the status of the page: after a refusal the head has its sentence.
    ///
    /// # Errors
    /// A refusal that no page answers.
    pub fn head_again(p: Page, heading: &(String, String), refused: Option<Error>) -> Result<(StatusCode, Page)> {
        let p = Self::head(p, heading);
        match refused {
            Some(error) => p.again(error),
            None => Ok((StatusCode::OK, p)),
        }
    }

    /// Answers with the page.
    ///
    /// # Errors
    /// A template that cannot be rendered.
    pub fn show(self, status: StatusCode) -> Result<Response> {
        html_with(status, &self)
    }

    /// The errors as links: an error of the reason leads to its field, every other error to the form.
    fn links(&self) -> Vec<(&'static str, String)> {
        let anchor = |field: &str| if field == "reason" { "#reason" } else { "#final-check" };
        let labels = [("reason", self.p.t("sign-in-final-check-reason"))];
        let problems = self.p.labelled_problems(&labels);
        problems.into_iter().map(|(field, sentence)| (anchor(&field), sentence)).collect()
    }
}
