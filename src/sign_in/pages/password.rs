//! Page for changing one's own password.

use askama::Template;
use poem::{Response, handler};

use super::feedback::{Again, Labels, links};
use super::sign_in::{gone, with_device};
use crate::base::error::{FieldError, Refusal, Result};
use crate::sign_in::extract::Signed;
use crate::sign_in::flows;
use crate::sign_in::nav::{Nav, Section};
use crate::web::form::Sent;
use crate::web::page::{Page, html};

/// Fields of the forms of the page, in their order.
const FIELDS: &Labels =
    &[("old", "sign-in-password-old"), ("new", "sign-in-password-new"), ("again", "sign-in-password-again")];

#[derive(Template)]
#[template(path = "sign_in/password.html")]
struct Password {
    p: Page,
    nav: Nav,
    links: Vec<(String, String)>,
    login: String,
}

impl Password {
    fn of(signed: &Signed, p: Page) -> Result<Self> {
        Ok(Self {
            links: links(&p, FIELDS),
            p,
            nav: signed.nav(Section::Account),
            login: signed.ctx.staff()?.login.clone(),
        })
    }
}

/// Shows the form: `GET /desk/password`.
#[handler]
pub async fn show(signed: Signed) -> Result<Response> {
    let p = signed.page("desk").titled("sign-in-password-title");
    html(&Password::of(&signed, p)?)
}

/// Changes the password: `POST /desk/password`.
#[handler]
pub async fn change(signed: Signed, sent: Sent) -> Result<Response> {
    let p = signed.page("desk").titled("sign-in-password-title");
    if sent.get("new") != sent.get("again") {
        let differs = FieldError { field: "again".to_owned(), refusal: Refusal::new("password.differs") };
        return Again::refused().show(&Password::of(&signed, p.refused(vec![differs]))?);
    }
    let (holder, old, new) = (signed.holder()?, sent.get("old").to_owned(), sent.get("new").to_owned());
    match flows::change_password(&signed.app.authentication, &signed.ctx, holder, old, new).await {
        // With the old password the account forgot every browser. This browser has just shown the password, so the account knows
        // it again.
        Ok(()) => with_device(gone(&p, "password"), &signed.app, holder.staff.id).await,
        Err(error) => {
            let (again, errors) = Again::of(error, "old")?;
            again.show(&Password::of(&signed, p.refused(errors))?)
        }
    }
}
