//! Flows of accounts: work of several steps around a command. A flow opens its transactions itself, because hashing a password
//! takes too long for a transaction, and because a refused attempt is recorded although nothing else is written.

use std::sync::Arc;

use entity::account;
use entity::id::AccountId;
use entity::stored::SessionKind;
use sea_orm::DatabaseTransaction;

use super::commands::{Acceptance, NewAccount, accept_invitation, add_account_hashed, check_new, may_make};
use super::queries;
use crate::audit;
use crate::base::ctx::{Actor, Ctx};
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::base::main_store::Changes;
use crate::sign_in::queries::staff;
use crate::sign_in::second_factor::recovery;
use crate::sign_in::session::{self, Opened};
use crate::sign_in::{Authentication, password};

/// Makes an account with its password. The operator's command line does so, and may give roles too. A system administrator
/// normally invites instead ([`super::commands::invite_account`]), and cannot give roles.
///
/// # Errors
/// As [`add_account_hashed`]; `Invalid` for a password that is too weak.
pub async fn add_account(
    authentication: &Authentication,
    ctx: &Ctx,
    new: NewAccount,
    password: String,
) -> Result<AccountId> {
    may_make(ctx, &new)?;
    let mut problems = Problems::default();
    let words = check_new(&mut problems, &new);
    if let Err(Error::Invalid(errors)) =
        password::check(&authentication.blocklist, "password", &words.about(), &password)
    {
        errors.into_iter().for_each(|e| problems.add(e.field, e.refusal));
    }
    problems.finish()?;
    let hash = password::hash(password).await?;
    authentication.main.write(Changes::Internal, async |tx| add_account_hashed(tx, ctx, new, hash).await).await
}

/// The account for which an invitation was made. A void invitation is recorded as a refused sign-in, with the network of the
/// client.
///
/// # Errors
/// `account.invitation` where the invitation was used, was replaced, is too old or never existed.
pub async fn invited(authentication: &Authentication, ctx: &Ctx, token: &str, peer: &str) -> Result<account::Model> {
    let store = &authentication.main;
    if let Some(row) = queries::invited(store.db(), token, ctx.system).await? {
        return Ok(row);
    }
    audit::refusals::note(store, ctx, "", peer).await?;
    Err(Error::conflict("account.invitation"))
}

/// Holder who accepts an invitation.
pub struct Guest<'a> {
    /// Password that the holder chose.
    pub chosen: String,
    /// Code of the second person, where two invited; else empty.
    pub code: String,
    /// Network of the client, for limits and records.
    pub peer: &'a str,
    /// Kind of the session: in a browser or a program.
    pub kind: SessionKind,
    /// Browser of the session in words.
    pub browser: String,
    /// Token that the browser held before. Its session ends, because nobody could end it later.
    pub replaces: Option<String>,
}

/// Accepts an invitation: the holder chooses a password and is signed in as far as a password goes.
///
/// # Errors
/// As [`invited`]; `Invalid` for the password, for the code (`account.invitation_code`), and where the account may sign in only
/// through the provider.
pub async fn accept(authentication: &Authentication, ctx: &Ctx, token: &str, guest: Guest<'_>) -> Result<Opened> {
    let store = &authentication.main;
    let Guest { chosen, code, peer, kind, browser, replaces } = guest;
    let row = invited(authentication, ctx, token, peer).await?;
    authentication.check_local(&row.login)?;
    let wanted = queries::invitation(store.db(), row.id).await?.and_then(|row| row.code_hash);
    if wanted.is_some_and(|wanted| wanted != session::hash(&recovery::plain(&code))) {
        audit::refusals::note(store, ctx, &row.login, peer).await?;
        return Err(Error::field("code", Refusal::new("account.invitation_code")));
    }
    password::check(&authentication.blocklist, "new", &[&row.login, &row.name, &row.office], &chosen)?;
    let hash = password::hash(chosen).await?;
    let staff = staff(store.db(), &row).await?;
    let ctx = ctx.by(Actor::Staff(Arc::new(staff)));
    let acceptance = Acceptance { account: &row, token, password_hash: hash, kind, browser, replaces };
    let work = async |tx: &DatabaseTransaction| accept_invitation(tx, &ctx, authentication, acceptance).await;
    store.write(Changes::Internal, work).await
}
