//! Pages of an invitation: for the holder who opens it, and for the administrator who hands it over.

use askama::Template;
use chrono::{DateTime, Utc};
use entity::account;
use entity::stored::SessionKind;
use poem::web::Path;
use poem::{Request, Response, handler};

use crate::accounts::commands::Invitation;
use crate::accounts::flows::{self, Guest};
use crate::accounts::queries;
use crate::base::error::{Error, FieldError, Refusal, Result};
use crate::sign_in::extract::{Signed, Visit};
use crate::sign_in::nav::{Nav, Section};
use crate::sign_in::pages::feedback::{Again, Labels, links};
use crate::sign_in::pages::sign_in::entered;
use crate::web::form::Sent;
use crate::web::page::{Page, html};
use crate::web::session_cookie;

/// Fields of the forms of the page, in their order.
const FIELDS: &Labels =
    &[("code", "accounts-invitation-code"), ("new", "sign-in-password-new"), ("again", "sign-in-password-again")];

#[derive(Template)]
#[template(path = "accounts/invitation.html")]
struct Accepting {
    p: Page,
    links: Vec<(String, String)>,
    login: String,
    name: String,
    office: String,
    action: String,
    /// Whether a code belongs to the link.
    needs_code: bool,
    code: String,
}

impl Accepting {
    async fn of(visit: &Visit, p: Page, row: account::Model, token: &str, code: &str) -> Result<Self> {
        let action = p.href(&format!("/invitations/{token}"));
        let invitation = queries::invitation(visit.app.stores.main.db(), row.id).await?;
        Ok(Self {
            links: links(&p, FIELDS),
            p,
            login: row.login,
            name: row.name,
            office: row.office,
            action,
            needs_code: invitation.is_some_and(|invitation| invitation.code_hash.is_some()),
            code: code.to_owned(),
        })
    }
}

/// Shows the invitation: `GET /invitations/{token}`.
#[handler]
pub async fn show(visit: Visit, Path(token): Path<String>) -> Result<Response> {
    // Looking at the page leaves no trace; sending its form does.
    let app = &visit.app;
    let found = queries::invited(app.stores.main.db(), &token, app.clock.system()).await?;
    let row = found.ok_or_else(|| Error::conflict("account.invitation"))?;
    let p = visit.page("sign-in").titled("accounts-invitation-title");
    html(&Accepting::of(&visit, p, row, &token, "").await?)
}

/// Accepts the invitation: `POST /invitations/{token}`.
#[handler]
pub async fn accept(visit: Visit, Path(token): Path<String>, request: &Request, sent: Sent) -> Result<Response> {
    let app = &visit.app;
    let row = flows::invited(&app.authentication, &visit.ctx, &token, &visit.peer).await?;
    let p = visit.page("sign-in").titled("accounts-invitation-title");
    if sent.get("new") != sent.get("again") {
        let differs = FieldError { field: "again".to_owned(), refusal: Refusal::new("password.differs") };
        let page = Accepting::of(&visit, p.refused(vec![differs]), row, &token, sent.get("code")).await?;
        return Again::refused().show(&page);
    }
    let guest = Guest {
        chosen: sent.get("new").to_owned(),
        code: sent.get("code").to_owned(),
        peer: &visit.peer,
        kind: SessionKind::Cookie,
        browser: visit.browser.clone(),
        replaces: session_cookie::get(request),
    };
    match flows::accept(&app.authentication, &visit.ctx, &token, guest).await {
        Ok(opened) => entered(&p, app, &opened, "/desk").await,
        Err(Error::Invalid(errors)) => {
            let page = Accepting::of(&visit, p.refused(errors), row, &token, sent.get("code")).await?;
            Again::refused().show(&page)
        }
        Err(other) => Err(other),
    }
}

/// Page with the link of an invitation or its code, for the administrator who hands it over.
#[derive(Template)]
#[template(path = "accounts/invited.html")]
struct Invited {
    p: Page,
    nav: Nav,
    lead: String,
    login: String,
    secret: String,
    how: String,
    copy: String,
    back: String,
}

/// Secret that is handed over, by the number of people that the invitation takes.
pub(super) enum Handed<'a> {
    /// Link that one person hands over.
    Link(&'a Invitation),
    /// Link that the first of two people hands over.
    Half(&'a Invitation),
    /// Code that the second of two people hands over: login of the account, code, instant until which it can be used.
    Code(&'a str, String, DateTime<Utc>),
}

/// The page with the secret. The page is the direct answer to the form: nothing keeps the secret for a second look.
pub(super) fn handed(signed: &Signed, what: Handed<'_>) -> Result<Response> {
    let p = signed.page("desk");
    let (word, login, secret, expires) = match what {
        Handed::Link(one) => {
            ("invited", one.login.as_str(), one.link(&signed.app.authentication.address), Some(one.expires))
        }
        Handed::Half(one) => ("invited-half", one.login.as_str(), one.link(&signed.app.authentication.address), None),
        Handed::Code(login, code, expires) => ("invited-code", login, code, Some(expires)),
    };
    let until = expires.map(|at| ("expires", p.system_moment(at)));
    let p = p.titled(match word {
        "invited-code" => "accounts-invited-code-title",
        _ => "accounts-invited-title",
    });
    html(&Invited {
        nav: signed.nav(Section::Accounts),
        lead: p.tr(&format!("accounts-{word}-lead"), &[("login", login.to_owned())]),
        how: p.tr(&format!("accounts-{word}-how"), until.as_slice()),
        copy: p.t(if word == "invited-code" { "accounts-invited-code-copy" } else { "accounts-invited-copy" }),
        back: p.href(&format!("/desk/accounts/{login}")),
        login: login.to_owned(),
        secret,
        p,
    })
}
