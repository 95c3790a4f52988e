//! Second step of a sign-in where a second factor is demanded and the account has none yet: its enrolment.

use askama::Template;
use entity::stored::SessionStage;
use poem::web::Query;
use poem::{Response, handler};

use super::code::at_code;
use super::feedback::{Again, Labels, links};
use super::sign_in::{Next, signed_in, target};
use crate::base::error::Result;
use crate::sign_in::extract::Entering;
use crate::sign_in::second_factor::commands::{self, Enrolled};
use crate::sign_in::second_factor::flows;
use crate::web::form::Sent;
use crate::web::page::{Page, html, see_other};
use crate::web::qr::{self, QrCode};

/// Fields of the forms of the page, in their order.
const FIELDS: &Labels = &[("code", "sign-in-code-first")];

#[derive(Template)]
#[template(path = "sign_in/enrolment.html")]
struct Enrolment {
    p: Page,
    links: Vec<(String, String)>,
    name: String,
    secret: String,
    code: Option<QrCode>,
    next: String,
}

/// Page of recovery codes, shown only once.
#[derive(Template)]
#[template(path = "sign_in/codes.html")]
pub(super) struct Codes {
    pub(super) p: Page,
    pub(super) login: String,
    pub(super) codes: Vec<String>,
    pub(super) onward: String,
}

impl Enrolment {
    fn of(entering: &Entering, p: Page, next: &str) -> Result<Self> {
        let pending = commands::pending(&entering.app.authentication, entering.holder())?;
        Ok(Self {
            links: links(&p, FIELDS),
            p,
            name: entering.staff.name.clone(),
            code: pending.as_ref().and_then(|pending| qr::draw(&pending.address)),
            secret: pending.map(|pending| grouped(&pending.text)).unwrap_or_default(),
            next: target(next).to_owned(),
        })
    }
}

/// The secret in groups of four letters, so that people can copy it.
pub(super) fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Shows the form for enrolment: `GET /sign-in/enrolment`.
#[handler]
pub async fn show(entering: Entering, Query(Next { next, .. }): Query<Next>) -> Result<Response> {
    let entering = entering.at(SessionStage::Enrolment)?;
    let p = entering.page().titled("sign-in-enrolment-title");
    html(&Enrolment::of(&entering, p, &next)?)
}

/// Enrols the factor: `POST /sign-in/enrolment`.
#[handler]
pub async fn take(entering: Entering, sent: Sent) -> Result<Response> {
    let entering = entering.at(SessionStage::Enrolment)?;
    let (p, next) = (entering.page().titled("sign-in-enrolment-title"), sent.get("next"));
    match enrol(&entering, &sent).await {
        Ok(Enrolled { codes, session }) => {
            let (login, onward) = (entering.staff.login.clone(), p.href(target(next)));
            let response = match codes.is_empty() {
                true => see_other(&onward),
                false => html(&Codes { p: p.titled("sign-in-codes-title"), login, codes, onward })?,
            };
            match session {
                Some(opened) => signed_in(response, &entering.app, &opened).await,
                None => Ok(response),
            }
        }
        Err(error) => {
            let (again, errors) = Again::of(error, "code")?;
            again.show(&Enrolment::of(&entering, p.refused(at_code(errors)), next)?)
        }
    }
}

/// Enrols the factor in the form: the answer of a new passkey, which the script put there, else the first code of an app.
pub(super) async fn enrol(entering: &Entering, sent: &Sent) -> Result<Enrolled> {
    let (app, ctx, holder) = (&entering.app, &entering.ctx, entering.holder());
    match sent.get("credential") {
        "" => {
            let code = sent.get("code");
            entering.write(async |tx| commands::enrol_totp(tx, ctx, &app.authentication, holder, code).await).await
        }
        answer => flows::enrol_passkey(&app.authentication, ctx, holder, sent.get("name"), answer).await,
    }
}
