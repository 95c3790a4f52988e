//! Page with the form for a new account.

use askama::Template;
use poem::{Response, handler};

use super::invitation::{Handed, handed};
use crate::accounts::commands::{self, NewAccount};
use crate::base::access::Act;
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::sign_in::pages::feedback::{Again, Labels, links};
use crate::web::form::Sent;
use crate::web::page::{Page, html};

/// Fields of the forms of the page, in their order.
const FIELDS: &Labels = &[("login", "sign-in-login"), ("name", "accounts-name"), ("office", "accounts-office")];

#[derive(Template)]
#[template(path = "accounts/new_account.html")]
struct Making {
    p: Page,
    nav: Nav,
    links: Vec<(String, String)>,
    login: String,
    person: String,
    office: String,
}

impl Making {
    fn of(signed: &Signed, p: Page, sent: &Sent) -> Self {
        Self {
            nav: signed.nav(Section::Accounts),
            links: links(&p, FIELDS),
            login: sent.get("login").to_owned(),
            person: sent.get("name").to_owned(),
            office: sent.get("office").to_owned(),
            p,
        }
    }
}

/// Shows the form: `GET /desk/accounts/new`.
#[handler]
pub async fn show(signed: Signed) -> Result<Response> {
    signed.ctx.require(Act::WriteAccounts)?;
    let p = signed.page("desk").titled("accounts-new-title");
    html(&Making::of(&signed, p, &Sent::default()))
}

/// Makes the account: `POST /desk/accounts/new`.
#[handler]
pub async fn make(signed: Signed, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::WriteAccounts)?;
    let p = signed.page("desk").titled("accounts-new-title");
    let new = NewAccount {
        login: sent.get("login").to_owned(),
        name: sent.get("name").to_owned(),
        office: sent.get("office").to_owned(),
        grants: Vec::new(),
    };
    let work = async |tx: &_| commands::invite_account(tx, &signed.ctx, new).await;
    match signed.write(Changes::Internal, work).await {
        Ok(invitation) => handed(&signed, Handed::Link(&invitation)),
        Err(error) => {
            let (again, errors) = Again::of(error, "login")?;
            again.show(&Making::of(&signed, p.refused(errors), &sent))
        }
    }
}
