//! Second step of a sign-in: a one-time code, or a passkey.

use askama::Template;
use entity::stored::SessionStage;
use poem::web::Query;
use poem::{Response, handler};

use super::feedback::{Again, Labels, links};
use super::sign_in::{Next, entered, target};
use crate::base::error::{FieldError, Result};
use crate::sign_in::extract::Entering;
use crate::sign_in::flows;
use crate::sign_in::reauthentication::Proof;
use crate::sign_in::second_factor::Factors;
use crate::web::form::Sent;
use crate::web::page::{Page, html};

/// Fields of the forms of the page, in their order.
const FIELDS: &Labels = &[("code", "sign-in-code")];

#[derive(Template)]
#[template(path = "sign_in/code.html")]
struct CodePage {
    p: Page,
    links: Vec<(String, String)>,
    name: String,
    has_app: bool,
    has_passkey: bool,
    next: String,
}

impl CodePage {
    async fn of(entering: &Entering, p: Page, next: &str) -> Result<Self> {
        let factors = Factors::of(entering.app.stores.main.db(), entering.staff.id).await?;
        Ok(Self {
            links: links(&p, FIELDS),
            p,
            name: entering.staff.name.clone(),
            has_app: factors.totp.is_some(),
            has_passkey: !factors.passkeys.is_empty(),
            next: target(next).to_owned(),
        })
    }
}

/// Shows the form for the second factor: `GET /sign-in/code`.
#[handler]
pub async fn show(entering: Entering, Query(Next { next, .. }): Query<Next>) -> Result<Response> {
    let entering = entering.at(SessionStage::Factor)?;
    let p = entering.page().titled("sign-in-code-title");
    html(&CodePage::of(&entering, p, &next).await?)
}

/// Takes the second factor: `POST /sign-in/code`.
#[handler]
pub async fn take(entering: Entering, sent: Sent) -> Result<Response> {
    let entering = entering.at(SessionStage::Factor)?;
    let (p, next) = (entering.page().titled("sign-in-code-title"), sent.get("next"));
    match flows::complete(&entering.app.authentication, &entering.ctx, entering.holder(), shown(&sent)).await {
        Ok(opened) => entered(&p, &entering.app, &opened, next).await,
        Err(error) => {
            let (again, errors) = Again::of(error, "code")?;
            again.show(&CodePage::of(&entering, p.refused(at_code(errors)), next).await?)
        }
    }
}

/// The proof in the form: the answer of a passkey, which the script put there, else the code that was typed.
pub(super) fn shown(sent: &Sent) -> Proof {
    match sent.get("credential") {
        "" => Proof::Code(sent.get("code").to_owned()),
        answer => Proof::Passkey(answer.to_owned()),
    }
}

/// Moves errors of a passkey answer to the field of the code, because the answer has no visible field.
pub(super) fn at_code(mut errors: Vec<FieldError>) -> Vec<FieldError> {
    errors.iter_mut().filter(|e| e.field == "credential").for_each(|e| e.field = "code".to_owned());
    errors
}
