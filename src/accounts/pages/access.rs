//! Access changes that take two people: their proposal, confirmation and refusal on the page of the account.

use entity::account;
use poem::web::Path;
use poem::{Response, handler};

use super::account::{AccountState, after};
use super::invitation::{Handed, handed};
use crate::accounts::commands::{self, Wanted};
use crate::accounts::pages::access_notices::words;
use crate::accounts::{access_changes, queries};
use crate::base::access::Act;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::sign_in::extract::Signed;
use crate::web::dates::moment_long;
use crate::web::form::Sent;
use crate::web::page::Page;

/// Access change that waits for its second person, as the page of the account shows it.
pub struct WaitingChange {
    /// Access change in words.
    pub text: String,
    /// Sentence about the proposer, the instant of the proposal, and the instant at which it lapses.
    pub by: String,
    /// Address for the confirmation; empty where the reader may not confirm.
    pub confirm: String,
    /// Address for the refusal; empty where the reader may not refuse.
    pub refuse: String,
    /// Whether the reader proposed the change.
    pub is_own: bool,
}

impl WaitingChange {
    /// The proposal that waits for this account; none where none waits.
    pub async fn read(signed: &Signed, p: &Page, row: &account::Model) -> Result<Option<Self>> {
        let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
        let Some(found) = access_changes::waiting(db, row.id, ctx.now).await? else {
            return Ok(None);
        };
        let names = queries::names(db, found.proposed_by).await?;
        let by = [
            ("name", found.proposed_by.and_then(|id| names.get(&id).cloned()).unwrap_or_default()),
            ("at", moment_long(p.locale, found.proposed_at)),
            ("until", moment_long(p.locale, found.proposed_at + access_changes::PROPOSAL_LIFETIME)),
        ];
        let is_own = found.proposed_by == ctx.account();
        let is_theirs = ctx.account() == Some(row.id);
        let at = |noun: &str| p.href(&format!("/desk/accounts/{}/access/{}/{noun}", row.login, found.id.0));
        let may = ctx.may(Act::ConfirmAccess);
        Ok(Some(Self {
            text: words(p, found.kind, &found.subject),
            by: p.tr("accounts-access-by", &by),
            confirm: if may && !is_own && !is_theirs { at("confirmation") } else { String::new() },
            refuse: if may { at("refusal") } else { String::new() },
            is_own,
        }))
    }
}

/// Proposes a change: `POST /desk/accounts/{login}/access`. The answer is the page with the link, which is shown only once.
#[handler]
pub async fn propose(signed: Signed, Path(login): Path<String>, sent: Sent) -> Result<Response> {
    let standing = AccountState::of(&signed, &login).await?;
    let kind = sent.get("kind").parse().map_err(|_| Error::NotFound("page"))?;
    let wanted = Wanted { kind, subject: sent.get("subject").to_owned() };
    let work =
        async |tx: &_| commands::propose_access(tx, &signed.ctx, &signed.app.authentication, &login, wanted).await;
    match signed.write(Changes::Internal, work).await {
        Ok(proposed) => match proposed.link {
            Some(invitation) => handed(&signed, Handed::Half(&invitation)),
            None => after(&signed, standing, Ok(()), "access", None).await,
        },
        Err(error) => after(&signed, standing, Err(error), "", Some(&sent)).await,
    }
}

/// Confirms a change: `POST /desk/accounts/{login}/access/{number}/confirmation`. The answer is the page with the code, which is
/// shown only once.
#[handler]
pub async fn confirm(signed: Signed, Path((login, number)): Path<(String, i64)>) -> Result<Response> {
    signed.ctx.require(Act::ConfirmAccess)?;
    let standing = AccountState::read(&signed, &login).await?;
    let work = async |tx: &_| commands::confirm_access(tx, &signed.ctx, &login, number).await;
    match signed.write(Changes::Internal, work).await {
        Ok(done) => match done.code {
            Some(code) => handed(&signed, Handed::Code(&login, code, done.expires)),
            None => after(&signed, standing, Ok(()), "access-confirmation", None).await,
        },
        Err(error) => after(&signed, standing, Err(error), "", None).await,
    }
}

/// Refuses a change: `POST /desk/accounts/{login}/access/{number}/refusal`.
#[handler]
pub async fn refuse(signed: Signed, Path((login, number)): Path<(String, i64)>) -> Result<Response> {
    signed.ctx.require(Act::ConfirmAccess)?;
    let standing = AccountState::read(&signed, &login).await?;
    let done = signed
        .write(Changes::Internal, async |tx| commands::refuse_access(tx, &signed.ctx, &login, number).await)
        .await;
    after(&signed, standing, done, "access-refusal", None).await
}
