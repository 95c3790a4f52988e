//! The link between an account and a name at the provider, as an administrator makes and removes it.

use askama::Template;
use poem::web::Path;
use poem::{Response, handler};

use super::account::{self, AccountState};
use crate::accounts::{commands, queries};
use crate::base::clock::day_of;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::sign_in::extract::Signed;
use crate::sign_in::pages::sign_on::name_of;
use crate::web::dates::day_long;
use crate::web::form::Sent;
use crate::web::page::Page;

/// Link of an account with the provider, as the page of the account shows it.
#[derive(Template)]
#[template(path = "accounts/_link.html")]
pub struct Link {
    p: Page,
    action: String,
    title: String,
    /// Day since which the account is linked; empty where it is not linked.
    since: String,
    /// Name at the provider, as it was typed.
    subject: String,
    problem: String,
    /// Address of a new invitation to link; empty for none.
    invitation: String,
    /// Whether two people are needed to link the account.
    is_guarded: bool,
    propose: String,
}

impl Link {
    /// The present link of the account; none where the site has no provider.
    pub async fn read(signed: &Signed, p: &Page, standing: &AccountState, subject: &str) -> Result<Option<Self>> {
        let Some(provider) = &signed.app.authentication.single_sign_on else {
            return Ok(None);
        };
        let held = queries::sign_on_link(signed.app.stores.main.db(), standing.row.id).await?;
        Ok(Some(Self {
            action: p.href(&format!("/desk/accounts/{}/sign-on", standing.row.login)),
            title: name_of(provider, p),
            since: held.map(|held| day_long(p.locale, day_of(held.linked_at))).unwrap_or_default(),
            subject: subject.to_owned(),
            problem: p.error("subject").unwrap_or_default(),
            invitation: String::new(),
            is_guarded: standing.is_guarded(),
            propose: p.href(&format!("/desk/accounts/{}/access", standing.row.login)),
            p: p.clone(),
        }))
    }

    /// Adds an invitation to the page, which shows it only once.
    pub fn invited(&mut self, address: &str, code: &str) {
        self.invitation = format!("{address}/sign-in/provider?invitation={code}");
    }
}

/// Links the account: `POST /desk/accounts/{login}/sign-on`.
#[handler]
pub async fn link(signed: Signed, Path(login): Path<String>, sent: Sent) -> Result<Response> {
    let standing = AccountState::of(&signed, &login).await?;
    let provider = signed.app.authentication.single_sign_on.as_ref().ok_or(Error::NotFound("page"))?;
    let (issuer, subject) = (&provider.party.provider.issuer, sent.get("subject"));
    let store = &signed.app.stores.main;
    let done =
        store.write(Changes::Internal, async |tx| commands::link(tx, &signed.ctx, &login, issuer, subject).await).await;
    account::after(&signed, standing, done, "link", Some(&sent)).await
}

/// Removes the link: `POST /desk/accounts/{login}/sign-on/removal`.
#[handler]
pub async fn unlink(signed: Signed, Path(login): Path<String>) -> Result<Response> {
    let standing = AccountState::of(&signed, &login).await?;
    let done = signed.write(Changes::Internal, async |tx| commands::unlink(tx, &signed.ctx, &login).await).await;
    account::after(&signed, standing, done, "unlink", None).await
}

/// Invites the holder to link: `POST /desk/accounts/{login}/sign-on/invitation`. The answer is the page with the invitation,
/// which is shown only once.
#[handler]
pub async fn invite(signed: Signed, Path(login): Path<String>) -> Result<Response> {
    let standing = AccountState::of(&signed, &login).await?;
    signed.app.authentication.single_sign_on.as_ref().ok_or(Error::NotFound("page"))?;
    match signed.write(Changes::Internal, async |tx| commands::invite_sign_on(tx, &signed.ctx, &login).await).await {
        Ok(code) => account::invited(&signed, standing, &code).await,
        Err(error) => account::after(&signed, standing, Err(error), "", None).await,
    }
}
