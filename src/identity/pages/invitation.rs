//! An invitation: as its holder opens it, and as the administrator gets it to hand over.

use askama::Template;
use entity::account;
use entity::stored::SessionKind;
use poem::web::Path;
use poem::{Request, Response, handler};

use super::sign_in::entered;
use super::{Again, links};
use crate::error::{Error, FieldError, Refusal, Result};
use crate::identity::commands::{self, Guest, Invitation};
use crate::identity::cookie;
use crate::identity::extract::{Signed, Visit};
use crate::identity::nav::{Nav, Section};
use crate::identity::queries;
use crate::web::dates::moment_long;
use crate::web::form::Sent;
use crate::web::page::{Page, html};

#[derive(Template)]
#[template(path = "identity/invitation.html")]
struct Accepting {
    p: Page,
    links: Vec<(String, String)>,
    login: String,
    name: String,
    office: String,
    action: String,
}

impl Accepting {
    fn of(p: Page, row: account::Model, token: &str) -> Self {
        let action = p.href(&format!("/invitations/{token}"));
        Self { links: links(&p), p, login: row.login, name: row.name, office: row.office, action }
    }
}

/// `GET /invitations/{token}`
#[handler]
pub async fn show(visit: Visit, Path(token): Path<String>) -> Result<Response> {
    // Looking at a page leaves no trace; sending its form does.
    let app = &visit.app;
    let found = queries::invited(app.stores.main.db(), &token, app.clock.system()).await?;
    let row = found.ok_or_else(|| Error::conflict("account.invitation"))?;
    let p = visit.page("sign-in").titled("identity-invitation-title");
    html(&Accepting::of(p, row, &token))
}

/// `POST /invitations/{token}`
#[handler]
pub async fn accept(visit: Visit, Path(token): Path<String>, request: &Request, sent: Sent) -> Result<Response> {
    let app = &visit.app;
    let row = commands::invited(app, &token, &visit.peer).await?;
    let p = visit.page("sign-in").titled("identity-invitation-title");
    if sent.get("new") != sent.get("again") {
        let differs = FieldError { field: "again".to_owned(), refusal: Refusal::new("password.differs") };
        return Again::refused().show(&Accepting::of(p.refused(vec![differs]), row, &token));
    }
    let guest = Guest {
        chosen: sent.get("new").to_owned(),
        peer: &visit.peer,
        kind: SessionKind::Cookie,
        browser: visit.browser.clone(),
        replaces: cookie::get(request),
    };
    match commands::accept(app, &token, guest).await {
        Ok(opened) => entered(&p, app, &opened, "/desk").await,
        Err(Error::Invalid(errors)) => Again::refused().show(&Accepting::of(p.refused(errors), row, &token)),
        Err(other) => Err(other),
    }
}

/// The link of an invitation, for the administrator who hands it over.
#[derive(Template)]
#[template(path = "identity/invited.html")]
struct Invited {
    p: Page,
    nav: Nav,
    lead: String,
    login: String,
    link: String,
    expires: String,
    back: String,
}

/// The page with the link. It is the answer to the form itself: nothing keeps the link for a second look.
pub(super) fn handed(signed: &Signed, invitation: &Invitation) -> Result<Response> {
    let p = signed.page("desk").titled("identity-invited-title");
    html(&Invited {
        nav: signed.nav(Section::Accounts),
        lead: p.tr("identity-invited-lead", &[("login", invitation.login.clone())]),
        link: invitation.link(&signed.app.config),
        expires: moment_long(p.locale, invitation.expires),
        back: p.href(&format!("/desk/accounts/{}", invitation.login)),
        login: invitation.login.clone(),
        p,
    })
}
